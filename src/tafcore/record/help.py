"""How a family's page is read, shown to the family, and kept safe."""

from tafcore.contributions import HelpPage

PAGES = (
    HelpPage(
        key="family-page",
        title="Read a family's page, and show it safely",
        when="You open a family, perhaps with somebody beside you.",
        permission="record.read",
        steps=(
            "*Who helps* comes first, with a number to ring for each; beside it what is next and late, with"
            " what to do.",
            "A page opens in shared view, as if the family were looking. When you are alone with the screen choose"
            " *I am alone: turn it off*.",
            "*Blank the screen* hides everything at once; so does pressing Escape twice.",
            "*Chronology* is asked for by person, kind, agency and days. *Mark as significant* is for workers alone."
            " *Print it for a meeting, or for one of the family* shows first what they may have.",
            "The box at the top searches families, people and contacts by name, reference, postcode or number. A"
            " reference is safe to say on the telephone: it opens nothing by itself.",
        ),
        after="Every opening of a record is written down, with why you could open it.",
        family="In shared view they see what the people here may have: no level numbers, no notes, nothing a"
        " safety rule"
        " keeps from any of them.",
        shows="A family's page: who helps and how to ring them, what is next and late, and each child.",
        endpoints=("record.family", "record.families", "record.search", "record.shared_view", "record.chronology"),
        tour=frozenset({"practitioner", "early_help_manager", "auditor", "information_governance"}),
        order=15,
    ),
    HelpPage(
        key="people",
        title="Record people, how they are related, and what keeps them safe",
        when="You learn something about somebody, or somebody must be kept safe from another.",
        permission="record.change",
        steps=(
            "Open *People* on the family's page. *Add or correct what is known*: what was said before stays, with who"
            " said it and when.",
            "*Add numbers* records a pupil's, a learner's or a property's number; *Has died* the day of a death. One"
            " recorded by mistake is put right there too.",
            "*Lives apart from the others* makes a linked household: who lives there, which children stay there too and"
            " when, and whom they ring. Each household is a section of its own; the page and copy"
            " of who lives there carry its part and that of the children it shares.",
            "*Say how two people are related*, once and from whichever side you were told. *It has ended, or is a"
            " mistake* erases nothing; *Parental responsibility* changes by itself. *Genogram* draws it, with a table.",
            "A manager can *Restrict* somebody, such as a colleague's family: whoever meets them in search or at the"
            " door is told only to ring the duty line.",
            "For somebody who must be protected, set a safety rule: from whom, which facts, which ways are safe, until"
            " when.",
            "*Record specialist involvement*, such as MARAC, when you are alone with the screen: only the workers whom"
            " you name learn that there is any.",
        ),
        after="A safety rule binds every page, list, letter, calendar and file, for everybody, at once.",
        family="Whoever a fact is kept from does not learn that something is kept.",
        shows="The people of a family, with what is known of each and how they are related.",
        endpoints=(
            "record.people",
            "record.genogram",
            "record.learn",
            "record.numbers",
            "record.death",
            "record.add_person",
            "record.relate",
            "record.end_relation",
            "record.responsibility",
            "record.keep_safe",
            "record.specialist",
            "record.restrict",
            "record.leaves",
            "episodes.set_household",
        ),
        order=52,
    ),
    HelpPage(
        key="duplicates",
        title="Decide whether two records are one person",
        when="My work says that pairs of records may be one person, or you meet somebody twice.",
        permission="record.duplicates",
        steps=(
            "Open *Records that may be one person* from the list of families. Each pair was found in the night, with"
            " the reasons in words. Of somebody you may not see you read whom to ring.",
            "*Compare* shows both records side by side, field by field, with their families and contacts. Read what is"
            " in the way, and what to do about it.",
            "Are they one person? Choose the record that stands for both, say how you know, and press"
            " *Put the records together*. Are they two? Say how you know, and press *Keep as two people*: they come"
            " back only when something new is said of either.",
            "Was it wrong? Choose *Put together* in the list and *Take apart*. Say of each thing that was added since"
            " whose it is.",
            "Does somebody now belong to two families that are one? Follow *Is this family on record twice?* at the"
            " foot of the family's page, choose which record goes on, say how you know, and press *They are one"
            " family*. The other leads there; early help, contacts, lists and the Board go by one.",
        ),
        after="Nothing is moved. Both families show one person, search finds them by either record, and a safety rule"
        " or restriction on either protects both. Taken apart, both are as they were.",
        family="They see one person with what is known from both records, as far as safety rules let them.",
        shows="The list of pairs: two records side by side, why they may be one person, and what to do.",
        endpoints=(
            "record.duplicates",
            "record.duplicate",
            "record.take_apart",
            "record.not_same",
            "record.same_family",
        ),
        order=54,
    ),
    HelpPage(
        key="mash-check",
        title="Ask for an enquiry whether early help is open",
        when="MASH has an enquiry about a child and needs to know whether early help works with them.",
        permission="sharing.mash_check",
        steps=(
            "Choose *MASH check*. Enter the *Reference of the enquiry*, what it is about and what you need to know.",
            "Give first name, surname and birth date, or a reference. Press *Ask*.",
            "Read the summary: whether early help is open, *Who is involved* and how to ring them, each child's level"
            " and when they were last seen.",
            "For more than that ring the lead professional. *Open to you now* leads back to it for a day.",
        ),
        after="Each check and each opening is on record, and somebody else reviews it. Where nothing can be told, that"
        " says nothing about whether there is such a family: ring the duty line.",
        family="You are named under *Who can see this* while the summary is open to you.",
        shows="The questions: the enquiry, what it is about, and whom.",
        endpoints=("record.ask_mash_check",),
        tour=frozenset({"mash"}),
        order=56,
    ),
    HelpPage(
        key="review-mash-check",
        title="Review what MASH asked",
        when="My work says that MASH asked about a family.",
        permission="sharing.review_mash_check",
        steps=(
            "Choose *Review it* on my work, or in the list of *MASH checks*.",
            "Look the enquiry up, or ask MASH about it. Is there one, and is it about these children?",
            "Say whether it was justified and what you found, and press *Save the review*. Where it was not, the"
            " summary closes at once.",
        ),
        after="Nobody reviews their own. One that waits longer than the standard is late.",
        family="Where it was not justified, decide with the lead professional how the family is told.",
        shows="The list of checks: who asked, for which enquiry, about which family.",
        endpoints=("record.mash_checks", "record.mash_check"),
        order=84,
    ),
    HelpPage(
        key="own-page",
        title="Give somebody a page of their own",
        when="A parent, carer or young person wants to read the plan, tick what they did, or write to you.",
        permission="record.own_links",
        steps=(
            "Open *Who can see this* on the family's page, then *Pages of their own*. Turn the shared view off when you"
            " are alone: only then does it say who has one, and what they wrote.",
            "*Make a link* for one person. They must have agreed to help; for a child below your borough's age write"
            " why they understand what it means.",
            "Choose *The second check*. In doubt, *A number that I give them in person*: say it, or write it on another"
            " paper than the link. A number goes only to a phone or e-mail recorded as safe, and as nobody else's.",
            "Show them *Leave this page quickly*, and agree where they keep the link.",
            "What they write comes to you on my work. *Answer* it: they read your answer on their page. Was something"
            " not right, put the record right first.",
            "*End it now* when anything has changed: a lost phone, a partner who is back, somebody who reads along. It"
            " closes the page that is open, too.",
        ),
        after="A link ends by itself after eight weeks, at once when they no longer agree, and when the number was"
        " wrong five times: then you are told, and ask them on a safe way whether it was them.",
        family="They read the plan, the next meeting they are invited to, their copies of the last, whom to ring, and"
        " children's words they may hear. Of somebody kept safe from them they read nothing. A young person reads what"
        " they told in confidence; a parent never does.",
        shows="Who of a family has a page of their own, until when it opens, and what they wrote.",
        endpoints=("own.links", "own.make", "own.answer"),
        order=51,
    ),
)
