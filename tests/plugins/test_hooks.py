"""The contract of every hook: what the core does with the answers of a plugin."""

from datetime import date

import pytest
from flask import Blueprint
from sqlalchemy import null, select
from wtforms import Form, StringField

from tafcore import hooks, panels
from tafcore.accounts.models import LoginSession
from tafcore.accounts.service import add_token, hash_token
from tafcore.api import (
    PUBLIC,
    VISITOR,
    AccessRule,
    Actor,
    ApiResource,
    Command,
    Count,
    DriftRule,
    Event,
    Export,
    FamilyMember,
    FormSection,
    HelpPage,
    Import,
    Job,
    Measure,
    NavigationItem,
    NotFound,
    Notice,
    OwnReading,
    OwnScale,
    Panel,
    Permission,
    PlacesLeft,
    PlanMeasure,
    Problem,
    Refused,
    RegisterContact,
    SectorQuestions,
    SectorScope,
    Subject,
    Task,
    TaskSource,
    User,
    check,
    public,
    publish,
    register_contact,
    requires,
    session,
    visible_family,
    writing,
)
from tafcore.hooks import PluginFault
from tafcore.notices import worker
from tafcore.notices.models import Message
from tafcore.testing import Make


class Ask(Command):
    """A command of these tests."""

    permission = ""


ANYBODY = Actor("user", None, "Anybody", permissions=frozenset({""}))


def happened(**more):
    return Event(actor=ANYBODY, subject=Subject("test", 1, "T"), **more)


def test_answers_are_joined_by_order_then_plugin_and_none_is_nothing(app_with, fake):
    def items(*found):
        return lambda: [NavigationItem(title, "home.my_work", "signed-in", order) for title, order in found]

    app = app_with(
        fake("zebra", navigation=items(("z1", 50), ("z2", 1))),
        fake("apple", navigation=items(("a1", 50))),
        fake("mute", navigation=lambda: None),
    )
    with app.app_context():
        ours = [item.title for item in hooks.navigation() if item.title in ("z1", "z2", "a1")]
    assert ours == ["z2", "a1", "z1"]


def test_blueprints_are_pages_and_permissions_open_them(app_with, fake):
    pages = Blueprint("fake", __name__)

    @pages.get("/fake")
    @requires("fake.look")
    def look():
        return "seen"

    app = app_with(
        fake(
            "fake",
            blueprints=lambda: [pages],
            permissions=lambda: [Permission("fake.look", "look", frozenset({"practitioner"}))],
        )
    )
    make = Make(app)
    assert app.test_client().get("/fake").status_code == 302
    assert signed_in(app, make.user()).get("/fake").text == "seen"
    assert signed_in(app, make.user("board_member")).get("/fake").status_code == 403


def signed_in(app, user):
    """A browser signed in as `user`, for applications made here."""
    with app.app_context(), writing():
        session.add(LoginSession(token_hash=hash_token("t" * 20 + str(user.id)), user_id=user.id))
    browser = app.test_client()
    with browser.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = "t" * 20 + str(user.id), True
    return browser


def test_files_beside_the_pages_of_blueprints_are_served_to_anybody(app_with, fake, tmp_path):
    (tmp_path / "fake.css").write_text("b {}")
    pages = Blueprint("fake", __name__, static_folder=str(tmp_path), static_url_path="/fake/static")
    app = app_with(fake("fake", blueprints=lambda: [pages]))
    with app.test_client().get("/fake/static/fake.css") as sheet:
        assert sheet.text == "b {}"
    assert app.test_client().get("/fake/static/../fake.css").status_code == 404


def test_pages_of_a_plugin_bear_its_name(app_with, fake):
    with pytest.raises(PluginFault, match="must be called fake, not other"):
        app_with(fake("fake", blueprints=lambda: [Blueprint("other", __name__)]))


def test_navigation_is_hidden_where_it_leads_nowhere(app_with, fake):
    pages = Blueprint("fake", __name__)
    pages.get("/fake")(requires("fake.look")(lambda: "seen"))
    app = app_with(
        fake(
            "fake",
            blueprints=lambda: [pages],
            permissions=lambda: [Permission("fake.look", "look", frozenset({"mash"}))],
            navigation=lambda: [NavigationItem("Fake pages", "fake.<lambda>", "fake.look")],
        )
    )
    make = Make(app)
    assert "Fake pages" in signed_in(app, make.user("mash")).get("/sign-in").text
    assert "Fake pages" not in signed_in(app, make.user()).get("/sign-in").text


