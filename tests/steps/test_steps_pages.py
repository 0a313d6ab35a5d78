"""The pages of steps and closing: what each role sees, may do, and is told when something is missing."""

import re

import pytest

from tafcore.db import session
from tafcore.steps import service
from tafcore.steps.commands import SendStep
from tafcore.steps.models import Step

from .conftest import in_days
from .test_closing import close


def alone(browser):
    """Switch the shared view off: nobody of the family can see this screen."""
    with browser.session_transaction() as cookie:
        cookie["alone"] = True
    return browser


def text(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)))


def test_a_lead_writes_reads_and_sends_a_step_up(app, sign_in, borough):
    browser = alone(sign_in(borough.lead))
    form = browser.get(f"{borough.at}/steps/up")
    assert "Ring 999" in text(form)
    asked = {"children": borough.jack.ref, "immediate_risk": "no", "agreement": "agreed", "help_continues": "yes"}
    missing = browser.post(f"{borough.at}/steps/up", data=asked)
    assert missing.status_code == 422 and "Say why this needs a decision by MASH" in text(missing)
    made = browser.post(f"{borough.at}/steps/up", data={**asked, "reasons": "Hurt <b>twice</b>"})
    assert made.status_code == 302
    page = browser.get(made.location)
    assert "What MASH will get" in text(page) and "Hurt &lt;b&gt;twice&lt;/b&gt;" in page.get_data(as_text=True)
    assert browser.post(f"{made.location}/send").status_code == 302
    assert "As issued by A. Patel" in text(browser.get(made.location))
    with app.app_context():
        assert session.query(Step).one().state == "sent"


def test_danger_without_words_is_asked_for_beside_the_field(sign_in, borough):
    browser = alone(sign_in(borough.lead))
    asked = {"children": borough.jack.ref, "immediate_risk": "yes", "agreement": "without", "reasons": "Hurt"}
    page = browser.post(f"{borough.at}/steps/up", data={**asked, "help_continues": "yes"})
    html = page.get_data(as_text=True)
    assert page.status_code == 422
    assert 'id="risk_words-error"' in html and 'id="without_why-error"' in html


def test_mash_receives_decides_and_then_sees_the_family_no_more(sign_in, borough):
    step = borough.up()
    mash = sign_in(borough.mash)
    assert "No step is in hand" in text(mash.get("/steps"))
    assert mash.get(f"/steps/{step.ref}").status_code == 404
    borough.do(service.send, SendStep(step=step.ref))
    assert step.ref in text(mash.get("/steps"))
    assert "Hurt twice this week" in text(mash.get(f"/steps/{step.ref}")), "no family looks on at MASH"
    assert "because: MASH, with a step in hand" in text(mash.get(borough.at))
    assert mash.get(f"/steps/{step.ref}/decide").status_code == 200
    assert mash.post(f"/steps/{step.ref}/receive").status_code == 302
    empty = mash.post(f"/steps/{step.ref}/decide", data={})
    assert empty.status_code == 422 and "Choose the decision" in text(empty)
    told = {
        "decision": "advice",
        "answer": "Go on as you are",
        "ring": "M. Ash, 020 7946 0101",
        "help_continues": "yes",
    }
    assert mash.post(f"/steps/{step.ref}/decide", data=told).location == "/steps"
    assert mash.get(f"/steps/{step.ref}").status_code == 404
    assert "advice given, early help leads" in text(alone(sign_in(borough.lead)).get(f"/steps/{step.ref}"))


def test_a_step_in_the_wrong_state_says_so(sign_in, borough):
    step = borough.up()
    lead = alone(sign_in(borough.lead))
    lead.post(f"/steps/{step.ref}/send")
    again = lead.post(f"/steps/{step.ref}/send")
    assert again.status_code == 422 and "This step is sent to MASH" in text(again)


def test_the_family_looking_on_sees_no_words(sign_in, borough):
    step = borough.with_mash()
    lead = sign_in(borough.lead)
    for address in (f"/steps/{step.ref}", f"{borough.at}/steps"):
        assert "Hurt twice" not in text(lead.get(address))
    assert "Turn shared view off" in text(lead.get(f"/steps/{step.ref}"))


@pytest.mark.parametrize("who", ["board", "nobody", "member"])
def test_others_open_nothing(sign_in, borough, who):
    step = borough.with_mash()
    browser = sign_in(getattr(borough, who))
    refused = (403, 404)
    for address in (
        "/steps",
        f"/steps/{step.ref}",
        f"{borough.at}/steps",
        f"{borough.at}/steps/up",
        f"{borough.at}/close",
    ):
        assert browser.get(address).status_code in refused, address
    assert browser.get(borough.at).status_code in ((403, 404) if who != "member" else (200,))
    for address in (f"/steps/{step.ref}/receive", f"/steps/{step.ref}/send"):
        assert browser.post(address).status_code in refused, address


