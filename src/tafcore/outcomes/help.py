"""How the Board's figures are read."""

from tafcore.contributions import HelpPage

PAGES = (
    HelpPage(
        key="board",
        title="Read the Board's figures",
        when="You ask: is anyone better off?",
        permission="outcomes.read",
        steps=(
            "Open *Outcomes*. Choose the half-year, and the day whose knowledge the figures show.",
            "The page answers the Board's five questions in order. Under each figure stands what it counts and"
            " of whom.",
            "Three judges stand side by side: the lead professional, the family, and a measure.",
            "*How to read these figures* says what a range is and when a change is more than chance.",
            "*Figures as a file (CSV)* gives the same numbers for your own tables.",
        ),
        after="Figures small enough to name somebody are suppressed, and so are those that would give them away.",
        family="No figure names a family, and the Board opens no record.",
        shows="The Board's page: how many families met every need, as three judges see it, and the trend.",
        endpoints=("outcomes.board",),
        tour=frozenset({"board_member", "early_help_manager", "auditor"}),
        order=70,
    ),
)
