"""The demo settles once and comes back the same; the server and its worker end together."""

import gc
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import pytest
from sqlalchemy import func, select

from tafcore import config, serving
from tafcore.accounts import service as accounts
from tafcore.accounts.models import User
from tafcore.cli import inventing
from tafcore.db import session, writing
from tafcore.demo import bulk
from tafcore.demo.build import FIRST
from tafcore.families.models import Family

pytestmark = pytest.mark.usefixtures("one_half_year")


@pytest.fixture
def built(monkeypatch):
    """A borough of one sign-in; gives how often it was built, and lets a test have the building fail."""
    times = []

    def build(app, seed, password, progress):
        times.append(seed)
        with app.app_context(), writing():
            home = accounts.add_organisation("Early Help Service", "council")
            accounts.add_user("hub@demo.example", "Hema Doshi", home, {"front_door"}, password=password)
        progress(FIRST)
        if len(times) == getattr(build, "fails", 0):
            raise RuntimeError

    monkeypatch.setattr(inventing, "build", build)
    monkeypatch.setattr(inventing, "_kinds", lambda *_: None)  # migrates a database for the stories
    monkeypatch.setattr(bulk, "fill", lambda *_: None)
    return times, build


@pytest.fixture
def demo(run, monkeypatch):
    monkeypatch.delenv("TAFCORE_MODE")

    def again(*words):
        return run("demo", "--no-serve", *words)

    return again


def password(result):
    return next(line for line in result.output.splitlines() if "the password is" in line).split()[-1]


def test_the_first_run_loads_and_the_second_finds_it_all_there(demo, built, instance, app):
    first = demo("--seed", "30")
    assert first.exit_code == 0, first.output
    assert "hub@demo.example" in first.output and "Hema Doshi" in first.output
    assert config.written(instance / "config.py")["MODE"] == "demo"
    second = demo()
    assert built[0] == [30] and password(first) == password(second)
    with app.app_context():
        assert accounts.sign_in("hub@demo.example", password(first))


def test_reset_loads_it_anew(demo, built, app):
    demo()
    again = demo("--reset")
    assert again.exit_code == 0, again.output
    assert len(built[0]) == 2
    with app.app_context():
        assert len(session.scalars(select(User)).all()) == 1


def test_a_load_that_was_interrupted_is_begun_anew(demo, built):
    built[1].fails = 1
    assert demo().exit_code == 1
    assert demo().exit_code == 0
    assert len(built[0]) == 2


def test_populate_goes_on_until_there_are_as_many(run, monkeypatch, app, kinds):
    monkeypatch.delenv("TAFCORE_MODE")
    monkeypatch.setattr(bulk, "kinds", lambda *_: kinds)
    for families in (12, 20):
        answer = run("populate", "--families", str(families))
        assert answer.exit_code == 0, answer.output
        with app.app_context():
            assert session.scalar(select(func.count()).select_from(Family)) == families


def test_populate_leaves_a_live_installation_alone(run, monkeypatch, make):
    monkeypatch.delenv("TAFCORE_MODE")
    make.user()
    refused = run("populate", "--families", "5")
    assert refused.exit_code == 1 and "This installation is live" in refused.output


def test_an_installation_that_is_set_to_live_takes_no_invented_families(run, monkeypatch, app):
    monkeypatch.setenv("TAFCORE_MODE", "live")
    refused = run("populate", "--families", "5")
    assert refused.exit_code == 1 and "This installation is live" in refused.output


def test_a_live_installation_is_left_alone(demo, built, instance, make):
    make.user()
    refused = demo("--reset")
    assert refused.exit_code == 1 and "This installation is live" in refused.output
    assert built[0] == [] and "MODE" not in config.written(instance / "config.py")
    with (instance / "config.py").open("a") as file:
        file.write('MODE = "live"\n')
    assert demo().exit_code == 1


def test_serving_needs_a_migrated_database(run, monkeypatch, tmp_path):
    monkeypatch.setenv("TAFCORE_DATABASE_URL", f"sqlite:///{tmp_path / 'other.sqlite'}")
    refused = run("serve")
    assert refused.exit_code == 1 and "run `tafcore db upgrade` first" in refused.output


def test_no_request_waits_while_the_program_itself_is_looked_through(monkeypatch):
    monkeypatch.setattr(serving, "create_app", lambda: "the application")
    assert serving.Server({}).load() == "the application"
    frozen = gc.get_freeze_count()
    gc.unfreeze()
    assert frozen > 1000


def test_setting_up_prints_no_warnings(instance):
    """In a process of its own: here warnings are faults or left out."""
    said = subprocess.run([sys.executable, "-m", "tafcore.cli", "db", "upgrade"], env=os.environ, capture_output=True)
    assert (said.returncode, said.stderr) == (0, b"") and b"up to date" in said.stdout


def test_server_and_worker_begin_and_end_together(instance):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "tafcore.cli", "serve", "--port", str(port), "--workers", "1"]
    server = subprocess.Popen(command, env=os.environ, stderr=subprocess.DEVNULL)
    try:
        assert _answers(f"http://127.0.0.1:{port}/readyz")
    finally:
        server.send_signal(signal.SIGTERM)
        assert server.wait(30) == 0


def _answers(url: str) -> bool:
    """Whether `url` says 200 within a minute."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return answer.status == 200
        except OSError:
            time.sleep(0.2)
    return False
