"""How agreement, basis and sharing are recorded, how a record is opened in an emergency, and who is kept out."""

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
            "From the day on which the duty to share holds, which *Practice standards* tells, it is offered first."
            " Whoever decides not to share says why sharing would be more detrimental to the child.",
            "*Withdraw* ends a sector's sight at once, later arrivals included.",
        ),
        after="An agreement is reviewed every six months and when the lead professional changes; the date is on"
        " the page.",
        family="They may see this page. It is the answer to: who knows about us?",
        shows="The page that names who can see a family, with the reason of each.",
        endpoints=("sharing.show", "sharing.agreement", "sharing.basis", "sharing.decision", "sharing.withdraw"),
        order=50,
    ),
    HelpPage(
        key="break-glass",
        title="Open a record in an emergency",
        when="A child needs you to know now, you do not see the family, and those who help them cannot be reached.",
        permission="sharing.break_glass",
        steps=(
            "Ring the duty line first. If somebody is in danger, ring 999.",
            "Choose *Open a record in an emergency*: under the search, on a contact about somebody who may be known, or"
            " on the page that says there is nothing you can see.",
            "Give the reference you were told. Say why it cannot wait, and in your own words what has happened and what"
            " the child needs. Press *Break the glass*.",
            "Read what you need. You change nothing by it: what you did is said by those who help, or in a contact.",
            "Choose *End it* in the red bar when you have what you need. It ends by itself after a day.",
        ),
        after="The family's managers, its lead professional and information governance are told at once. Each page you"
        " open is on record, and somebody else reviews whether it was right. *Nothing was opened* says nothing"
        " about whether there is such a family.",
        family="You are named under *Who can see this* while it is open.",
        shows="The questions asked before a record opens: which family, why now, and what the child needs.",
        endpoints=("sharing.break_glass", "record.open_pair", "contact_glass.ask"),
        order=55,
    ),
    HelpPage(
        key="review-break-glass",
        title="Review what was opened in an emergency",
        when="My work or a message says that a record was opened by break-glass.",
        permission="sharing.review_glass",
        steps=(
            "Choose *Review it* on my work, or in the list: *What others opened, to be reviewed*.",
            "Read why they opened it. Beside it stands *What was opened*: each page, how often, first and last.",
            "*End it now* if it should not be open a minute longer.",
            "Say whether it was justified and what you found, and press *Save the review*. Where it was not, write what"
            " was done about it; it then ends at once.",
        ),
        after="Whoever opened it hears. Nobody reviews their own. One that waits longer than the standard is late.",
        family="Where it was not justified, decide with the lead professional how the family is told.",
        shows="One break-glass: who, why in their words, what they opened, and the review to be written.",
        endpoints=("sharing.glass", "sharing.glass_list"),
        tour=frozenset({"information_governance"}),
        order=82,
    ),
    HelpPage(
        key="declare-conflict",
        title="Say that you are connected with a family",
        when="A family that you come upon is your own, or of a relative, a friend or a neighbour.",
        permission="sharing.declare",
        steps=(
            "On the family's page choose *Who can see this*, then *You are connected with this family yourself? Say"
            " so*. On a contact choose *You are connected with them? Say so*.",
            "Where you only know the reference, choose *You are connected with a family?* under the search.",
            "Choose how you are connected, *Say it in your own words*, and press *Send*.",
        ),
        after="Their record is closed to you at once, on every page and in every list. Where they are your own family"
        " it is closed to your team and its manager, too. Managers who may see it are told. You are told no more.",
        family="Ask who helps them instead. The family may ask who is kept out, and is answered by those who help.",
        shows="The questions: how you are connected, and in your own words.",
        endpoints=("sharing.declare_here", "sharing.declare", "sharing.declared", "contact_conflict.declare"),
        order=54,
    ),
    HelpPage(
        key="conflicts",
        title="Keep a worker out of a family they are connected with",
        when="You hear that a worker is connected with a family, or a message says that one was kept out.",
        permission="sharing.bar",
        steps=(
            "Choose *Record a conflict of interest* on *Who can see this*, or *Record one* in the list.",
            "Choose the worker and how they are connected, and write what is known of it. Say who else is kept out: of"
            " their own family always *Their team and its manager*. Press *Save and keep them out*.",
            "Look at who helps the family now. If they led it, name somebody else.",
            "Where no manager is left who may see it, a manager of elsewhere chooses *Manage it in their place*.",
            "To end it, open it and choose *Lift it* with the reason. It stays on record.",
        ),
        after="It counts at once, in open sessions too, and for both records where a family has two. Whoever is kept"
        " out is told nothing. Nobody leads or is in a team again when it is lifted.",
        family="They may be told that a worker they know is kept out, and by whom.",
        shows="The list of workers who are kept out, of which family, how they are connected, and since when.",
        endpoints=(
            "sharing.conflicts",
            "sharing.conflict",
            "sharing.record_conflict",
            "sharing.record_here",
        ),
        tour=frozenset({"information_governance"}),
        order=83,
    ),
)