def test_a_way_in_without_an_account_is_shown_where_one_signs_in_and_in_no_menu(app_with, fake):
    pages = Blueprint("fake", __name__)
    pages.get("/fake")(public("for everybody")(lambda: "seen"))
    ways_in = [NavigationItem("Fake way in", "fake.<lambda>", PUBLIC)]
    app = app_with(fake("fake", blueprints=lambda: [pages], navigation=lambda: ways_in))
    assert '<a class="govuk-link" href="/fake">Fake way in</a>' in app.test_client().get("/sign-in").text
    assert "Fake way in" not in signed_in(app, Make(app).user("mash")).get("/").text


def test_help_pages_of_a_plugin_are_listed_for_those_who_may(app_with, fake):
    told = {"when": "Now and then", "steps": ("Look",), "after": "", "family": "", "shows": "A page"}
    app = app_with(
        fake(
            "fake",
            permissions=lambda: [Permission("fake.look", "look", frozenset({"mash"}))],
            help_pages=lambda: [HelpPage("look", "Look at a fake", permission="fake.look", **told)],
        )
    )
    make = Make(app)
    assert "Look at a fake" in signed_in(app, make.user("mash")).get("/help").text
    assert "Look at a fake" not in signed_in(app, make.user()).get("/help").text


def test_jobs_of_a_plugin_are_done_by_the_worker(app_with, fake, one_half_year):
    done = []
    app = app_with(fake("fake", jobs=lambda: [Job("fake.tidy", lambda: done.append("tidied"))]))
    worker.once(app)
    worker.once(app)
    assert done == ["tidied"]


def test_access_rules_open_a_family_and_a_sectors_only_where_switched_on(app_with, fake):
    def rules(sector):
        grants = (
            select(User.id.label("user_id"), FamilyMember.family_id, null().label("person_id"), null().label("until"))
            .join(FamilyMember, FamilyMember.id > 0)
            .where(User.email == "friend@test.example")
        )
        return lambda: [AccessRule("fake", "A friend", "friend", frozenset({"people"}), grants, sector=sector)]

    app = app_with(fake("fake", access_rules=rules(None)), fake("shy", access_rules=rules("shy")))
    make = Make(app)
    friend, stranger, family = make.user(email="friend@test.example"), make.user(), make.family()
    with app.app_context():
        view = visible_family(family.ref, make.actor(friend))
        assert (view.scopes, view.areas, view.reasons) == ({"friend"}, {"people"}, ("A friend",))
        with pytest.raises(NotFound):
            visible_family(family.ref, make.actor(stranger))

    app = app_with(fake("shy", access_rules=rules("shy")))
    with app.app_context(), pytest.raises(NotFound):
        visible_family(family.ref, make.actor(friend))
    with app.app_context(), writing():
        session.add(SectorScope(sector="shy", switched_on_by="A test"))
    with app.app_context():
        assert visible_family(family.ref, make.actor(friend)).scopes == {"friend"}


def test_places_left_bind_those_who_work_there_and_nobody_else(app_with, fake):
    left = select(User.organisation_id, FamilyMember.person_id).join(FamilyMember, FamilyMember.role == "child")
    left = left.where(User.email == "left@test.example")
    app = app_with(fake("fake", places_left=lambda: [PlacesLeft("fake", left)]))
    make = Make(app)
    team = make.team("Hub")
    family, theirs = make.family(team), make.user(email="left@test.example")
    make.episode(family, make.user("early_help_manager", team=team), theirs)
    with app.app_context():
        view = visible_family(family.ref, make.actor(theirs))
        assert not view.feared and not view.shared
    make.protect(view.children[0].id, view.adults[0].id, {"address"})
    with app.app_context():
        view = visible_family(family.ref, make.actor(theirs))
        assert view.feared == {view.adults[0].id} and view.shared
        assert not view.may_see_fact(view.children[0].id, "address")
        assert not view.before({view.children[1].id}).may_see_fact(view.children[0].id, "address")


