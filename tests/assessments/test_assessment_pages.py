"""The pages of an Early Help Assessment, from the start to the family's copy."""

import html
import re

import pytest

from tafcore.contacts.models import Contact
from tafcore.db import session, utcnow, writing


def text(answer):
    return html.unescape(answer.text)


def alone(browser):
    with browser.session_transaction() as cookie:
        cookie["alone"] = True
    return browser


def fields(page):
    """Name -> value of the fields of a page's form, as a browser would send them."""
    main = page.text.partition("<main")[2]
    found = {}
    for tag in re.findall(r"<input[^>]*>", main):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and 'type="radio"' not in tag and 'type="checkbox"' not in tag:
            found[name[1]] = html.unescape(value[1]) if value else ""
    for name, words in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', main, re.S):
        found[name] = html.unescape(words).removeprefix("\n")
    for name, chosen in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', main, re.S):
        value = re.search(r'value="([^"]*)" selected', chosen)
        found[name] = value[1] if value else ""
    return found


@pytest.fixture
def at(borough):
    return f"{borough.at}/assessment"


def test_from_the_start_to_the_signature_and_the_plan(borough, at, sign_in):
    lead, manager = alone(sign_in(borough.lead)), alone(sign_in(borough.manager))
    assert "No assessment has been started" in lead.get(at).text
    assert lead.get(f"{at}/parts/family").status_code == 404
    assert lead.post(f"{at}/start").status_code == 302
    page = lead.get(f"{at}/parts/{borough.jack.ref}")
    typed = fields(page) | {"sections-0-words": "Sleeps badly"}
    assert lead.post(f"{at}/parts/{borough.jack.ref}", data=typed).location.endswith(f"#{borough.jack.ref}")
    need = {"words": "Somewhere warm to sleep", "said_by": "Jack", "person": borough.jack.ref, "outcome": "9"}
    assert lead.post(f"{at}/needs/new", data=need).status_code == 302
    page = text(lead.get(at))
    assert "Sleeps badly" in page and "Somewhere warm to sleep" in page and "Secure housing" in page
    assert "has not been heard" in page, "what is missing is said all the time"
    send = lead.get(f"{at}/send")
    answer = lead.post(f"{at}/send", data=fields(send))
    assert answer.status_code == 422 and "Say why nobody has heard" in text(answer)
    assert re.search(r'id="gaps-\d+-why-error"[^>]*>[^<]*<span[^>]*>Error:</span> Say why', answer.text), (
        "at its own box"
    )
    why = {name: "On holiday" if name.endswith("why") else value for name, value in fields(send).items()}
    assert lead.post(f"{at}/send", data=why).status_code == 302
    assert lead.get(f"{at}/decision").status_code == 403
    assert "On holiday" in manager.get(f"{at}/decision").text
    assert manager.post(f"{at}/decision", data={"decision": "return"}).status_code == 422
    assert manager.post(f"{at}/decision", data={"decision": "sign"}).status_code == 302
    assert "Somewhere warm to sleep" in text(lead.get(f"{borough.at}/plan"))
    assert "Start a new assessment" in lead.get(at).text


def test_the_second_of_two_in_one_section_sees_both_texts_and_loses_none(borough, at, sign_in):
    lead, member = alone(sign_in(borough.lead)), alone(sign_in(borough.member))
    lead.post(f"{at}/start")
    mine, theirs = fields(lead.get(f"{at}/parts/family")), fields(member.get(f"{at}/parts/family"))
    lead.post(f"{at}/parts/family", data=mine | {"sections-3-words": "Rent is late"})
    both = theirs | {"sections-3-words": "Gas is cut off", "sections-4-words": "Nights"}
    answer = member.post(f"{at}/parts/family", data=both)
    assert answer.status_code == 422
    assert "Saved meanwhile by A. Patel" in text(answer) and "Rent is late" in text(answer)
    again = fields(answer)
    assert again["sections-3-words"] == "Gas is cut off" and "Nights" in text(lead.get(at))
    put = again | {"sections-3-words": "Rent is late, gas is cut off"}
    assert member.post(f"{at}/parts/family", data=put).status_code == 302
    assert "Rent is late, gas is cut off" in text(lead.get(at))


def test_what_is_known_is_offered_with_its_source_and_saves_nothing_yet(borough, at, sign_in):
    lead = alone(sign_in(borough.lead))
    lead.post(f"{at}/start")
    borough.visit((borough.jack, "alone", {"observation": "Draws houses with big windows"}))
    page = lead.get(f"{at}/parts/{borough.jack.ref}")
    assert "Known already (1)" in text(page) and "Visit by A. Patel" in text(page)
    (button,) = re.findall(r'name="(_use-known-[^"]+)"', page.text)
    typed = fields(page) | {"sections-2-words": "Often quiet", button: "1"}
    answer = lead.post(f"{at}/parts/{borough.jack.ref}", data=typed)
    again = fields(answer)
    assert again["sections-2-words"].startswith("Often quiet\n\nDraws houses with big windows (Visit by A. Patel")
    assert "Often quiet" not in text(lead.get(at))
    assert "Known already" not in sign_in(borough.lead).get(f"{at}/parts/{borough.jack.ref}").text


