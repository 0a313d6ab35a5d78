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
    HelpPage(
        key="put-off",
        title="Put off what waits for you",
        when="Something in your work cannot be done yet, and there is a good reason.",
        permission="notices.own",
        steps=(
            "Press *Put off* beside it in your work, say why, and choose the day on which it is back: a month ahead at"
            " most.",
            "What somebody's safety hangs on can be put off until it is due and no longer. A meeting is moved instead.",
            "Under your work, *Put off* lists it. *Have it back now* brings it back.",
        ),
        after="It goes from your work until that day. Your manager sees what is put off, why and until when.",
        family="Nothing.",
        shows="Something that waits, with a box for why it is put off and one for the day on which it is back.",
        endpoints=("snooze.put_off", "snooze.listing"),
        order=13,
    ),
)