@pytest.mark.parametrize("hook", ["family_panels", "home_panels"])
def test_family_panels_and_home_panels_stand_in_order_and_one_that_fails_spoils_nothing(app_with, fake, hook, tmp_path):
    pages = Blueprint("good", __name__, template_folder=str(tmp_path))
    (tmp_path / "good.html").write_text("<b>{{ word }}</b>")

    def good():
        return [Panel("Second", "good.html", {"word": "<i>"}, 20), Panel("First", "good.html", {"word": "one"}, 10)]

    def bad():
        session.execute(select(User.id).where(User.id == "not a number")).all()
        raise RuntimeError("broken")

    answers = {
        "family_panels": (lambda view, actor: good(), lambda view, actor: bad()),
        "home_panels": (lambda actor: good(), lambda actor: bad()),
    }[hook]
    app = app_with(
        fake("good", blueprints=lambda: [pages], **{hook: answers[0]}),
        fake("bad_one", **{hook: answers[1]}),
    )
    with app.test_request_context():
        found = panels.family_panels(None, VISITOR) if hook == "family_panels" else panels.home_panels(VISITOR)
        ours = [panel for panel in found if panel.title in ("First", "Second", "Bad one")]
        assert [panel.title for panel in ours] == ["First", "Second", "Bad one"]
        assert ours[1].context["html"] == "<b>&lt;i&gt;</b>"
        assert ours[2].context["missing"] is True
        assert session.scalar(select(User.id)) is None, "the transaction still reads"


def test_form_sections_are_asked_by_command(app_with, fake):
    class Extra(Form):
        word = StringField("Word")

    def sections(command_type, view):
        return [FormSection("fake", "More", Extra, {"word": "so"})] if command_type is Ask else None

    app = app_with(fake("fake", form_sections=sections))
    with app.app_context():
        assert [one.title for one in hooks.form_sections(Ask, None)] == ["More"]
        assert hooks.form_sections(Command, None) == []


def test_check_gathers_every_problem_before_anything_changes(app_with, fake):
    def says(words):
        return lambda command, actor: [Problem(words)] if isinstance(command, Ask) else None

    app = app_with(fake("one", check=says("first")), fake("two", check=says("second")))
    with app.app_context():
        with pytest.raises(Refused) as refused:
            check(Ask(), ANYBODY)
        assert sorted(problem.message for problem in refused.value.problems) == ["first", "second"]


def test_check_that_crashes_stops_the_change(app_with, fake):
    def crash(command, actor):
        raise RuntimeError("broken")

    app = app_with(fake("fake", check=crash))
    with app.app_context(), pytest.raises(RuntimeError):
        check(Ask(), ANYBODY)


def test_route_contact_takes_the_first_answer_and_the_core_answers_last(app_with, fake):
    told = {"people": [{"role": "child", "forename": "Jack"}], "wants": "Help", "safe_how": "Ring"}
    command = RegisterContact.model_validate(told)
    app = app_with(fake("silent", route_contact=lambda command, actor: None))
    make = Make(app)
    own, other = make.team(), make.team()
    worker = make.user("front_door", team=own)
    with app.app_context(), writing():
        assert register_contact(command, make.actor(worker)).team_id == own.id
    app = app_with(fake("fake", route_contact=lambda command, actor: other.id))
    with app.app_context(), writing():
        assert register_contact(command, make.actor(worker)).team_id == other.id


def test_react_and_notices_live_and_die_with_the_change(app_with, fake, tmp_path):
    pages = Blueprint("fake", __name__, template_folder=str(tmp_path))
    (tmp_path / "fake.txt").write_text("Dear {{ name }}")
    seen = []
    app = app_with(
        fake(
            "fake",
            blueprints=lambda: [pages],
            react=lambda event: seen.append(event.subject.ref),
            notices=lambda event: [Notice("mailto:a@test.example", "Hello", "fake.txt", {"name": "Ada"})],
        )
    )
    with app.test_request_context():
        with pytest.raises(RuntimeError), writing():
            publish(happened())
            raise RuntimeError("the change failed")
        assert seen == ["T"]
        assert session.scalar(select(Message)) is None
        with writing():
            publish(happened())
        message = session.scalar(select(Message))
        assert (message.to_address, message.subject, message.body) == ("a@test.example", "Hello", "Dear Ada")


