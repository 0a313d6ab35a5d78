"""Recording visits and children's words, and what the shared screen shows of them."""

import html

import pytest
from sqlalchemy import select

from tafcore.assessments.models import Visit, VisitPerson, VoiceEntry
from tafcore.db import session

HOSTILE = (
    "<img src=x onerror=alert(1)>",
    "'; DROP TABLE voice_entry; --",
    "{{ config }} {% raw %} %n",
    "\u202eright to left\u202c 👩\u200d👧 ﷽",
    "+SUM(1)\ttab  spaces",
)


def text(answer):
    return html.unescape(answer.text)


def visit_of(borough, **more):
    typed = {
        "day": "1 1 2026",
        "venue": "school",
        "children-0-person": borough.jack.ref,
        "children-0-seen": "alone",
        "children-0-how": "spoken",
        "children-1-person": borough.sofia.ref,
        "children-1-seen": "",
        "children-1-how": "spoken",
    }
    return {**typed, **more}


def alone(browser):
    """This browser's worker switched the shared view off."""
    with browser.session_transaction() as cookie:
        cookie["alone"] = True
    return browser


def test_a_visit_in_one_form(app, borough, sign_in):
    lead = sign_in(borough.lead)
    form = lead.get(f"{borough.at}/visits/new")
    assert form.status_code == 200 and "Child0 Okoro" in form.text and "Child1 Okoro" in form.text
    typed = visit_of(borough, **{"children-0-words": "It's cold", "adults": [borough.mother.ref]})
    assert lead.post(f"{borough.at}/visits/new", data=typed).location.endswith("/visits")
    with app.app_context():
        assert session.scalars(select(Visit)).one().by == "A. Patel, Elm Row Primary"
        assert len(session.scalars(select(VisitPerson)).all()) == 2
        assert session.scalars(select(VoiceEntry)).one().words == "It's cold"
    page = alone(lead).get(f"{borough.at}/visits")
    assert "seen alone" in page.text and "school or setting" in page.text and "not seen yet" in page.text


def test_faults_stand_beside_the_childs_own_field(borough, sign_in):
    rows = {"children-0-seen": "", "children-1-seen": "no", "children-1-observation": "Heard upstairs"}
    answer = sign_in(borough.lead).post(f"{borough.at}/visits/new", data=visit_of(borough, **rows))
    assert answer.status_code == 422 and 'href="#children-1-why_not">Say why not seen' in answer.text
    assert "Heard upstairs" in answer.text
    rows = {"venue": "home"}
    answer = sign_in(borough.lead).post(f"{borough.at}/visits/new", data=visit_of(borough, **rows))
    assert "Say for Child1 Okoro whether they were seen" in answer.text
    answer = sign_in(borough.lead).post(f"{borough.at}/visits/new", data={})
    assert answer.status_code == 422 and "Say when" in answer.text and "Choose where" in answer.text


@pytest.mark.parametrize(
    ("box", "shown"),
    [
        ("words", 'Last said</dt><dd class="app-prose">“Warm”'),
        ("watched", 'Last watched</dt><dd class="app-prose">Warm '),
    ],
)
def test_what_was_watched_is_not_quoted(borough, sign_in, box, shown):
    lead = sign_in(borough.lead)
    typed = {"person": borough.jack.ref, box: "Warm", "how": "spoken", "audience": "team", "asked": "not_asked"}
    assert lead.post(f"{borough.at}/voices/new", data={**typed, "harm": "no"}).status_code == 302
    assert shown in alone(lead).get(borough.at).text


def test_words_wait_for_the_child_to_agree(borough, sign_in):
    lead = sign_in(borough.lead)
    typed = {"person": borough.jack.ref, "words": "It's too cold to sleep", "how": "spoken", "audience": "parents"}
    typed |= {"hearers": [borough.mother.ref], "asked": "not_asked", "harm": "no", "scale": "3"}
    refused = lead.post(f"{borough.at}/voices/new", data=typed)
    assert refused.status_code == 422 and "The child has to say yes first" in refused.text
    assert "It&#39;s too cold to sleep" in refused.text
    saved = lead.post(f"{borough.at}/voices/new", data={**typed, "audience": "team"})
    assert saved.status_code == 302
    page = lead.get(saved.location)
    assert (
        "too cold to sleep" not in text(page) and "Nothing here may be shown while the family is looking" in page.text
    )
    page = alone(lead).get(saved.location)
    assert "too cold to sleep" in text(page) and "3 out of 10" in page.text and "Nothing done yet" in page.text


