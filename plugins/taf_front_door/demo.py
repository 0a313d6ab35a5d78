"""The demo borough's one-off links: one waits, one came back as a contact, one never reached whoever it was for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from taf_front_door import links
from taf_front_door.commands import SendLink, Tell, ToldChild
from taf_front_door.models import Link
from tafcore.api import WORKER, MessageFailed, Subject, clock_at, parse_day, public_url, publish, session, utcnow

SENT = (
    ("Practice nurse", "Hawthorn Surgery", "3D", "nurse@surgery.example", 2),
    ("Play leader", "Larch Street Playgroup", "8", "play@playgroup.example", 4),
    ("Housing adviser", "Rowan Homes", "4", "adviser@homes.example", 3),
)
"""Name, organisation, source, address, and how many days ago; the second comes back, the third's mail fails."""


def fill(borough: Any) -> None:
    """Send them, as the hub's worker; `borough` is the demo's."""
    if session.scalar(select(Link.id).limit(1)) is not None:
        return
    tokens: list[str] = []

    def url_of(token: str) -> str:
        tokens.append(token)
        return public_url("front_door.tell", token=token)

    for number, (name, organisation, source, email, days) in enumerate(SENT):
        with clock_at(utcnow() - timedelta(days=days)):
            asked = SendLink.model_validate(
                {"name": name, "organisation": organisation, "source": source, "email": email}
            )
            links.send(asked, borough.actor("hub"), url_of)
            if number == 1:
                links.tell(_told(), tokens[-1])
            elif number == 2:
                _fails(email)


def _told() -> Tell:
    born = parse_day(f"3 5 {utcnow().year - 3}", utcnow().date())
    return Tell(
        children=(ToldChild(forename="Noor", surname="Dalton", born=born),),
        forename="Leila",
        surname="Dalton",
        role="mother",
        family_phone="07700 900187",
        postcode="ZZ99 3VZ",
        safe_how="Ask at pick-up, or ring her mobile",
        wants="Help with talking: he uses few words",
        strengths="He loves to build, and comes every day",
        tried="Picture cards since September",
        family_knows="She asked us to write",
        agreed="agreed",
        child_agreed="not_asked",
        urgency="routine",
    )


def _fails(email: str) -> None:
    link = session.scalars(select(Link).where(Link.email == email)).one()
    publish(
        MessageFailed(
            actor=WORKER,
            subject=Subject("message", 0),
            about="",
            purpose=f"{links.PURPOSE} {link.id}",
            channel="email",
            fault="NoSuchAddress",
        )
    )
