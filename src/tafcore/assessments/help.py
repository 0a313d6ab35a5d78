"""How assessments are written, and visits and children's words recorded."""

from tafcore.contributions import HelpPage

PAGES = (
    HelpPage(
        key="assessment",
        title="Write an Early Help Assessment",
        when="Early help has opened, and the family and you find out together what would help.",
        permission="assessments.write",
        steps=(
            "Press *Assessment* on the family's page, then *Start the assessment*. The last one stays beside it.",
            "Press *Write* at a child or at the whole family. Each section is saved for itself: somebody else can"
            " write in another one meanwhile. If both of you wrote in the same one, you see both texts.",
            "*Known already* offers what was said before, with who said it. *Keep this from the family* needs a"
            " reason.",
            "Press *Ask those who know them*: school, health visitor and others answer three short questions, in place"
            " or by a link that shows a first name and nothing more. Who has not answered is listed.",
            "*Add a need* in the family's words, and say what it is about. The plan takes it over.",
            "Go through the family's copy with them, and press *Record their view*.",
            "Press *Check and send to the manager*. Say why, where a child was not heard, not seen at home or not"
            " written about.",
        ),
        after="The manager signs it, and the plan takes over its needs word for word. Or it comes back to you with"
        " comments.",
        family="Their copy in their own words, without what you keep from them. Each sees only their own view of it.",
        shows="The assessment of a family: each child's part, then the whole family's, the needs and what is missing.",
        endpoints=(
            "assessments.assessment",
            "assessments.earlier",
            "assessments.write",
            "assessments.add_need",
            "assessments.ask_partners",
            "assessments.record_opinion",
            "assessments.send",
            "assessments.decide",
            "assessments.print_out",
        ),
        order=25,
    ),
    HelpPage(
        key="three-questions",
        title="Answer three questions about a child",
        when="Somebody writes an assessment, and you know one of the children.",
        permission="assessments.answer",
        steps=(
            "On your work press *Answer* at *Three short questions for an assessment*.",
            "Say of each child: *I know this child, and answer*, *I do not know this child*, or"
            " *I know this child, and cannot answer* and why.",
            "A few words are enough. Say whether the family may read what you wrote.",
            "Press *Send your answer*.",
        ),
        after="It stands beside the assessment with your name. You can add to it until the assessment is signed.",
        family="What you say they may read, with your name. The rest stays between those who help.",
        shows="The three questions about a child, each with a box, and who may read the answers.",
        endpoints=("assessments.answer",),
        order=25,
    ),
    HelpPage(
        key="visit",
        title="Record a visit",
        when="You saw the children, or tried to.",
        permission="visits.record",
        steps=(
            "On the family's page press *Visit*. Say when and where.",
            "Say of each child: seen alone, seen with others there, or not seen and why not. A meeting or a"
            " video call is"
            " not seeing a child.",
            "Open *What* the child *said*, or for a baby *how* they were, and write it there.",
            "Press *Save visit*.",
        ),
        after="The child's next date moves on. What they said stands under *What children said, and what we did*.",
        family="They see that children were seen. Words are shown only as far as the child agreed, or a worker decided"
        " with a reason.",
        shows="The form of a visit, with each child seen alone, with others or not.",
        endpoints=("assessments.record_visit", "assessments.visits"),
        tour=frozenset({"practitioner"}),
        order=26,
    ),
    HelpPage(
        key="childs-words",
        title="Record what a child said",
        when="A child told or showed you how they are, or you watched a baby.",
        permission="visits.record",
        steps=(
            "On the family's page press *A child's words*, and choose the child.",
            "The form fits their age: watching for a baby, with whom and how they were; *Three houses* and faces for a"
            " small child; their own words and a number for others. *By watching*, *Three houses* and"
            " *In their own words* are there at every age.",
            "Write in each box exactly what was said, and who was in the room.",
            "Say who may hear it. If the child was not asked, nobody in the family hears it.",
            "Words that suggest harm, in whichever box, stay between workers, and somebody looks at them today.",
        ),
        after="Come back with *Say what we did* once something was done about it, and tell the child. What they said on"
        " scales, at meetings too, stands as a picture and as a table.",
        family="Their words, only as far as the child agreed, or a worker decided with a reason.",
        shows="What a child said on their own scale over time, and below it their words with what was done about them.",
        endpoints=(
            "assessments.voices",
            "assessments.record_voice",
            "assessments.respond",
            "assessments.set_hearing",
        ),
        order=26,
    ),
    HelpPage(
        key="children-to-see",
        title="See which children were not seen or heard",
        when="You lead or manage families and want to know whom to visit first.",
        permission="visits.list",
        steps=(
            "Open *Children to see and hear* from the list of families, from *Drift* or from your work.",
            "Choose what to show, the team and the order. *Never heard* lists each child of whom no words are on"
            " record.",
            "Press *Record a visit* or *Record what they said*.",
        ),
        after="The child goes from the list once they were seen, or heard.",
        family="They never see this list.",
        shows="Children with when each was last seen face to face, when they are due, and when they were last heard.",
        endpoints=("assessments.children",),
        order=27,
    ),
)
