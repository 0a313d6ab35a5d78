"""Word of an invitation: the mail that carries its link, and what became of it to whoever sent it."""

from __future__ import annotations

from collections.abc import Sequence

from flask import current_app

from tafcore import links
from tafcore.contributions import Notice
from tafcore.episodes.events import AccountOffered, InvitationAnswered, InvitationNotSent, MemberInvited
from tafcore.episodes.inviting import PURPOSE
from tafcore.vocabulary import Event


def notices(event: Event) -> Sequence[Notice]:
    """Mail is read by others, so it names nobody but the organisation."""
    if isinstance(event, MemberInvited):
        if event.email is None or not event.url:
            return []
        ring = current_app.config["BOROUGH"].duty_line
        mail = {"organisation": event.organisation, "url": event.url, "ring": ring}
        to, purpose = f"mailto:{event.email}", f"{PURPOSE} {event.subject.id}"
        return [Notice(to, "You are asked to join a team", "episodes/invited.txt", mail, purpose=purpose)]
    if isinstance(event, AccountOffered):
        ring = current_app.config["BOROUGH"].duty_line
        mail = {"organisation": event.organisation, "url": event.url, "ring": ring}
        to, subject = f"mailto:{event.email}", "A link to make an account"
        owner = f"user:{event.owner_user}" if event.owner_user is not None else ""
        return [Notice(to, subject, "episodes/account_offered.txt", mail, ring=owner)]
    if not isinstance(event, InvitationAnswered | InvitationNotSent) or event.owner_user is None:
        return []
    words = {"event": event, "url": links.path("episodes.team", family_ref=event.family_ref)}
    to = f"user:{event.owner_user}"
    if isinstance(event, InvitationNotSent):
        subject = f"Ring {event.organisation}: our mail did not arrive"[:200]
        return [Notice(to, subject, "episodes/invitation_lost.txt", words, event.family_ref)]
    said = "joins the team" if event.accepted else "cannot join the team"
    subject = f"{event.organisation} {said}"[:200]
    return [Notice(to, subject, "episodes/invitation_answered.txt", words, event.family_ref)]
