"""The Board's figures over real episodes: right, suppressed, and naming nobody."""

import csv
import io
import re
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, select

from tafcore import hooks
from tafcore.contributions import Count, Measure, Period
from tafcore.db import clock_at, session, utcnow, writing
from tafcore.families.models import FamilyMember
from tafcore.outcomes import counting, files, measures, periods, reading, rules
from tafcore.outcomes.models import BoardCount
from tafcore.people.models import Person
from tafcore.plans import service as plans
from tafcore.plans.commands import AddNeed
from tafcore.standards.clock import london_day
from tafcore.steps import closing
from tafcore.steps.commands import CloseEpisode, DoFollowUp, NeedOutcomePart
from tafcore.work import NotAllowed, Refused


def do(app, make, user, function, command):
    who = make.actor(user)
    with app.app_context(), writing():
        return function(command, who)


def moment(day, hour=10):
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


@pytest.fixture
def half(app):
    return periods.last_full(london_day(utcnow()))


@pytest.fixture
def borough(app, make, half):
    """Two neighbourhoods; `close(met, said)` gives a family whose episode closed in the last half-year."""
    east, west = make.neighbourhood("East"), make.neighbourhood("West")

    class Borough:
        teams = {"East": make.team("East team", neighbourhood=east), "West": make.team("West team", neighbourhood=west)}
        managers = {name: make.user("early_help_manager", team=team) for name, team in teams.items()}
        board = make.user("board_member", name="B. Board")
        practitioner = make.user()
        auditor = make.user("auditor")

        def close(self, met=True, said="met", place="East", on=None, outcome=9):
            day = on or half.first + timedelta(days=60)
            manager = self.managers[place]
            with clock_at(moment(day - timedelta(days=30))):
                family = make.family(self.teams[place])
                make.episode(family, manager)
                need = do(app, make, manager, plans.add_need, AddNeed(family=family.ref, words="Cold", outcome=outcome))
            with clock_at(moment(day)):
                part = NeedOutcomePart(need=need.ref, outcome="met" if met else "partly", family_says=said)
                command = CloseEpisode(family=family.ref, reason="universal", words="School carries on", needs=(part,))
                do(app, make, manager, closing.close_episode, command)
            return family

    return Borough()


def figures(app, make, borough, half):
    with app.app_context():
        return reading.figures(Period(half.first, half.last), make.actor(borough.board))


def test_three_judges_stand_side_by_side(app, make, borough, half):
    for number in range(16):
        borough.close(met=number < 10, said="met" if number < 8 else "not_asked")
    borough.close(on=half.before.first + timedelta(days=40))
    found = figures(app, make, borough, half)
    assert found.figure("outcomes.every_need_met").total.words == "10 of 16 (62 %)"
    assert found.figure("outcomes.every_need_met_family").total.words == "8 of 16 (50 %)"
    assert found.figure("outcomes.every_need_met_measured").total.words == "0 of 16 (0 %)"
    assert found.figure("outcomes.every_need_met").before.suppressed
    assert found.figure("outcomes.families_helped").total.words == "16"
    assert found.figure("outcomes.children_helped").total.words == "32"
    by_age = next(table for table in found.figure("outcomes.children_helped").tables if table.breakdown == "age")
    assert sum(group.part or 0 for group in by_age.groups) == 32
    [needs] = found.figure("outcomes.needs_met_family").tables
    assert [(group.name, group.words) for group in needs.groups] == [("9 Secure housing", "8 of 16 (50 %)")]
    assert all(one.available for one in found.figures)


def test_a_child_on_two_records_counts_once(app, make, borough, half):
    family = borough.close()
    with app.app_context(), writing():
        kept, other = session.scalars(
            select(Person).join(FamilyMember).where(FamilyMember.family_id == family.id, FamilyMember.role == "child")
        )
        other.canonical_id, other.ethnicity = kept.id, "AIND"
    with app.app_context():
        period = Period(half.first, half.last)
        assert measures.children_helped(period, None) == {"": Count(1)}
        assert measures.children_helped(period, "ethnicity") == {"Asian": Count(1)}, "known of the other record"