def test_a_step_down_from_proposal_to_first_taf(sign_in, borough):
    manager, lead = alone(sign_in(borough.manager)), sign_in(borough.lead)
    asked = {
        "children": borough.jack.ref,
        "from_status": "child_in_need",
        "reasons": "Safe since the move",
        "outstanding-0-words": "Finish the course",
        "outstanding-0-owner": "Mother",
        "contingency_if": "He comes to school hurt",
        "contingency_then": "ring MASH",
        "lead": str(borough.lead.id),
        "cover": str(borough.manager.id),
        "closes_on": f"{in_days(10):%d/%m/%Y}",
    }
    page = manager.post(f"{borough.at}/steps/down", data=asked)
    assert page.status_code == 422 and 'href="#outstanding-0-due"' in page.get_data(as_text=True)
    made = manager.post(f"{borough.at}/steps/down", data={**asked, "outstanding-0-due": f"{in_days(30):%d/%m/%Y}"})
    assert made.status_code == 302
    assert "Will you be this family's lead professional" in text(lead.get(f"{made.location}/accept")).replace(
        "&#39;", "'"
    )
    assert lead.post(f"{made.location}/accept", data={"accept": "yes"}).location == "/"
    late = manager.post(
        f"{made.location}/complete", data={"first_taf_at": f"{in_days(90)}T10:00", "place": "Larch hub", "level": "3"}
    )
    assert late.status_code == 422 and "The first TAF meeting is due by" in text(late)
    done = manager.post(
        f"{made.location}/complete", data={"first_taf_at": f"{in_days(20)}T10:00", "place": "Larch hub", "level": "3"}
    )
    assert done.status_code == 302
    assert "in the plan" in text(manager.get(made.location))


def test_closing_shows_each_need_with_its_own_faults(app, sign_in, borough):
    need, _ = borough.need()
    browser = sign_in(borough.lead)
    page = browser.get(f"{borough.at}/close")
    assert "The flat is cold" in text(page)
    told = {"needs-0-need": need.ref, "needs-0-outcome": "not_met", "reason": "universal", "words": "School carries on"}
    page = browser.post(f"{borough.at}/close", data=told)
    html = page.get_data(as_text=True)
    assert page.status_code == 422
    assert 'href="#needs-0-family_says"' in html and 'href="#needs-0-evidence"' in html
    with app.app_context():
        assert session.query(Step).count() == 0
    told |= {"needs-0-family_says": "partly", "needs-0-evidence": "The heating is still broken"}
    done = browser.post(f"{borough.at}/close", data=told)
    assert done.status_code == 302 and "3 months" in text(browser.get(done.location))


def test_a_follow_up_before_its_time_is_refused_kindly(sign_in, borough):
    close(borough)
    manager = sign_in(borough.manager)
    assert manager.get(f"{borough.at}/follow-ups/3").status_code == 200
    early = manager.post(f"{borough.at}/follow-ups/3", data={"outcome": "still_well"})
    assert early.status_code == 422 and "not due yet" in text(early)
    assert manager.get(f"{borough.at}/follow-ups/4").status_code == 404


def test_the_list_searches_sorts_and_pages_in_a_fixed_number_of_statements(sign_in, borough, counting):
    manager = sign_in(borough.manager)

    def statements():
        with counting() as sent:
            assert manager.get("/steps").status_code == 200
        return len(sent)

    borough.up()
    few = statements()
    for _ in range(25):
        borough.up()
    assert statements() == few
    page = manager.get("/steps").get_data(as_text=True)
    assert "20 of 26 steps shown" in page
    after = re.search(r"/steps\?[^\"]*after=S-[^\"&]+", page).group(0).replace("&amp;", "&")
    assert "6 of 26 steps shown" in text(manager.get(after))
    assert "No step matches" in text(manager.post("/steps", data={"q": "Nobody"}))
    assert "20 of 26 steps shown" in text(manager.post("/steps", data={"q": "okoro", "sort": "new"}))


def test_what_is_open_is_not_reopened_and_what_is_closed_not_closed(sign_in, borough):
    manager = sign_in(borough.manager)
    answer = manager.get(f"{borough.at}/reopen", follow_redirects=True)
    assert "Early help is open already" in text(answer) and answer.request.path == borough.at
