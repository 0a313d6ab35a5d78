from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from taf_front_door import figures, queue, rules, service
from taf_front_door.commands import AskForHelp
from taf_front_door.models import Attempt
from tafcore.api import (
    Contact,
    Count,
    NotAllowed,
    NoteAttempt,
    NotFound,
    Period,
    Refused,
    RegisterContact,
    User,
    note_attempt,
    register_contact,
    session,
    utcnow,
    writing,
)

ASKED = AskForHelp(safe_how="Text me", who="mother", forename="Ada", surname="Okoro", wants="A warm room")


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel("2026-11-20T12:00:00Z", tick=False) as clock:
        yield clock


@pytest.fixture
def north(make):
    return make.team("North hub", neighbourhood=make.neighbourhood("North"))


def ask(app, command=ASKED, key="somebody"):
    with app.app_context(), writing():
        return service.ask(command, key, "020 7946 0100")


def who(user):
    return session.get_one(User, user.id).actor()


def register(app, user, forename="Jack", **more):
    command = RegisterContact.model_validate(
        {
            "people": [{"role": "child", "forename": forename, "surname": "Okoro"}],
            "wants": "Help with the rent",
            "safe_how": "Ring after three",
            **more,
        }
    )
    with app.app_context(), writing():
        return register_contact(command, who(user))


# --- the public page -------------------------------------------------------------------------------------------------


def test_what_a_family_asks_is_a_contact_like_any_other(app, north):
    contact = ask(app)
    with app.app_context():
        kept = session.get_one(Contact, contact.id)
        assert (kept.channel, kept.source, kept.state, kept.team_id) == ("web", "1A", "received", north.id)
        assert kept.safe_how == "Text me"
        assert [one.forename for one in kept.people] == ["Ada"]


def test_a_connection_may_not_flood_and_a_day_later_it_is_forgotten(app, north, today, monkeypatch):
    monkeypatch.setattr(rules, "ASKED_PER_HOUR", 2)
    ask(app)
    ask(app)
    with pytest.raises(Refused) as refused:
        ask(app)
    assert "020 7946 0100" in refused.value.problems[0].message
    ask(app, key="somebody else")
    today.shift(timedelta(hours=1, minutes=1))
    ask(app)
    today.shift(timedelta(days=2))
    ask(app)
    with app.app_context():
        assert session.scalar(select(func.count()).select_from(Attempt)) == 1


def test_a_family_chooses_the_hub(app, north, make):
    south = make.team("South hub")
    contact = ask(app, ASKED.model_copy(update={"hub": south.id}))
    assert contact.team_id == south.id


def test_a_hub_that_takes_no_contacts_is_refused_beside_its_field(app, north, make):
    closed = make.team("Back office", takes_contacts=False)
    with pytest.raises(Refused) as refused:
        ask(app, ASKED.model_copy(update={"hub": closed.id}))
    assert [problem.field for problem in refused.value.problems] == ["hub"]


# --- whose queue -----------------------------------------------------------------------------------------------------


def test_a_school_hands_its_contact_to_the_hub_of_its_neighbourhood(app, make):
    make.team("North hub")
    place = make.neighbourhood("South")
    south = make.team("South hub", neighbourhood=place)
    teacher = make.user(organisation=make.organisation("school", neighbourhood=place))
    assert register(app, teacher).team_id == south.id


def test_a_hub_worker_keeps_the_contact_unless_another_hub_is_chosen(app, make, north):
    south = make.team("South hub")
    worker = make.user("front_door", team=north)
    assert register(app, worker).team_id == north.id
    assert register(app, worker, answers={"front_door": {"hub": str(south.id)}}).team_id == south.id


@pytest.mark.parametrize("answer", [{"hub": "x"}, {"hub": 999}, {"other": 1}, ["hub"]])
def test_nonsense_in_the_section_is_a_fault_and_not_a_crash(app, make, north, answer):
    worker = make.user("front_door", team=north)
    with pytest.raises(Refused) as refused:
        register(app, worker, answers={"front_door": answer})
    assert refused.value.problems[0].field.startswith("answers.front_door")


