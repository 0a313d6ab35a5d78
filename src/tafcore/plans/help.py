"""How a plan is made and kept moving."""

from tafcore.contributions import HelpPage

PAGES = (
    HelpPage(
        key="plan",
        title="Keep the plan moving",
        when="A need is agreed, an action is done or stuck, or something can be measured.",
        permission="plans.read",
        steps=(
            "Open *Plan* on the family's page. Your own actions come first: press *Done*, *Doing*, *Stuck* or"
            " *Not needed*; the last two ask why.",
            "*Add a need* in the family's words and choose the outcome it belongs to. *Keep it between them and"
            " workers, because* is for what a child, say, wants no parent to read yet; alone, you can keep a need so"
            " later too.",
            "Give each need a goal: what will be different, by when. Give each goal an action with who and by when.",
            "*Add a measure* with where it stands now and where it is to go; *Add a reading* each time you know more.",
            "*Rate this goal* with what shows it. *Show that day* brings back the plan as it was."
            " *What changed since the last meeting* lays two days beside one another.",
            "*Change* puts a need or a goal in better words. Of an action, press *Say more*, then *Change what,"
            " or who*. What it was stays on record.",
            "*Ask by a link*, when you are alone, lets somebody without an account say how their action stands.",
        ),
        after="Whoever owns an action finds it on their my work. A need without a goal, or a goal without an action, is"
        " said beside it until it is mended.",
        family="The plan is theirs. They see needs, goals and actions, never a number for the level of need.",
        shows="A family's plan: your actions first, then each need with its goals, actions and measure.",
        endpoints=(
            "plans.plan",
            "plans.add_need",
            "plans.withhold_need",
            "plans.add_goal",
            "plans.add_action",
            "plans.add_measure",
            "plans.add_reading",
            "plans.rate_goal",
            "plans.update_action",
            "plans.set_need_outcome",
            "plans.explain_gap",
            "plans.revise",
            "plans.ask_by_link",
            "record.plan_changes",
        ),
        tour=frozenset({"practitioner"}),
        order=30,
    ),
)
