"""Signing in, staying signed in, and being signed out."""

from datetime import timedelta

import time_machine

from tafcore.accounts import rules
from tafcore.db import utcnow


def test_the_right_password_opens_my_work(make, client):
    make.user(email="lead@test.example", password="a long password")
    answer = client.post("/sign-in", data={"email": "Lead@test.example", "password": "a long password"})
    assert (answer.status_code, answer.location) == (302, "/")
    assert client.get("/").status_code == 200


def test_a_wrong_password_says_so_beside_the_field_and_keeps_the_address(make, client):
    make.user(email="lead@test.example", password="a long password")
    answer = client.post("/sign-in", data={"email": "lead@test.example", "password": "another password"})
    assert answer.status_code == 422
    assert "The email address or password is not right" in answer.text
    assert 'value="lead@test.example"' in answer.text and "another password" not in answer.text


def test_guessing_is_slowed_down(make, client):
    make.user(email="lead@test.example", password="a long password")
    for _ in range(rules.GUESSES):
        client.post("/sign-in", data={"email": "lead@test.example", "password": "wrong"})
    answer = client.post("/sign-in", data={"email": "lead@test.example", "password": "a long password"})
    assert "Wait 15 minutes" in answer.text


def test_a_sign_in_link_leads_nowhere_else(make, client):
    make.user(email="lead@test.example", password="a long password")
    typed = {"email": "lead@test.example", "password": "a long password", "next": "//evil.example/"}
    assert client.post("/sign-in", data=typed).location == "/"


def test_signing_out_ends_the_session_on_the_server(make, sign_in):
    browser = sign_in(make.user())
    with browser.session_transaction() as cookie:
        kept = dict(cookie)
    browser.post("/sign-out")
    with browser.session_transaction() as cookie:
        cookie.update(kept)
    assert browser.get("/").location.startswith("/sign-in")


def test_an_idle_session_ends(make, sign_in):
    browser = sign_in(make.user())
    with time_machine.travel(utcnow() + rules.IDLE + timedelta(minutes=1)):
        assert browser.get("/").location.startswith("/sign-in")


def test_nobody_signed_in_is_sent_to_sign_in_and_back(client):
    assert client.get("/").location == "/sign-in?next=/"
