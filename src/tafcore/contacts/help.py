"""How contacts are registered, spoken about and answered."""

from tafcore.contributions import HelpPage

PAGES = (
    HelpPage(
        key="register-contact",
        title="Register a contact",
        when="Somebody walks in, rings, writes or is passed on: any door, the same form.",
        permission="contacts.register",
        steps=(
            "Ask first how the family can be reached safely, when, and where never. If they will not say, tick"
            " *They want to stay anonymous, or left no way to be reached*.",
            "Type whatever you hear under *Who is it about?*: a name, a birth date, a postcode, a telephone or NHS"
            " number, in any order. People we may know appear below while you type. Press *It is them*, or *Add as new"
            " person*; then type the next.",
            "Say who each is in the family. What is on record of somebody you may see is shown and not asked again:"
            " *Change or add to what is known* opens it. Others of their family are added with one press.",
            "Press *Add person* for somebody you know nothing of but what they are. An unborn child needs only the day"
            " the baby is due. Under *Do we know them?* say of each whether it is them.",
            "Write down what they want, what anybody is worried about and what is working well, in their words. A worry"
            " about somebody who works with children is not written here: ring the LADO, whose number appears. Where it"
            " is none, tick *None of this is about somebody who works with children*.",
            "Ask for agreement to help, and say *Whose answer?* it is. Nothing is ticked for you; somebody not asked"
            " yet is an answer too. *Add another person's answer* where a young person or a second parent says"
            " something else.",
            "Ask whoever told you *How do they want to hear from us?* A reply names nobody, and leaves by itself only"
            " where that is safe.",
            "Put a letter, a form or a photo of one under *Letters and photos*, if there is any.",
            "Press *Register*. What you typed is kept as you go: a closed window or a cut line loses nothing.",
            "They ring again? On the contact's page press *Add a person, a safe way to ring or what was told since*."
            " Who said it and when stands beside it, and nothing that was told before is overwritten.",
        ),
        after="It joins the queue of the team that is nearest. The clock runs until somebody has really spoken with the"
        " family. If a child is in danger now, ring first and write afterwards.",
        family="Nothing of this is sent to the family. Whoever told us hears what they may, and no more.",
        shows="The form for registering a contact: how to reach the family safely comes first, and below it one line"
        " to type who it is about.",
        endpoints=("contacts.new", "contacts.listing", "contacts.contact", "contact_adding.add"),
        tour=frozenset({"front_door", "practitioner", "mash"}),
        order=10,
    ),
    HelpPage(
        key="first-conversation",
        title="Record the first conversation with the family",
        when="You have spoken with them, or have tried to.",
        permission="contacts.register",
        steps=(
            "Open the contact and press *Record a conversation*.",
            "Say how you spoke, with whom, and whether it was safe for them to talk.",
            "Write *What was said*. For an attempt choose what you tried: no answer, voicemail, text, letter.",
        ),
        after="Only a conversation both ways, with a parent, a carer or the young person, on a safe line, stops the"
        " clock. A voicemail or a text is kept and stops nothing. Without an answer it is told on: to colleagues after"
        " two attempts, to the manager after three or when time has passed, as the practice standards say.",
        family="Nothing is sent. Use only the ways they said are safe.",
        shows="The page for a conversation or an attempt, with the safe ways to reach the family at its top.",
        endpoints=("contacts.talk", "contact_unreached.decide"),
        tour=frozenset({"front_door"}),
        order=12,
    ),
    HelpPage(
        key="answer-contact",
        title="Answer a contact",
        when="You know enough to say which help it is to be.",
        permission="contacts.answer",
        steps=(
            "Open the contact and press *Say who they are*: people on record, or somebody new. This decides"
            " which family"
            " it is about.",
            "Press *Answer* and choose one. Each asks only what it needs: a service, an allocated worker, a plan B.",
            "Write what advice you gave and *Why this answer?* There is always advice, a reason and a reply.",
            "A professional's referral is graded: *How was the referral?* Whoever sent it is told.",
            "Press *Send the answer*. Stepped up to MASH, all that was typed goes on to the step-up form.",
        ),
        after="Early help opens, or the lead professional of the help already open is told. A professional hears the"
        " answer and whom to ring; a neighbour or relative hears only that it was looked at.",
        family="A family that did not want help is asked again on the day you gave: *Record what they said*."
        " A family that asked for itself is told as the family. Nobody else learns whether they are helped.",
        shows="The answers to choose from, with who hears what above them.",
        endpoints=(
            "contacts.answer",
            "contacts.link",
            "contacts.reply",
            "contact_not_now.listing",
            "contact_not_now.ask",
            "contact_grading.grade",
            "contact_slips.slip",
        ),
        tour=frozenset({"front_door"}),
        order=13,
    ),
)
