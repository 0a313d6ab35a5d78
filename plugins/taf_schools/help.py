"""How a school sees its pupils with early help."""

from tafcore.api import HelpPage

PAGES = (
    HelpPage(
        key="pupils",
        title="See your pupils with early help",
        when="You are the safeguarding lead of a school, and the borough has switched schools on.",
        permission="schools.pupils",
        steps=(
            "Choose *See who* on my work. You see your own school's pupils and who helps them.",
            "Open *School and attendance* to put right the school, the year or special educational needs.",
            "The year goes up by itself every September. A place ends after nursery, Year 6, Year 11 and Year 13, "
            "unless somebody enters that the child stays; their lead is asked for the next school from July on.",
            "Enter attendance as sessions possible and missed and press *Save attendance*.",
        ),
        after="Attendance is a measure that a plan can carry; it moves by itself.",
        family="They know that the school sees this: it stands on the page of who can see them, and why.",
        shows="A school's pupils with early help: year, special educational needs, attendance.",
        endpoints=("schools.pupils", "schools.pupil", "schools.attendance"),
        order=110,
    ),
)
