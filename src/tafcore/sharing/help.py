"""How agreement, basis and sharing are recorded."""

from tafcore.contributions import HelpPage

PAGES = (
    HelpPage(
        key="sharing",
        title="Who can see this, and why",
        when="You want to know who sees a family's record, or somebody agrees, refuses or withdraws.",
        permission="sharing.read",
        steps=(
            "Open *Who can see this* on the family's page: everybody who can see it now, why, and when they"
            " last looked.",
            "*Record what they said* about help, person by person: what they were told and with whom they agree"
            " to share.",
            "Three things are three records: agreeing to help, the lawful basis for sharing, and each decision to share"
            " or not.",
            "*Withdraw* ends a sector's sight at once, later arrivals included.",
        ),
        after="An agreement is reviewed every six months and when the lead professional changes; the date is on"
        " the page.",
        family="They may see this page. It is the answer to: who knows about us?",
        shows="The page that names who can see a family, with the reason of each.",
        endpoints=("sharing.show", "sharing.agreement", "sharing.basis", "sharing.decision", "sharing.withdraw"),
        order=50,
    ),
)