def told_at_the_door(app, borough, source):
    now = utcnow()
    with app.app_context(), writing():
        told = Contact(ref="C-2222-22", family_id=borough.family.id, source=source, worries="They sleep in one bed")
        told.registered_by, told.registered_key, told.anonymous = "Hub", "user:1", False
        told.agreement = "agreed"
        told.received_at = told.first_look_due = told.conversation_due = told.answer_due = now
        session.add(told)


@pytest.mark.parametrize("source", ["1B", "1D", "9", "10"])
def test_what_a_neighbour_told_is_not_offered_for_what_the_family_reads(app, borough, at, sign_in, source):
    told_at_the_door(app, borough, source)
    lead = alone(sign_in(borough.lead))
    lead.post(f"{at}/start")
    page = lead.get(f"{at}/parts/signs")
    assert page.status_code == 200 and "They sleep in one bed" not in text(page)


def test_the_contact_is_offered_to_those_who_may_read_contacts(app, borough, at, sign_in):
    told_at_the_door(app, borough, "1A")
    lead, member = alone(sign_in(borough.lead)), alone(sign_in(borough.member))
    lead.post(f"{at}/start")
    assert "They sleep in one bed" in text(lead.get(f"{at}/parts/signs"))
    assert "They sleep in one bed" not in text(member.get(f"{at}/parts/signs"))


def test_the_familys_copy_holds_what_they_may_have_and_nothing_else(borough, at, make, sign_in):
    lead = alone(sign_in(borough.lead))
    lead.post(f"{at}/start")
    typed = fields(lead.get(f"{at}/parts/{borough.jack.ref}"))
    typed |= {"sections-0-words": "Sleeps badly", "sections-2-words": "Afraid next door"}
    typed |= {"sections-2-withheld_why": "She asked me not to"}
    lead.post(f"{at}/parts/{borough.jack.ref}", data=typed)
    borough.say("For workers only")
    borough.say("Mum may hear this", audience="parents", asked="yes", hearers=[borough.mother.ref])
    page = text(lead.get(at))
    assert "Afraid next door" in page and "Not for the family" in page and "For workers only" in page
    copy = text(lead.get(f"{at}/print?for={borough.mother.ref}"))
    assert "Sleeps badly" in copy and "Mum may hear this" in copy
    assert "Afraid" not in copy and "She asked" not in copy and "For workers only" not in copy
    make.protect(borough.jack.id, borough.mother.id, {"school"})
    assert "Sleeps badly" not in text(lead.get(f"{at}/print?for={borough.mother.ref}"))
    assert "Sleeps badly" not in text(lead.get(f"{at}/print"))
    for_jack = f"{at}/print?for={borough.jack.ref}"
    assert "Sleeps badly" in text(lead.get(for_jack))
    assert "Sleeps badly" not in text(sign_in(borough.lead).get(for_jack)), "his mother may be looking"
    shared = text(sign_in(borough.lead).get(at))
    assert "Sleeps badly" not in shared and "not shown on this screen" in shared
    form = text(sign_in(borough.lead).get(f"{at}/parts/{borough.jack.ref}"))
    assert "Sleeps badly" not in form and "to keep somebody safe" in form and ">Save<" not in form.replace(" ", "")


def test_who_may_open_what(make, borough, at, sign_in):
    lead = alone(sign_in(borough.lead))
    lead.post(f"{at}/start")
    writes = [f"{at}/parts/family", f"{at}/parts/{borough.jack.ref}", f"{at}/needs/new", f"{at}/opinion"]
    for path in (at, *writes, f"{at}/print"):
        assert sign_in(borough.nobody).get(path).status_code == 404, path
        assert alone(sign_in(borough.member)).get(path).status_code == 200, path
        assert sign_in(make.user("board_member")).get(path).status_code in (403, 404), path
    assert sign_in(borough.member).get(f"{at}/send").status_code == 403
    assert sign_in(borough.member).post(f"{at}/start").status_code == 403
    assert lead.get(f"{at}/parts/{borough.mother.ref}").status_code == 404
    assert lead.get(f"{at}/needs/K-2222-22/error").status_code == 404


def test_the_familys_page_and_my_work_say_where_it_stands(borough, at, sign_in):
    lead, manager = alone(sign_in(borough.lead)), alone(sign_in(borough.manager))
    page = text(lead.get(borough.at))
    assert "Early Help Assessment" in page and "not started" in page
    lead.post(f"{at}/start")
    assert "being written" in text(lead.get(borough.at))
    send = fields(lead.get(f"{at}/send"))
    why = {name: "On holiday" if name.endswith("why") else value for name, value in send.items()}
    assert lead.post(f"{at}/send", data=why).status_code == 302
    assert "An assessment waits to be signed" in text(manager.get("/"))
    manager.post(f"{at}/decision", data={"decision": "return", "comments": "Hear Sofia first"})
    assert "returned with comments" in text(lead.get("/"))
    assert "Hear Sofia first" in text(lead.get(at))
    assert "Hear Sofia first" not in text(sign_in(borough.lead).get(at))
