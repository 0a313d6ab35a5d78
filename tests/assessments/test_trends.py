"""A child's own scale over time: reading by reading, each scale by itself, as far as it may be heard."""

from datetime import timedelta

import pytest

from tafcore.assessments import reading
from tafcore.assessments.trends import in_short, readings_of, trends
from tafcore.db import utcnow
from tafcore.standards.clock import london_day


@pytest.fixture
def given(borough):
    """Record readings of a child so many days ago."""

    def record(*readings, child=None, **more):
        for back, scales in readings:
            day = london_day(utcnow()) - timedelta(days=back)
            borough.say(f"Said {back} days ago", child=child, day=day, **scales, **more)

    return record


@pytest.fixture
def heard(app, make, borough):
    def read(user=None, shared=False):
        view, who = borough.view(user, shared), make.actor(user or borough.lead)
        with app.app_context():
            voices = reading.voices(view, who)
            return trends(view, voices), in_short(readings_of(view, voices))

    return read


def test_one_reading_is_no_trend(given, heard):
    given((3, {"scale": 4, "face": 2}))
    assert heard() == ((), {})


def test_readings_stand_in_their_order_and_scales_apart(borough, given, heard):
    given((30, {"scale": 2}), (5, {"scale": 6, "face": 4}), (20, {"scale": 3}), (10, {"face": 1}))
    given((4, {"scale": 9}), child=borough.sofia)
    (found,), short = heard()
    assert {line.kind: [one.value for one in line.readings] for line in found.lines} == {
        "scale": [2, 3, 6],
        "face": [1, 4],
    }
    assert [one.words for one in found.readings] == ["2", "3", "1, very sad", "6", "4, happy"]
    assert short == {borough.jack.id: "faces 1, 4 of 5"}


def test_the_sentence_says_first_and_last_and_no_average(given, heard):
    given((30, {"scale": 2}), (20, {"scale": 3}), (10, {"scale": 10}))
    today = london_day(utcnow())
    (line,) = heard()[0][0].lines
    said = line.means(today)
    assert "2 on" in said and "then 10 on" in said and "3 readings" in said and "5" not in said.split("number: ")[0]


def test_a_reading_is_drawn_only_for_who_may_hear_it(borough, given, heard):
    given((30, {"scale": 2}), (20, {"scale": 3}))
    given((10, {"scale": 7}), user=borough.member, audience="recorder")
    may = {"audience": "parents", "asked": "yes", "hearers": [borough.mother.ref]}
    given((5, {"scale": 8}), **may)
    values = {
        who: [one.value for found in drawn for one in found.readings]
        for who, (drawn, _) in {
            "lead": heard(),
            "member": heard(borough.member),
            "manager": heard(borough.manager),
            "shared": heard(shared=True),
        }.items()
    }
    assert values == {"lead": [2, 3, 8], "member": [2, 3, 7, 8], "manager": [2, 3, 7, 8], "shared": []}


def test_the_page_has_a_picture_and_the_same_as_a_table(borough, given, sign_in):
    given((30, {"face": 2}), (20, {"face": 5, "scale": 4}))
    lead = sign_in(borough.lead)
    assert "app-chart" not in lead.get(f"{borough.at}/voices").text, "nobody in the family may hear it yet"
    with lead.session_transaction() as cookie:
        cookie["alone"] = True
    page = lead.get(f"{borough.at}/voices").text
    table = page.split("Each reading of Child0 Okoro")[1].split("</table>")[0]
    for words in ("2, sad", "5, very happy", "Face, 1 to 5", "Number, 0 to 10", "Said 30 days ago", "Said 20 days ago"):
        assert words in table
    assert page.count('class="app-chart__point"') == 2 and "average" not in page
    assert "Own scale</dt>" in lead.get(borough.at).text and "faces 2, 5 of 5" in lead.get(borough.at).text
    assert "Own scale" not in sign_in(borough.lead).get(borough.at).text
