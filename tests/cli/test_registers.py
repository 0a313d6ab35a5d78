"""Registers of agencies, as operators get them from elsewhere."""

from __future__ import annotations

from sqlalchemy import select

from tafcore.accounts.models import Organisation
from tafcore.db import session

GIAS = "URN,LA (code),LA (name),EstablishmentNumber,EstablishmentName,EstablishmentStatus (name),CloseDate,"
GIAS += "PhaseOfEducation (name),StatutoryLowAge,StatutoryHighAge,UKPRN"
SCHOOLS = (
    '100001,310,Harrow,2001,"Élan’s School, North",Open,,Primary,3,11,1',
    "100002,310,Harrow,2002,Gone Primary,Closed,31-08-2011,Primary,4,11,2",
    "100003,310,Harrow,2003,Coming Primary,Proposed to open,,Primary,4,11,3",
    "100004,304,Brent,2004,Over There Primary,Open,,Primary,4,11,4",
    "100005,310,Harrow,6005,Sixth Form,Open,,16 plus,16,99,5",
)


def test_agencies_and_the_download_of_the_national_register_as_it_comes(run, tmp_path, app):
    agencies, schools = tmp_path / "agencies.csv", tmp_path / "edubasealldata.csv"
    agencies.write_text("Name,Sector,URN\r\nOver There,school,100004\r\nMoney Matters,vcs,\r\n", encoding="utf-8")
    assert run("import", "organisations", agencies).exit_code == 0
    schools.write_text("\r\n".join([GIAS, *SCHOOLS]) + "\r\n", encoding="cp1252")
    done = run("import", "gias", schools)
    assert done.exit_code == 0 and "3 rows read, 0 refused, 3 kept." in done.output, done.output
    assert "2 rows do not concern this borough, and were left out." in done.output
    with app.app_context():
        found = dict(session.execute(select(Organisation.name, Organisation.sector)).all())
    assert found == {
        "Money Matters": "vcs",
        "Over There Primary": "school",
        "Élan’s School, North": "school",
        "Sixth Form": "college",
    }


def test_a_hundred_headings_that_are_none_of_ours_are_not_all_named(run, tmp_path):
    file = tmp_path / "wide.csv"
    file.write_text(",".join(["Name", "Sector", *(f"Other {n}" for n in range(100))]) + "\n", encoding="utf-8")
    said = run("import", "organisations", file).output
    assert "Other 19 and 80 more" in said and "Other 20," not in said
