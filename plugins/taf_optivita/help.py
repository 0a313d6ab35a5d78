"""How the first thousand days are offered and followed."""

from tafcore.api import HelpPage

PAGES = (
    HelpPage(
        key="first-days",
        title="Offer OptiVita and follow the first thousand days",
        when="A child is expected, or under five, and lives where OptiVita is offered.",
        permission="optivita.children",
        steps=(
            "Choose *All children* on my work: children you see who have it or may have it, the unborn included.",
            "Choose *Record an offer, enrolment or leaving*. A no is an answer, and is asked about again later.",
            "*Record a visit or session* keeps the timeline up to date.",
        ),
        after="The timeline shows what was offered and what is due until the child is five.",
        family="They are told what OptiVita is before they say yes or no.",
        shows="Children who have OptiVita or may have it, with what is next for each.",
        endpoints=("optivita.children", "optivita.child", "optivita.step", "optivita.touchpoint"),
        order=114,
    ),
)
