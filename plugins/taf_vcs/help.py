"""How voluntary organisations are asked, and answer."""

from tafcore.api import HelpPage

PAGES = (
    HelpPage(
        key="ask-voluntary",
        title="Ask a voluntary organisation for help",
        when="A family needs what a charity or group offers, or you work for one and are asked.",
        permission="vcs.read",
        steps=(
            "Open *Voluntary sector* and *What voluntary organisations offer*: what, for whom, how long the wait.",
            "On the family's page choose *Ask a voluntary organisation*. Say only what they must know, and"
            " press *Ask*.",
            "The organisation opens the request and presses *Answer*: yes, no with a reason, or a place on the list.",
            "*What helps meanwhile* keeps the wait from being empty. *It has begun* and *It has ended* stop the"
            " clocks.",
        ),
        after="Both sides see how long it waits. A wait without help meanwhile is on the Board's page, by service.",
        family="They agreed to be asked for. A request kept from somebody in the family is on no shared screen.",
        shows="Requests to voluntary organisations: for whom, asked of whom, how it stands and how long it waits.",
        endpoints=("vcs.requests", "vcs.directory", "vcs.ask", "vcs.show", "vcs.answer", "vcs.my_offers"),
        order=112,
    ),
)