def test_react_that_fails_takes_the_change_with_it(app_with, fake):
    def fail(event):
        raise Refused([Problem("not so")])

    app = app_with(fake("fake", react=fail))
    with app.app_context(), pytest.raises(Refused), writing():
        publish(happened())


ONCE = {
    "measures": Measure("fake.m", "M", "how_well", "D", lambda period, breakdown: {"": Count(1, 2)}),
    "plan_measures": PlanMeasure("fake.p", "P", "%", "up", lambda person_id: [(date(2026, 1, 1), 1.0)]),
    "own_scales": OwnScale("fake.o", lambda view: [OwnReading(1, date(2026, 1, 1), 7, "At the club")]),
    "drift_rules": DriftRule("fake.d", "D", lambda now, families: [(1, "It stands still")]),
    "sector_questions": SectorQuestions("sport", (("health", "A {child}?"), ("learning", "B?"), ("identity", "C?"))),
    "tasks": TaskSource("fake.t", lambda actor, now: [Task("Do it", "Do", "/")]),
    "imports": Import("fake", "F", {"a": "A"}, lambda values: Ask(), lambda command, actor: None),
    "exports": Export("fake", "F", "", lambda path, options: 0),
}


@pytest.mark.parametrize("hook", ONCE)
def test_measures_plan_measures_own_scales_drift_rules_sector_questions_tasks_imports_exports_are_asked_once(
    app_with, fake, hook
):
    asked = []

    def answer():
        asked.append(hook)
        return [ONCE[hook]]

    app = app_with(fake("fake", **{hook: answer}))
    for _ in range(2):
        with app.app_context():
            assert ONCE[hook] in getattr(hooks, hook)()
    assert asked == [hook]


def test_api_resources_know_their_plugin_and_need_their_permission(app_with, fake):
    one = ApiResource("words", "Words", "fake.read", lambda actor, args: {"said": args.get("say", "")})
    app = app_with(
        fake(
            "two_words",
            api_resources=lambda: [one],
            permissions=lambda: [Permission("fake.read", "read", frozenset({"mash"}))],
        )
    )
    with app.app_context():
        assert ("two_words", one) in hooks.api_resources()
    make = Make(app)
    home = make.organisation()
    with app.app_context(), writing():
        reader, other = (add_token(name, home, {name}) for name in ("fake.read", "fake.write"))
    browser = app.test_client()
    answer = browser.get("/api/v1/two-words/words?say=hello", headers={"Authorization": f"Bearer {reader}"})
    assert answer.json == {"said": "hello"}
    refused = browser.get("/api/v1/two-words/words", headers={"Authorization": f"Bearer {other}"})
    assert refused.status_code == 403


def test_demo_is_handed_the_borough(app_with, fake):
    seen = []
    app = app_with(fake("fake", demo=lambda borough: seen.append(borough.name)))

    class Borough:
        name = "Demo"
        families = ()

    with app.app_context():
        hooks.demo(Borough())
    assert seen == ["Demo"]


def test_a_hook_nobody_asks_is_refused_with_the_plugins_name(app_with, fake):
    with pytest.raises(PluginFault, match="The plugin fake cannot be used"):
        app_with(fake("fake", familly_panels=lambda view, actor: []))


def test_a_hook_with_an_argument_nobody_gives_is_refused(app_with, fake):
    with pytest.raises(PluginFault, match="The plugin fake cannot be used"):
        app_with(fake("fake", home_panels=lambda actor, request: []))


def test_a_disabled_plugin_is_not_there(app_with, fake):
    pages = Blueprint("fake", __name__)
    pages.get("/fake")(public("a test")(lambda: "seen"))
    plugin = fake("fake", blueprints=lambda: [pages])
    assert app_with(plugin).test_client().get("/fake").text == "seen"
    off = app_with(plugin, DISABLED_PLUGINS="other, fake")
    assert off.test_client().get("/fake").status_code == 404
    assert hooks.plugin_names(off.extensions["tafcore.plugins"]) == []
