"""How a lead professional is named, a team grows and notes are written."""

from tafcore.contributions import HelpPage

PAGES = (
    HelpPage(
        key="name-lead",
        title="Name a lead professional",
        when="Early help is open, and one person is to bring it together.",
        permission="episodes.nominate",
        steps=(
            "Open the family and choose *Name one* under Next and late, or *Change the lead professional*.",
            "Choose whoever is best placed. Say why, what the family say about the choice, and name who covers when"
            " they are away. Where somebody leads already, write a *Hand-over note* and say what happens to"
            " *Their own open actions*.",
            "Press *Ask them*.",
        ),
        after="They say yes or no on their my work. Whoever leads goes on until then; where nobody does, the family"
        " stays on the manager's list of families without a lead professional, with how long. After a hand-over what"
        " the family agreed to is asked again that day.",
        family="The lead professional and the cover are named on the family's page and copy, each with a number"
        " to ring.",
        shows="The form that names a lead professional, with reason, cover and the family's say.",
        endpoints=("episodes.nominate", "episodes.name_cover", "episodes.end_lead"),
        tour=frozenset({"early_help_manager"}),
        order=20,
    ),
    HelpPage(
        key="answer-nomination",
        title="Say whether you will lead",
        when="You are asked to be a family's lead professional.",
        permission="episodes.work",
        steps=(
            "Open my work and choose *Answer*.",
            "Read why you are asked and who covers for you.",
            "Say yes, or no with a reason, and press *Send my answer*.",
        ),
        after="With a yes the whole record opens to you, and the dates you keep appear under Next and late.",
        family="From then on they see your name and your work telephone under *Who helps*.",
        shows="The question whether you will lead, with why you were asked.",
        endpoints=("episodes.answer",),
        tour=frozenset({"practitioner"}),
        order=21,
    ),
    HelpPage(
        key="team",
        title="Add somebody to the team",
        when="Another agency helps too, or is about to.",
        permission="episodes.work",
        steps=(
            "On the family's page choose *Add somebody to the team*.",
            "Find them by name, agency or job, or write down an outside professional. Say what they do for this family,"
            " how often they see whom, and which children they know.",
            "For somebody without an account choose *Yes, send them a link*: it asks what they can do, and shows first"
            " names alone. Tick *They may choose to have an account* where they need to see what the team sees.",
            "Press *Add to the team*. When somebody stops helping, choose *Somebody has left the team*.",
            "*Who does what* shows everybody with their own words; each writes theirs with *Say what I do*.",
        ),
        after="They are told, and see this family and no other. When they leave, their sight of it ends at once, and so"
        " does an account that was made for the team.",
        family="The team is shown to the family, except what a safety rule keeps from somebody.",
        shows="The form that adds a colleague of another agency to the team around the family.",
        endpoints=("episodes.add_member", "episodes.team", "episodes.describe_role", "episodes.offer_account"),
        order=22,
    ),
    HelpPage(
        key="leads",
        title="See who leads how many families, and record training",
        when="You look for somebody who can lead one more family, or training was given.",
        permission="accounts.training",
        steps=(
            "Under Families (administrators: Accounts) choose *Lead professionals by agency*: agencies stand"
            " there with the families they lead.",
            "Choose an agency, or search for somebody by name, job or agency. *Families of* narrows it to an area.",
            "Choose *Record training*, write when it was, and press *Record the training*. Left empty, its end is what"
            " the practice standard says.",
        ),
        after="Their training, with its end, stands wherever somebody is chosen to lead. Before it ends they are told,"
        " and so are you.",
        family="Nothing: families are counted here, and none is named.",
        shows="Agencies with the families they lead, the people who lead them and how many are trained.",
        endpoints=("episodes.leads", "episodes.train"),
        order=23,
    ),
    HelpPage(
        key="note",
        title="Write a note in two touches",
        when="A call, a text, a conversation or a try: while you still remember.",
        permission="episodes.work",
        steps=(
            "On the family's page press *Note*, choose what it was and write what was said or done.",
            "Press *Save the note*. For whom it was about, with whom and what was decided choose"
            " *A longer note: about whom, with whom, what was decided*.",
        ),
        after="It is in the chronology, with your name and the time.",
        family="Notes are never shown while the family may be looking.",
        shows="The longer form of a note, with whom it was about and what was decided.",
        endpoints=("episodes.write_note",),
        tour=frozenset({"practitioner", "guest"}),
        order=24,
    ),
)
