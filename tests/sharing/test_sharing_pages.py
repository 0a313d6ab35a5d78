"""The page "Who can see this, and why" and its forms."""

from __future__ import annotations


def test_the_page_says_who_sees_it_and_why(home, sign_in) -> None:
    browser = sign_in(home.lead)
    page = browser.get(f"/families/{home.family.ref}/sharing").text
    for words in ("Who can see this, and why", "Ann Patel", "Elm Row Primary", "Lead professional", "Money Matters"):
        assert words in page
    assert "In the team around the family" in page and "Manager of the team or area" in page
    assert "Nothing recorded yet" in page and "No basis is recorded yet" in page


def test_recording_what_somebody_agreed_to(home, sign_in) -> None:
    browser = sign_in(home.lead)
    form = f"/families/{home.family.ref}/sharing/agreement/{home.mother.ref}"
    assert "checked" not in browser.get(form).text, "nothing is ever ticked beforehand"
    told = {"status": "agreed", "scope": ["school", "vcs"], "told": "Who reads it"}
    assert browser.post(form, data=told).status_code == 302
    page = browser.get(f"/families/{home.family.ref}/sharing").text
    assert "Shared with: School, Voluntary and community" in page and "Told: Who reads it" in page


def test_faults_stand_beside_their_fields(home, sign_in) -> None:
    browser = sign_in(home.lead)
    page = browser.post(f"/families/{home.family.ref}/sharing/agreement/{home.mother.ref}", data={"status": "not_now"})
    assert page.status_code == 422
    assert "Say when you will ask again" in page.text and "There is a problem" in page.text


def test_a_worker_whose_organisation_goes_is_shown_out_politely(home, sign_in) -> None:
    browser = sign_in(home.lead)
    form = f"/families/{home.family.ref}/sharing/agreement/{home.mother.ref}"
    browser.post(form, data={"status": "agreed", "scope": ["school"], "told": "Yes"})
    answer = browser.post(
        f"/families/{home.family.ref}/sharing/withdraw/{home.mother.ref}", data={"reason": "No longer wishes it"}
    )
    assert answer.status_code == 302 and answer.headers["Location"] == "/"
    assert browser.get(f"/families/{home.family.ref}").status_code == 404


def test_basis_and_decision_forms(home, sign_in) -> None:
    browser = sign_in(home.manager)
    at = f"/families/{home.family.ref}/sharing"
    assert browser.post(f"{at}/basis", data={"basis": "public_task", "reason": "Our work"}).status_code == 302
    decision = {"shared": "no", "what": "Her history", "with_whom": "The school", "why": "Not needed"}
    assert browser.post(f"{at}/decision", data=decision).status_code == 302
    with browser.session_transaction() as cookie:
        cookie["alone"] = True
    page = browser.get(at).text
    assert "Public task" in page and "Not shared" in page and "Her history" in page


def test_those_it_is_closed_to(home, make, sign_in) -> None:
    at = f"/families/{home.family.ref}/sharing"
    assert sign_in(home.stranger).get(at).status_code == 404
    assert sign_in(make.user("board_member")).get(at).status_code == 403
    assert sign_in(home.adviser).get(f"{at}/basis").status_code == 403
    asked = make.user()
    other = make.family(home.team)
    make.episode(other, home.manager)
    from tafcore import db
    from tafcore.episodes import service as episodes
    from tafcore.episodes.commands import NominateLead

    with make.app.app_context(), db.writing():
        command = NominateLead(family=other.ref, user=asked.id, cover=home.manager.id, reason="Knows them")
        episodes.nominate_lead(command, make.actor(home.manager))
    assert sign_in(asked).get(f"/families/{other.ref}/sharing").status_code == 403, "asked only: sharing is not open"


def test_helpers_are_not_named_where_somebody_must_be_kept_safe(home, make, sign_in) -> None:
    make.protect(home.mother.id, home.child.id, {"worker"})
    page = sign_in(home.lead).get(f"/families/{home.family.ref}/sharing").text
    assert "Not shown on this screen, to keep somebody safe" in page and "Money Matters" not in page
