"""How the queue of contacts is worked."""

from tafcore.api import HelpPage

PAGES = (
    HelpPage(
        key="triage",
        title="Work the queue of contacts",
        when="You look after whatever has reached the door.",
        permission="front_door.queue",
        steps=(
            "Open *Front door*. What is due first stands first; late is said in words.",
            "*Take it*, or tick several and *Give to them*: a colleague of the team.",
            "*Look* is the first look: how urgent, and what level of need it seems.",
            "Then speak with the family and answer. Every line carries its next step.",
        ),
        after="Whoever has a contact finds it on their my work until it is answered and whoever told us has been told.",
        family="Nothing is sent to the family from here.",
        shows="The front door's queue: who a contact is about, what they want, what it waits for and who has it.",
        endpoints=("front_door.waiting",),
        tour=frozenset({"front_door"}),
        order=11,
    ),
)