def test_a_small_place_takes_another_with_it(app, make, borough, half):
    for number in range(12):
        borough.close(met=number % 2 == 0, place="East")
    for number in range(3):
        borough.close(met=number < 2, place="West")
    found = figures(app, make, borough, half).figure("outcomes.every_need_met")
    assert found.total.words == "8 of 15 (53 %)"
    [table] = found.tables
    assert [(group.name, group.suppressed) for group in table.groups] == [("East", True), ("West", True)]


def test_few_families_are_not_told_of_at_all(app, make, borough, half):
    for _ in range(3):
        borough.close()
    found = figures(app, make, borough, half)
    one = found.figure("outcomes.every_need_met")
    assert one.total.suppressed and one.tables == ()
    assert '"part": 3' not in str(asdict(found))


def test_whether_it_held_is_asked_six_months_on(app, make, borough, half):
    closed = half.before.first + timedelta(days=20)
    families = [borough.close(on=closed) for _ in range(12)]
    with clock_at(moment(closed + timedelta(days=185))):
        for number, family in enumerate(families):
            if number < 6:
                told = DoFollowUp(family=family.ref, months=6, outcome="still_well")
                do(app, make, borough.managers["East"], closing.do_follow_up, told)
    with clock_at(moment(closed + timedelta(days=100))):
        for family in families[5:6]:
            make.episode(family, borough.managers["East"])
    with app.app_context():
        period = Period(half.first, half.last)
        held = measures.sustained(period, "held")
        assert {name: count.part for name, count in held.items() if count.part} == {
            "Still well": 5,
            "Came back: a step up or a new episode": 1,
            "Not known": 6,
        }
        assert measures.sustained(period, None)[""] == Count(5, 12)


def test_what_was_learned_later_does_not_change_what_was_known(app, make, borough, half):
    borough.close(on=half.first + timedelta(days=100))
    early = Period(half.first, half.last, moment(half.first + timedelta(days=90)))
    with app.app_context():
        assert measures.every_need_met("lead", early, None)[""] == Count(0, 0)
        late = Period(half.first, half.last, utcnow())
        assert measures.every_need_met("lead", late, None)[""] == Count(1, 1)


def test_overlapping_periods_are_refused(app, make, borough, half):
    with app.app_context():
        board = make.actor(borough.board)
        for first, last in (
            (half.first, half.last - timedelta(days=1)),
            (half.first + timedelta(days=30), half.last),
            (half.next.first, half.next.last),
        ):
            with pytest.raises(Refused):
                reading.figures(Period(first, last), board)
        with pytest.raises(NotAllowed):
            reading.figures(Period(half.first, half.last), make.actor(borough.practitioner))


def test_a_measure_that_fails_silences_no_other(app, make, borough, half, monkeypatch):
    def broken(period, breakdown):
        raise RuntimeError("a sector's fault")

    for _ in range(6):
        borough.close()
    with app.app_context():
        known = [Measure("broken", "Broken", "how_much", "Broken.", broken, ("place",)), *hooks.measures()]
        monkeypatch.setattr(hooks, "measures", lambda: known)
        found = reading.compiled(Period(half.first, half.last))
    assert not found.figure("broken").available
    assert found.figure("outcomes.every_need_met").total.part == 6


def text(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)))


def test_the_page_says_it_in_words_and_opens_no_family(app, sign_in, borough, half):
    families = [borough.close(met=number < 10) for number in range(16)]
    browser = sign_in(borough.board)
    page = browser.get("/outcomes")
    html = page.get_data(as_text=True)
    assert "Of 16 families whose plan closed in this period, 10 (62 %) met every need" in text(page)
    for question in rules.QUESTIONS.values():
        assert question in text(page)
    assert "/families" not in html and not any(family.ref in html or family.name in html for family in families)
    for family in families[:1]:
        for address in (f"/families/{family.ref}", f"/families/{family.ref}/steps", "/steps", "/drift", "/families"):
            assert browser.get(address).status_code in (403, 404), address