# --- the queue -------------------------------------------------------------------------------------------------------


def test_the_queue_holds_what_waits_in_my_team_and_nothing_else(app, make, north):
    worker = make.user("front_door", team=north)
    elsewhere = make.user("front_door", team=make.team("South hub"))
    mine, theirs = register(app, worker), register(app, elsewhere)
    with app.app_context():
        found = queue.queue(who(worker), queue.Asked())
    assert [row.ref for row in found.rows] == [mine.ref]
    assert theirs.ref not in [row.ref for row in found.rows]
    assert found.rows[0].people == "Jack Okoro"
    assert [clock.name for clock in found.rows[0].clocks] == ["First look", "First conversation", "Answer"]


def test_a_manager_sees_the_queues_of_the_neighbourhood(app, make):
    place = make.neighbourhood("North")
    first, second = make.team("A hub", neighbourhood=place), make.team("B hub", neighbourhood=place)
    manager = make.user("early_help_manager", team=first)
    contact = register(app, make.user("front_door", team=second))
    with app.app_context():
        me = who(manager)
        assert [name for _, name in queue.teams(me)] == ["A hub", "B hub"]
        assert [row.ref for row in queue.queue(me, queue.Asked(team=second.id)).rows] == [contact.ref]
        assert queue.queue(me, queue.Asked(team=first.id)).rows == ()


def test_what_is_due_first_comes_first(app, make, north):
    worker = make.user("front_door", team=north)
    routine = register(app, worker, urgency="routine")
    old = register(app, worker, forename="Amy", received_at=datetime(2026, 11, 16, 9, tzinfo=UTC))
    with app.app_context():
        me = who(worker)
        by = {sort: [row.ref for row in queue.queue(me, queue.Asked(sort=sort)).rows] for sort in rules.SORTS}
    old_first, new_first = [old.ref, routine.ref], [routine.ref, old.ref]
    assert by == {"known": old_first, "due": old_first, "newest": new_first, "oldest": old_first}


def test_what_is_for_today_and_what_is_known_stand_first(app, make, north):
    make.family(team=north)
    worker = make.user("front_door", team=north)
    late = register(app, worker, forename="Amy", received_at=datetime(2026, 11, 16, 9, tzinfo=UTC))
    ada = {"role": "mother", "forename": "Ada", "surname": "Okoro", "born": "1990-03-01"}
    known = register(app, worker, people=[ada], urgency="routine")
    today = register(app, worker, forename="Zoe", urgency="today")
    with app.app_context():
        me = who(worker)
        found = queue.queue(me, queue.Asked()).rows
        assert [row.ref for row in found] == [today.ref, known.ref, late.ref]
        assert [row.known is not None for row in found] == [False, True, False]
        assert [row.ref for row in queue.queue(me, queue.Asked(show="known")).rows] == [known.ref]
        assert next(row.ref for row in queue.queue(me, queue.Asked(sort="due")).rows) == late.ref


def test_filters_and_search(app, make, north):
    worker = make.user("front_door", team=north)
    late = register(app, worker, forename="Amy", received_at=datetime(2026, 11, 10, 9, tzinfo=UTC))
    other = register(app, worker, forename="Ben")
    with app.app_context(), writing():
        service.give([other.ref], worker.id, who(worker))

    def refs(**asked):
        with app.app_context():
            return {row.ref for row in queue.queue(who(worker), queue.Asked(**asked)).rows}

    assert refs(show="late") == {late.ref}
    assert refs(show="look") == refs(show="conversation") == {late.ref, other.ref}
    assert refs(show="answer") == refs(show="reply") == set()
    assert refs(show="tried") == set()
    with app.app_context(), writing():
        note_attempt(NoteAttempt(contact=other.ref, how="voicemail"), who(worker))
    assert refs(show="tried") == {other.ref}
    with app.app_context():
        assert {row.ref: row.tries for row in queue.queue(who(worker), queue.Asked()).rows} == {
            late.ref: 0,
            other.ref: 1,
        }
    assert refs(taken="mine") == {other.ref}
    assert refs(taken="nobody") == {late.ref}
    assert refs(q="amy") == {late.ref}
    assert refs(q=other.ref.lower()) == {other.ref}
    assert refs(q="%") == set()


