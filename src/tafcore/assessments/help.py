"""How visits and children's words are recorded."""

from tafcore.contributions import HelpPage

PAGES = (
    HelpPage(
        key="visit",
        title="Record a visit, and what a child said",
        when="You saw the children, or tried to.",
        permission="visits.record",
        steps=(
            "On the family's page press *Visit*. Say when and where.",
            "Say of each child: seen alone, seen with others there, or not seen and why not. A meeting or a"
            " video call is"
            " not seeing a child.",
            "Write down a child's own words, word for word, and how you came by them. Of a baby write what you"
            " watched.",
            "Say who may hear these words. If the child was not asked, nobody in the family hears them.",
            "Press *Save visit*. Words without a visit: *A child's words*.",
        ),
        after="The child's next date moves on. Come back with *Say what we did* once something was done about what they"
        " said, and tell them.",
        family="They see that children were seen. Words are shown only as far as the child agreed, or a worker decided"
        " with a reason.",
        shows="The form of a visit, with each child seen alone, with others or not.",
        endpoints=(
            "assessments.record_visit",
            "assessments.visits",
            "assessments.voices",
            "assessments.record_voice",
            "assessments.respond",
            "assessments.set_hearing",
        ),
        tour=frozenset({"practitioner"}),
        order=26,
    ),
)