def test_what_was_kept_says_what_counting_now_says(app, make, borough, half):
    for number in range(14):
        borough.close(met=number % 3 > 0, place="East" if number % 2 else "West", outcome=1 + number % 3)
    for number in range(7):
        borough.close(met=number > 2, on=half.before.first + timedelta(days=20 + number))
    with app.app_context():
        counting.keep()
        kept = counting.newest()
        period = Period(half.first, half.last, kept)
        found, trend = reading.compiled(period), reading.trend(half, kept)
        assert found.figure("outcomes.every_need_met").total.whole == 14
        with writing():
            session.execute(delete(BoardCount))
        assert reading.compiled(period) == found and reading.trend(half, kept) == trend


def test_the_board_opens_as_last_counted_and_counts_again_when_asked(app, make, sign_in, borough, half, one_half_year):
    for _ in range(8):
        borough.close()
    with app.app_context():
        counting.keep()
    for _ in range(6):
        borough.close(met=False)
    browser = sign_in(borough.board)
    assert "Of 8 families" in browser.get("/outcomes").text
    now = london_day(utcnow()).isoformat()
    assert "Of 14 families" in browser.get(f"/outcomes?as_at={now}").text


def test_a_measure_that_came_since_is_counted_when_asked_for(app, make, borough, half, monkeypatch, one_half_year):
    borough.close()
    with app.app_context():
        counting.keep()
        new = Measure("new", "New", "how_much", "All of them", lambda period, breakdown: {"": Count(40)})
        asked = [*hooks.measures(), new]
        monkeypatch.setattr(hooks, "measures", lambda: asked)
        found = reading.compiled(Period(half.first, half.last, counting.newest()))
    assert found.figure("new").total.words == "40" and found.figure("new").before.words == "40"


@pytest.mark.parametrize("query", ["", "?period=2026-13&as_at=soon", "?period=0000-04", "?period=9000-04&as_at=%00"])
def test_odd_addresses_show_the_default_period(sign_in, borough, half, query):
    page = sign_in(borough.board).get(f"/outcomes{query}")
    assert page.status_code == 200 and half.words in text(page)
    assert f"Nothing is recorded for {half.words}" in text(page)


def test_who_may_read_the_figures(sign_in, client, borough):
    assert client.get("/outcomes").status_code == 302
    for user, status in ((borough.practitioner, 403), (borough.auditor, 200), (borough.managers["East"], 200)):
        assert sign_in(user).get("/outcomes").status_code == status
        assert sign_in(user).get("/outcomes/figures.csv").status_code == status


def test_the_file_holds_the_same_suppressed_figures(app, sign_in, borough, half, tmp_path):
    for number in range(12):
        borough.close(met=number % 2 == 0)
    for _ in range(3):
        borough.close(place="West")
    answer = sign_in(borough.board).get("/outcomes/figures.csv")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="board-figures-{half.key}.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True).lstrip("\ufeff"))))
    mine = {row["Group"]: row["Part"] for row in rows if row["Figure"].endswith("as the lead judged")}
    assert mine == {"Everybody": "9", "East": "suppressed", "West": "suppressed"}
    assert not any(cell and cell[0] in "=+-@" for row in rows for cell in row.values())
    with app.app_context():
        made = files.write(tmp_path / "board.csv", {"as_at": london_day(utcnow())})
        with pytest.raises(Refused):
            files.write(tmp_path / "other.csv", {"from": half.last, "to": half.first})
    assert made == len(rows)
    assert [export.name for export in _exports(app)].count("board") == 1


def _exports(app):
    with app.app_context():
        return hooks.exports()


def test_statements_do_not_grow_with_families(app, make, borough, half, counting):
    def statements():
        with counting() as sent:
            figures(app, make, borough, half)
        return len(sent)

    borough.close()
    few = statements()
    for _ in range(3):
        borough.close(place="West", outcome=5)
    assert statements() == few
