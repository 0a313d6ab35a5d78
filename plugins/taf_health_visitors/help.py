"""How the reviews of young children are kept."""

from tafcore.api import HelpPage

PAGES = (
    HelpPage(
        key="health-reviews",
        title="Keep the five health reviews",
        when="You are a health visitor, or help a family with a child under five.",
        permission="health_visitors.children",
        steps=(
            "Choose *All children under five* on my work. What is due first stands first; missed reviews are named.",
            "Open a child to record a review: done, or missed and why. Scores are entered, never questions.",
            "When a child starts school, choose *Hand over* to school nursing and say what they must know.",
        ),
        after="School nursing says that they have read the hand-over; until then it waits on a list.",
        family="Reviews are the child's own record. A family sees that they were done.",
        shows="Children under five with the review that is due for each.",
        endpoints=(
            "health_visitors.children",
            "health_visitors.child",
            "health_visitors.review",
            "health_visitors.hand_over",
        ),
        order=111,
    ),
)
