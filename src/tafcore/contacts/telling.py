"""What became of a reply that left by itself, and what a professional learns with reference and code."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from tafcore.accounts.models import Team
from tafcore.actor import WORKER, Actor
from tafcore.contacts import rules
from tafcore.contacts.codes import code_of, is_code_of
from tafcore.contacts.commands import AskHowItStands
from tafcore.contacts.events import ReferrerTold
from tafcore.contacts.models import Contact
from tafcore.contacts.registering import subject
from tafcore.contacts.replies import REPLY
from tafcore.contacts.ways import kept_quiet
from tafcore.contributions import Problem
from tafcore.db import find_by_ref, session, utcnow
from tafcore.families.whom import duty_line
from tafcore.notices import service as notices
from tafcore.notices.events import MessageFailed, MessageSent
from tafcore.notices.reading import SentView, newest
from tafcore.references import BadReference, read_ref
from tafcore.vocabulary import Event
from tafcore.work import Refused, publish

READER = Actor("visitor", None, "Whoever told us, by reference and code")
WAYS = {**rules.REPLY_HOW, "ring": "A person tells them", "here": "They see it here"}


@dataclass(frozen=True)
class Telling:
    """How whoever told us hears back, as those who may see the contact see it.

    `alone`: why nothing leaves by itself; `code` is for a professional, who sees with it how the contact stands.
    """

    way: str
    state: str | None
    alone: str
    sent: SentView | None
    code: str


@dataclass(frozen=True)
class Progress:
    """How a contact stands, as the professional who told us may hear it."""

    state: str
    answer: str | None
    ring: str


def telling(contact: Contact) -> Telling:
    """For the contact's own page. Two statements at most."""
    way = contact.reply_by
    professional = rules.professional(contact.source) and way is not None
    waits = contact.state not in rules.ENDED
    return Telling(
        WAYS.get(way or "", "Nobody waits for a reply"),
        contact.reply_state,
        kept_quiet(contact) if way in rules.LEAVES and contact.reply_state is None and waits else "",
        newest(contact.ref, REPLY) if contact.reply_state else None,
        code_of(contact.ref) if professional and contact.state not in ("withdrawn", "recorded_in_error") else "",
    )


def settled(event: Event) -> None:
    """React to what became of a reply: once it has left, whoever told us is told; where it did not arrive, not."""
    if not isinstance(event, MessageSent | MessageFailed) or event.purpose != REPLY:
        return
    contact = find_by_ref(Contact, event.about)
    if contact is None:
        return
    sent = isinstance(event, MessageSent)
    by_message = contact.reply_state in ("queued", "sent") and contact.referrer_told_how in (None, event.channel)
    contact.reply_state = "sent" if sent else "failed"
    if sent and contact.state == "answered":
        told(contact, event.channel, WORKER)
    elif not sent and by_message and contact.state == "closed":
        contact.state, contact.referrer_told_at, contact.referrer_told_how = "answered", None, None
    contact.reckon()


def told(contact: Contact, how: str, actor: Actor) -> None:
    """Whoever told us knows the answer: the contact closes. Call inside `writing()`."""
    contact.referrer_told_at, contact.referrer_told_how = utcnow(), how
    contact.state = "closed"
    contact.reckon()
    publish(ReferrerTold(actor=actor, subject=subject(contact), family_id=contact.family_id, how=how))


def progress(asked: AskHowItStands) -> Progress:
    """How it stands, for whoever has reference and code; having read the answer there they are told.

    Raises Refused, whichever of the two is wrong, and for contacts of which nobody hears the answer. Call inside
    `writing()`.
    """
    unknown = Refused([Problem("We know no contact of that reference and code. Look at both again", "code")])
    try:
        ref = read_ref(asked.ref, "C")
    except BadReference as bad:
        raise unknown from bad
    contact = find_by_ref(Contact, ref)
    if not is_code_of(ref, asked.code) or contact is None or not rules.professional(contact.source):
        raise unknown
    phone = session.scalar(select(Team.phone).where(Team.id == contact.team_id)) if contact.team_id else None
    if contact.answer is None:
        return Progress(rules.STATES[contact.state], None, phone or duty_line())
    if kept_quiet(contact):
        return Progress("Answered", None, duty_line())
    notices.opened(ref, REPLY)
    if contact.state == "answered":
        told(contact, "page", READER)
    return Progress("Answered", rules.ANSWERS[contact.answer].words, phone or duty_line())
