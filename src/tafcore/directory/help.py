"""How services are looked up, and how the directory is kept."""

from tafcore.contributions import HelpPage

PAGES = (
    HelpPage(
        key="find-service",
        title="Find a service",
        when="You want to know where a family can go, what it costs in waiting, or to print a slip about it.",
        permission="directory.read",
        steps=(
            "Open *Services*. Search by what it is, what it is called or whose it is.",
            "Order the list by *Shortest wait* where time matters.",
            "Press a service's name: what you see is the slip. Print it, or read it out.",
        ),
        after="A contact that is answered with *Pointed to a service* offers the same services, those first that suit"
        " the family.",
        family="The slip says what the directory says, and nothing of the family: not even whom it was printed for.",
        shows="The list of services with ages, place, opening hours and waiting time.",
        endpoints=("directory.listing", "directory.slip"),
        order=60,
    ),
    HelpPage(
        key="keep-services",
        title="Keep the directory of services",
        when="A service begins, ends, opens at other hours or tells you how long people wait now.",
        permission="directory.keep",
        steps=(
            "Open *Services* and press *Add a service*, or *Change* beside one that is there.",
            "Under *When is it open?* write the hours of each day as you would say them: 9:30 to 12, 1pm to 5pm. Leave"
            " a day blank on which it is closed.",
            "Answer *How many days do people wait?* whenever somebody tells you: 0 where nobody waits. Order the list"
            " by *Told longest ago* to see whom to ring.",
            "Press *Close the service* when it takes nobody any more, and say why. It is offered to no family from"
            " then on.",
        ),
        after="Whoever answers a contact is offered it at once: the ages, the place, the hours and the wait decide what"
        " stands first. A closed service is listed under *Closed for good*, and can be opened again.",
        family="What you write under *What is it?* is printed on the slip that families take away.",
        shows="The form for a service: its ages, place, hours for each day of the week and waiting time.",
        endpoints=("directory.new", "directory.change", "directory.close"),
        order=61,
    ),
)