def test_pages_follow_one_another_without_gap_or_repeat(app, make, north, monkeypatch):
    monkeypatch.setattr(queue, "PAGE", 2)
    worker = make.user("front_door", team=north)
    made = {register(app, worker, forename=name).ref for name in ("A", "B", "C", "D", "E")}
    for sort in rules.SORTS:
        seen, after = [], ""
        while after is not None:
            with app.app_context():
                page = queue.queue(who(worker), queue.Asked(sort=sort, after=after))
            assert page.total == 5
            seen += [row.ref for row in page.rows]
            after = page.after
        assert len(seen) == 5
        assert set(seen) == made


def test_a_page_takes_the_same_statements_however_long(app, make, north, counting):
    worker = make.user("front_door", team=north)

    def statements():
        with app.app_context():
            me = who(worker)
            with counting() as sent:
                queue.queue(me, queue.Asked())
        return len(sent)

    register(app, worker, forename="A")
    few = statements()
    for name in ("B", "C", "D", "E"):
        register(app, worker, forename=name)
    assert statements() == few


def test_contacts_are_given_all_or_none(app, make, north):
    worker = make.user("front_door", team=north)
    colleague = make.user("front_door", team=north, name="Bea")
    stranger = make.user("front_door", team=make.team("South hub"))
    first, second = register(app, worker), register(app, worker)
    hidden = register(app, stranger)
    with app.app_context(), pytest.raises(NotFound), writing():
        service.give([first.ref, hidden.ref], colleague.id, who(worker))
    with app.app_context(), writing():
        assert session.get_one(Contact, first.id).taken_by_id is None
        assert service.give([first.ref, second.ref], colleague.id, who(worker)) == 2
    with app.app_context():
        assert {row.taken_by for row in queue.queue(who(worker), queue.Asked()).rows} == {"Bea"}
    with app.app_context(), pytest.raises(Refused), writing():
        service.give([first.ref], stranger.id, who(worker))
    with app.app_context(), pytest.raises(Refused) as refused, writing():
        service.give([], None, who(worker))
    assert [problem.field for problem in refused.value.problems] == ["contacts", "user"]


def test_who_does_not_work_the_queue_gives_nothing(app, make, north):
    worker, teacher = make.user("front_door", team=north), make.user()
    contact = register(app, worker)
    with app.app_context(), pytest.raises(NotAllowed), writing():
        service.give([contact.ref], teacher.id, who(teacher))


def test_the_summary_is_for_those_with_a_queue(app, make, north):
    worker, without_team = make.user("front_door", team=north), make.user("front_door")
    with app.app_context():
        assert queue.summary(who(worker)) == "Nothing waits."
        assert queue.summary(who(without_team)) is None
    register(app, worker)
    with app.app_context():
        assert queue.summary(who(worker)).startswith("1 contact waits. 1 has not been looked at")


# --- figures ---------------------------------------------------------------------------------------------------------


def test_answers_given_here_are_counted_of_all_answers(app, make, north):
    worker = make.user("front_door", team=north)
    answers = ["advice", "signposted", "stepped_up", "duplicate", None]
    for answer in answers:
        contact = register(app, worker, channel="phone")
        if answer:
            with app.app_context(), writing():
                row = session.get_one(Contact, contact.id)
                row.answer, row.answered_at, row.state = answer, utcnow(), "closed"
    november = Period(date(2026, 11, 1), date(2026, 11, 30))
    with app.app_context():
        assert figures.count_answered(november, None) == {"": Count(1, 3)}
        assert figures.count_answered(november, "neighbourhood") == {"North": Count(1, 3)}
        assert figures.count_answered(november, "door") == {"Phone": Count(1, 3)}
        october = Period(date(2026, 10, 1), date(2026, 10, 31))
        assert figures.count_answered(october, None) == {"": Count(0, 0)}
