"""How hubs arrange sessions and keep registers."""

from tafcore.api import HelpPage

PAGES = (
    HelpPage(
        key="hub-sessions",
        title="Arrange sessions and keep the register",
        when="Something is on at a family hub or one of its sites.",
        permission="family_hubs.read",
        steps=(
            "Open *Family hubs*: each hub, its sites and what is on.",
            "*Arrange a session* at a site of your own hub: what, when, for whom, how many.",
            "On the day open the session, find people by name and press *Keep the register*.",
        ),
        after="Who came is counted for the Board. A family that is known is found before a second record is made.",
        family="Registers tell no grown-up's age, and nobody who must not learn of it sees who came.",
        shows="The family hubs of the borough with their sites and what is on.",
        endpoints=("family_hubs.hubs", "family_hubs.hub", "family_hubs.arrange", "family_hubs.register"),
        order=113,
    ),
)
