"""How notices are read, dealt with and heard of by mail."""

from tafcore.contributions import HelpPage

PAGES = (
    HelpPage(
        key="notices",
        title="Read your notices",
        when="The menu shows a number beside Notices, or a mail says that something waits for you.",
        permission="notices.own",
        steps=(
            "*Notices* in the menu lists what happened that you or your team should know of. What nobody has opened"
            " is *New*.",
            "Open one to read it and to go to its record. *Mark as done* takes it off the list; *Not done after all*"
            " brings it back.",
            "Choose what to *Show*, or search for words or a reference.",
            "*How you hear of them by mail* lets you choose: *At once*, *Once a day* in the morning, or *No mails*."
            " Where somebody may come to harm you get one at once.",
        ),
        after="One to your team that somebody has dealt with is dealt with for all of you.",
        family="Nothing. A notice about a family that you no longer see stays in the list and says nothing of it.",
        shows="The list of notices with what each is about, when it came, and whether it is new, opened or done.",
        endpoints=("inbox.listing", "inbox.message", "inbox.mails"),
        order=12,
    ),
)
