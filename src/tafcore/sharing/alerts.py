"""Who hears of a break-glass: at once, in words that name nobody."""

from __future__ import annotations

from collections.abc import Sequence

from tafcore.contributions import Notice
from tafcore.links import path
from tafcore.sharing.events import GlassBroken, GlassHeld, GlassReviewed, MashAnswered
from tafcore.sharing.glass import alerted, governance
from tafcore.vocabulary import Event

SUBJECT = "A record was opened by break-glass"


def of_glass(event: Event) -> Sequence[Notice]:
    """The managers of the family and information governance hear of what was opened; information governance of what
    was kept from somebody; and whoever opened something of its review."""
    if isinstance(event, GlassBroken):
        return _opened(event)
    if isinstance(event, GlassHeld) and event.kept and event.family_id is not None:
        words = {"event": event, "url": path("trail.show", ref=event.subject.ref)}
        subject = "A record was kept from somebody who tried break-glass"
        return [
            Notice(f"user:{user}", subject, "sharing/glass_held.txt", words, event.subject.ref)
            for user, _ in governance(event.family_id, event.actor.user_id or 0)
        ]
    if isinstance(event, MashAnswered) and event.kept and event.family_id is not None:
        subject = "A record was kept from a MASH check"
        told = {"event": event, "url": path("trail.show")}
        return [
            Notice(f"user:{user}", subject, "sharing/mash_held.txt", told)
            for user, _ in governance(event.family_id, event.actor.user_id or 0)
        ]
    if isinstance(event, GlassReviewed):
        words = {"event": event, "url": path("sharing.glass", ref=event.subject.ref)}
        subject = "Your break-glass was reviewed"
        return [Notice(f"user:{event.user_id}", subject, "sharing/glass_reviewed.txt", words, event.subject.ref)]
    return []


def _opened(event: GlassBroken) -> Sequence[Notice]:
    ref = event.subject.ref
    words = {"event": event, "url": path("sharing.glass", ref=ref)}
    return [
        Notice(f"user:{user}", SUBJECT, "sharing/glass_broken.txt", words, ref, urgent=True)
        for user, _ in alerted(event.family_id or 0, event.user_id)
    ]
