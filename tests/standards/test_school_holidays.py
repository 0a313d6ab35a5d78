"""The page of school holidays, and what a new borough starts with."""

from datetime import date, timedelta

from sqlalchemy import select

from tafcore.db import session, utcnow, writing
from tafcore.standards import school
from tafcore.standards.clock import london_day
from tafcore.standards.models import SchoolHoliday


def test_holidays_are_added_and_taken_out_on_record(app, make, sign_in):
    boss, worker = sign_in(make.user("administrator")), sign_in(make.user())
    at = "/standards/school-holidays"
    first = london_day(utcnow()) + timedelta(days=1500)
    typed = {"name": "Long weekend", "first": f"{first.day} {first.month} {first.year}"}
    wrong = boss.post(at, data={**typed, "last": typed["first"].replace(str(first.year), str(first.year - 1))})
    assert wrong.status_code == 422 and "The last day comes before the first" in wrong.text
    assert boss.post(at, data={**typed, "last": typed["first"]}).location == at
    assert "Long weekend" in boss.get(at).text and "Long weekend" in worker.get("/standards").text
    assert worker.get(at).status_code == 403 and "Change the school holidays" not in worker.get("/standards").text
    with app.app_context():
        row = session.scalar(select(SchoolHoliday.id).where(SchoolHoliday.name == "Long weekend"))
    assert boss.post(f"{at}/{row}/end").location == at
    assert boss.post(f"{at}/{row}/end").status_code == 404
    assert "Long weekend" not in boss.get(at).text
    with app.app_context():
        assert session.get_one(SchoolHoliday, row).ended_by is not None


def test_defaults_are_written_once_and_not_over_a_year_the_borough_keeps(app):
    with app.app_context(), writing():
        for row in session.scalars(select(SchoolHoliday)).all():
            session.delete(row)
        session.flush()
        session.add(
            SchoolHoliday(name="Ours", first=date(2026, 10, 19), last=date(2026, 10, 30), source="", added_by="")
        )
        session.flush()
        school.load_defaults()
        school.load_defaults()
        rows = session.execute(select(SchoolHoliday.name, SchoolHoliday.first).order_by(SchoolHoliday.first)).all()
    assert [row.name for row in rows if row.first < date(2027, 9, 1)] == ["Ours"]
    assert len([row for row in rows if row.first >= date(2027, 9, 1)]) == 6
