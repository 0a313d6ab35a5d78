"""How TAF meetings are arranged, held and shared."""

from tafcore.contributions import HelpPage

PAGES = (
    HelpPage(
        key="arrange-meeting",
        title="Arrange a meeting",
        when="The next TAF meeting is due, or the family want one.",
        permission="meetings.schedule",
        steps=(
            "Open *Meetings* on the family's page and press *Arrange a meeting*. The day it is due is filled in.",
            "Choose who of the family it is for. Nobody is ticked for you: with a safety rule, people who must not meet"
            " have meetings of their own. Where somebody lives apart, *Whom is it for?* makes it a meeting of that"
            " household: its agenda and plan are about those who live or stay there.",
            "Book an interpreter if one is needed, a professional and never a child or relative.",
            "Press *Look for conflicts* to see who is busy or away, and whether schools are closed.",
            "Press *Arrange the meeting*.",
            "Somebody joins or leaves later: open the meeting and press *Change who is invited*.",
        ),
        after="The team is invited by mail, with a file for their calendar that says Meeting and nothing more. Who"
        " cannot come is asked for 90 seconds of words; who has no account answers by a link of their own."
        " An interpreter who is not booked waits on your list. Who leaves the team is taken off by itself.",
        family="Press *Invite the family, and ask whom they want there*: each as they wish, in their language."
        " Messages leave only where that is safe.",
        shows="The form that arranges a meeting, with the family's members to choose from and the team ticked.",
        endpoints=(
            "meetings.schedule_page",
            "meetings.move_page",
            "meetings.family",
            "meetings.overview",
            "meetings.interpreters_page",
            "meetings.interpreter_page",
            "meetings.invite_family",
            "meetings.change_invited",
        ),
        order=32,
    ),
    HelpPage(
        key="hold-meeting",
        title="Hold a TAF meeting on one screen",
        when="Everybody is in the room, and you take the record.",
        permission="meetings.hold",
        steps=(
            "Open the meeting and press *Hold the meeting*. The page runs as the meeting does, from top to bottom.",
            "Tick who is here, the family first. Read out the words of those who could not come.",
            "Ask each for a number from 0 to 10 before anybody talks. A child may keep theirs from the room, and may"
            " give it before: *A child says how things are before the meeting*.",
            "Write lines under Worried about, Working well and Needs to happen, each about whom.",
            "Go through the plan: done, stuck, moved, not needed; rate each goal. *Add an action*, *Add a goal* and"
            " *Add a need*, a line each: the goal under its need, the action under its goal, with who and by when.",
            "Say what was decided, the family's view and the next day. Press *Finish and make the record*.",
        ),
        after="What is missing is said before you finish: somebody invited, a child's voice, an action for a need."
        " Mend it or say why. Then record and family copy are ready. It counts as a TAF only if two agencies and a"
        " parent, carer or child took part.",
        family="They may watch the screen: it shows what the people here may have. What must not be shared is added"
        " afterwards with *Add a line not for sharing*.",
        shows="The screen of a meeting: who is here, words sent, the scale, three columns, the plan, what is decided.",
        endpoints=("meetings.hold_page", "meetings.beforehand_page"),
        tour=frozenset({"practitioner"}),
        order=33,
    ),
    HelpPage(
        key="share-record",
        title="Share the record of a meeting",
        when="The record is made; family and team are to have it within five working days.",
        permission="meetings.hold",
        steps=(
            "Open the meeting and press *Copies for the family*. Each person has their own, in their language:"
            " *Print (PDF)*, *Print in big letters (PDF)*, or *Read it, or choose a language*. Do it when you are alone"
            " with the screen, and give nobody the copy of another.",
            "Press *Say who has the record*, and choose for each how they got it. *Sent as a link to their own page*"
            " sends it now, to a phone or e-mail recorded as safe and as theirs alone; where none is, give it by hand.",
            "If the family do not have it yet, say why. Press *Save*.",
        ),
        after="It is on record who had it, when and how; and of the team and those with a page of their own, who"
        " has opened it and who has not yet.",
        family="Their copy says what was agreed and who does what by when, theirs first, when you meet next, whom to"
        " ring and who stands in for them. It holds no child's words that the child keeps from a parent, and says where"
        " no translator has checked its words yet.",
        shows="A meeting's page: when and where it is, who is invited, and what can be done next.",
        endpoints=(
            "meetings.page",
            "meetings.share_page",
            "meetings.withhold_page",
            "copies.show",
            "copies.one",
        ),
        order=34,
    ),
)
