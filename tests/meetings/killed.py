"""Holds meetings and is killed again and again. Run by test_meetings_killed.py.

`python -m tests.meetings.killed URL KILLS FAMILY USER` prints how often something was said to be saved, then what is
gone or is there in part.
"""

import os
import random
import re
import sys
import uuid
from collections import Counter
from datetime import timedelta

from sqlalchemy import select

from tafcore import create_app, drafts
from tafcore.accounts import service as accounts
from tafcore.accounts.models import LoginSession, User
from tafcore.db import session, utcnow, writing
from tafcore.families.access import visible_family
from tafcore.meetings import service
from tafcore.meetings.commands import ScheduleMeeting
from tafcore.meetings.models import Meeting, MeetingLine
from tafcore.meetings.rows import new_list
from tafcore.plans.models import Action
from tafcore.plans.reading import plan_of
from tafcore.testing import SETTINGS
from tests.contacts.killed import in_lives

HELD = "held"


class Lead:
    """The lead professional of a family, at the hold screen."""

    def __init__(self, app, family: str, user_id: int) -> None:
        self.app, self.family, self.token = app, family, uuid.uuid4().hex
        with app.app_context(), writing():
            user = session.get_one(User, user_id)
            self.actor = user.actor()
            session.add(LoginSession(token_hash=accounts.hash_token(self.token), user_id=user_id))
            view = visible_family(family, self.actor)
            self.children = [child.ref for child in view.children]
            self.mother = view.adults[0].ref
            plan = plan_of(view)
            assert plan is not None
            self.actions = new_list(plan.needs[0].goals[0].ref)
        self.sign_in()
        screen = self.browser.get(f"/meetings/{self.meeting()}/hold").text
        self.here = dict.fromkeys(re.findall(r'name="(here-[^"]+)"', screen), "y")

    def sign_in(self) -> None:
        self.browser = self.app.test_client()
        with self.browser.session_transaction() as cookie:
            cookie["_user_id"], cookie["_fresh"] = self.token, True

    def work(self, acknowledge: int) -> None:
        """Type lines, one after the other, and finish now and then, until killed."""
        self.sign_in()
        chance = random.Random()
        while True:
            meeting = self.meeting()
            if chance.random() < 0.25:
                told = [HELD] if self.finish(meeting) else []
            else:
                told = self.type(meeting, chance.randint(1, 3))
            for one in told:
                os.write(acknowledge, f"{meeting} {one}\n".encode())

    def meeting(self) -> str:
        """One to hold; arranged where the last one is recorded."""
        with self.app.app_context(), writing():
            coming = select(Meeting.ref).where(Meeting.state == "scheduled").order_by(Meeting.id)
            found = session.scalars(coming).first()
            if found:
                return found
            asked = ScheduleMeeting(family=self.family, at=utcnow() + timedelta(minutes=1), place="Larch hub")
            return service.schedule(asked, self.actor).ref

    def type(self, meeting: str, lines: int) -> list[str]:
        """Lines that the page may now call saved."""
        words = [uuid.uuid4().hex for _ in range(lines)]
        ops = [{"op": one, "field": f"worried-{one}-words", "base": 0, "value": one} for one in words]
        answer = self.browser.post(f"/drafts/meeting:{meeting}", json={"ops": ops})
        return [one["op"] for one in answer.json["results"] if one["status"] == "saved"]

    def finish(self, meeting: str) -> bool:
        """Whether the meeting is said to be recorded; one new action of the plan goes with it."""
        new = {"row_key": "a", "words": meeting, "owner": f"p:{self.mother}", "due": f"{utcnow():%-d %b}"}
        form = {f"{self.actions}-0-{name}": value for name, value in new.items()}
        form |= {**self.here, **{f"silent-{child}": "Asleep" for child in self.children}}
        answer = self.browser.post(f"/meetings/{meeting}/hold", data={**form, "_finish": "1"})
        return answer.status_code == 302


def wrong(acknowledged: list[str]) -> list[str]:
    """What was said to be saved and is not there; meetings that are recorded in part, or twice."""
    found = []
    states = dict(session.execute(select(Meeting.ref, Meeting.state)).all())
    lines = select(Meeting.ref, MeetingLine.words).join(MeetingLine, MeetingLine.meeting_id == Meeting.id)
    kept = {f"{ref} {words}" for ref, words in session.execute(lines)}
    for ref in states:
        kept |= {f"{ref} {value}" for value in drafts.read(service.draft_subject(ref)).values.values()}
    kept |= {f"{ref} {HELD}" for ref, state in states.items() if state == "held"}
    found += [one.replace(" ", "/") for one in acknowledged if one not in kept]
    actions = Counter(session.scalars(select(Action.words)))
    found += [f"{ref}/action" for ref, state in states.items() if actions[ref] != (state == "held")]
    return found


def main(url: str, kills: int, family: str, user_id: int) -> None:
    app = create_app({**SETTINGS, "DATABASE_URL": url})
    lead = Lead(app, family, user_id)
    assert lead.finish(lead.meeting()), "nothing is proven by lives in which no meeting could be recorded"
    acknowledged = in_lives(app, kills, lead.work)
    with app.app_context():
        print(len(acknowledged), *wrong(acknowledged))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4]))
