"""How the trail is read."""

from tafcore.contributions import HelpPage

PAGES = (
    HelpPage(
        key="trail",
        title="See who opened and changed records",
        when="Somebody asks who looked, or a change must be explained.",
        permission="trail.read",
        steps=(
            "Open *Trail*. Narrow it by day, person, family or kind and press *Show*.",
            "Openings say why the record could be opened; tries that were refused are there too.",
        ),
        after="Entries cannot be altered unnoticed: they are sealed into a chain every few seconds.",
        family="They may ask who has looked at their record; this is the answer.",
        shows="The trail: when, who, what, and about which record.",
        endpoints=("trail.show",),
        tour=frozenset({"auditor", "information_governance"}),
        order=80,
    ),
)
