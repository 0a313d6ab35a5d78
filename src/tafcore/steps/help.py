"""How help goes up, comes down, ends, and is asked about afterwards."""

from tafcore.contributions import HelpPage

PAGES = (
    HelpPage(
        key="step-up",
        title="Step a child up to MASH",
        when="A child may be at risk of significant harm, or early help is not enough.",
        permission="steps.start",
        steps=(
            "In danger now: ring 999, then MASH. Write afterwards.",
            "On the family's page choose *Step up*. Tick which children: one may go up while brothers and"
            " sisters stay.",
            "Write why this needs a decision. What was tried, who helps, the plan, visits and children's words"
            " are added"
            " from the record.",
            "Press *Save, and see what MASH will get*, read it and send it.",
        ),
        after="MASH decides within one working day and tells you. Early help goes on meanwhile, unless you said"
        " otherwise.",
        family="Tell them, unless that would put a child in danger; the form asks which.",
        shows="The form of a step up: which children, the danger, and why MASH should decide.",
        endpoints=("steps.step_up", "steps.page", "steps.family_steps"),
        order=40,
    ),
    HelpPage(
        key="decide-step",
        title="Decide on a step up",
        when="A step has reached MASH.",
        permission="steps.decide",
        steps=(
            "Open *Steps* and choose the one that is due first. The pack is compiled from the record.",
            "Decide with *Send the decision* and a reason, or *Return it* to a named person with what is missing.",
        ),
        after="Whoever sent it is told. The family's early help stays open unless you say otherwise.",
        family="The lead professional tells them.",
        shows="The list of steps, with what waits for a decision and until when.",
        endpoints=("steps.steps", "steps.decide", "steps.give_back"),
        tour=frozenset({"mash"}),
        order=41,
    ),
    HelpPage(
        key="step-down",
        title="Step a family down to early help",
        when="Statutory work ends and early help takes over.",
        permission="steps.down",
        steps=(
            "On the family's steps press *Step down to early help*.",
            "Write down what is still to be done: each becomes an action of the plan. Write what happens if things get"
            " worse.",
            "Propose a lead professional and the first TAF date. Press *Propose the step down*.",
        ),
        after="The lead accepts before statutory work closes; the manager presses *Take over*.",
        family="They know who leads and when they meet, before the social worker goes.",
        shows="The form of a step down, with actions, plan B, lead professional and first meeting.",
        endpoints=("steps.step_down", "steps.propose", "steps.accept", "steps.complete"),
        tour=frozenset({"mash", "early_help_manager"}),
        order=42,
    ),
    HelpPage(
        key="close",
        title="Close early help, and ask whether it has held",
        when="The needs are met, or the help ends for another reason.",
        permission="episodes.close",
        steps=(
            "On the family's page choose *Close early help*.",
            "Say of each need what became of it: as you judge, and as the family say.",
            "Choose the reason and press *Close early help*.",
            "After 3, 6 and 12 months my work asks whether it has held. Choose *Ask* and keep the answer.",
        ),
        after="The team's sight of the record ends after 28 days. Within 90 days a manager may open it again.",
        family="They say for themselves what became of each need; both answers are kept.",
        shows="The form that closes early help, with what became of each need.",
        endpoints=("steps.close", "steps.follow_up", "steps.reopen"),
        order=43,
    ),
)
