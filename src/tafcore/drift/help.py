"""How drift is read."""

from tafcore.contributions import HelpPage

PAGES = (
    HelpPage(
        key="drift",
        title="See where help has stopped moving",
        when="You lead or manage families and want to know which need you most.",
        permission="drift.read",
        steps=(
            "Open *Drift*. Each line is a rule that fired, said with its facts and dates. It is never a score.",
            "Open the family and do what the sentence says is missing.",
        ),
        after="The sentence goes when the facts change.",
        family="They never see these words.",
        shows="Families of whom a rule has something to say, each with the sentence.",
        endpoints=("drift.drift",),
        tour=frozenset({"early_help_manager"}),
        order=60,
    ),
)
