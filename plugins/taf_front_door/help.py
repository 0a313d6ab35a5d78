"""How the queue of contacts is worked."""

from tafcore.api import HelpPage

PAGES = (
    HelpPage(
        key="triage",
        title="Work the queue of contacts",
        when="You look after whatever has reached the door.",
        permission="front_door.queue",
        steps=(
            "Open *Front door*. What is for today and what is already open stand first, with whom to ring; then what is"
            " due.",
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
    HelpPage(
        key="one-off-link",
        title="Ask a professional for a contact by a link",
        when="A teacher, nurse or other professional without an account is to tell you of a child in writing.",
        permission="front_door.send_links",
        steps=(
            "On the front door's queue, or on your work, open *One-off links*.",
            "Type *Their name*, *Their organisation* and what they are.",
            "Type *Their work e-mail*, or leave it empty to copy the link and send it yourself.",
            "Press *Make the link*. It is shown once.",
            "*Links that were sent* says whether it was opened and what came of it. *Withdraw* ends it at once.",
        ),
        after="What they send joins your team's queue like any contact, as told by them. They are given"
        " a reference and a code, and see with them how it stands.",
        family="Nothing is sent to the family. The form asks how they can be reached safely and what they know.",
        shows="The page that makes a link: whom it is for, and below it the links that were sent and how each stands.",
        endpoints=("front_door.sent",),
        order=12,
    ),
)