def test_after_yes_the_shared_screen_shows_it_with_what_we_did(app, borough, sign_in):
    voice = borough.say()
    lead = alone(sign_in(borough.lead))
    hearing = {"audience": "parents", "hearers": [borough.mother.ref], "asked": "yes", "harm": ""}
    assert lead.post(f"{borough.at}/voices/{voice.ref}/hearing", data=hearing).status_code == 302
    response = {"words": "Two heaters came", "told_on": "1 1 2026", "told_how": "At school"}
    assert lead.post(f"{borough.at}/voices/{voice.ref}/response", data=response).status_code == 302
    page = text(sign_in(borough.lead).get(f"{borough.at}/voices"))
    assert "too cold to sleep" in page and "Two heaters came" in page and "At school" in page


def test_harm_prompts_a_step_up_to_the_worker_alone(borough, sign_in):
    borough.say("He hits me")
    lead = sign_in(borough.lead)
    shared = text(lead.get(f"{borough.at}/voices"))
    assert "hits" not in shared and "harm" not in shared and "MASH" not in shared
    page = text(alone(lead).get(f"{borough.at}/voices"))
    assert "He hits me" in page and "step up to MASH" in page and "ring 999" in page
    assert f'href="/families/{borough.family.ref}/steps"' in page


def test_what_a_shared_screen_hides_has_no_page_there_either(borough, sign_in):
    voice = borough.say()
    lead = sign_in(borough.lead)
    for page in ("hearing", "response"):
        assert lead.get(f"{borough.at}/voices/{voice.ref}/{page}").status_code == 404
        assert alone(sign_in(borough.lead)).get(f"{borough.at}/voices/{voice.ref}/{page}").status_code == 200


def test_recorder_only_words_are_found_by_nobody_else(borough, sign_in):
    voice = borough.say(user=borough.member, audience="recorder")
    path = f"{borough.at}/voices/{voice.ref}/response"
    assert alone(sign_in(borough.member)).get(path).status_code == 200
    assert alone(sign_in(borough.manager)).get(path).status_code == 200
    assert alone(sign_in(borough.lead)).get(path).status_code == 404


def test_who_may_open_what(make, borough, sign_in):
    visit, voice = borough.visit((borough.jack, "alone", {})), borough.say()
    paths = ["/visits", "/voices", "/visits/new", "/voices/new", f"/visits/{visit.ref}/error"]
    paths += [f"/voices/{voice.ref}/{page}" for page in ("hearing", "response", "error")]
    board, stranger, member = make.user("board_member"), borough.nobody, alone(sign_in(borough.member))
    for path in paths:
        assert sign_in(stranger).get(borough.at + path).status_code == 404
        assert sign_in(board).get(borough.at + path).status_code in (403, 404)
        assert member.get(borough.at + path).status_code == 200
    assert member.post(f"{borough.at}/visits/{visit.ref}/error", data={"reason": "Wrong"}).status_code == 403
    lead = sign_in(borough.lead)
    assert lead.post(f"{borough.at}/visits/{visit.ref}/error", data={"reason": "Wrong"}).status_code == 302
    assert lead.post(f"{borough.at}/visits/{visit.ref}/error", data={"reason": "Wrong"}).status_code == 404


def test_a_forged_child_is_nobody(make, borough, sign_in):
    other = make.family(name="Rahman", team=borough.team)
    make.episode(other, borough.manager, borough.lead)
    lead = sign_in(borough.lead)
    typed = visit_of(borough)
    assert lead.post(f"/families/{other.ref}/visits/new", data=typed).status_code == 404
    typed = {"person": borough.jack.ref, "words": "Hello", "how": "spoken"}
    assert lead.post(f"/families/{other.ref}/voices/new", data=typed).status_code == 422


@pytest.mark.parametrize("words", HOSTILE)
def test_words_are_kept_and_shown_byte_for_byte_and_inert(app, borough, sign_in, words):
    lead = alone(sign_in(borough.lead))
    typed = {"person": borough.jack.ref, "words": words, "how": "spoken", "audience": "team", "asked": "not_asked"}
    assert lead.post(f"{borough.at}/voices/new", data={**typed, "harm": "", "room": words}).status_code == 302
    with app.app_context():
        voice = session.scalars(select(VoiceEntry)).one()
    assert (voice.words, voice.room) == (words, words)
    page = lead.get(f"{borough.at}/voices")
    assert (
        page.text.count(words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("'", "&#39;"))
        == 2
    )
    assert "<img src=x" not in page.text
