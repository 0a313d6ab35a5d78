"""Who of the team is invited to a meeting and may still hear of it; and whether others may know where it is.

Who left the team, is barred from the family, or works in a sector with which it ended its agreement is told nothing
more, whatever they were invited to.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, exists, func, or_, select

from tafcore import links
from tafcore.accounts.models import Organisation, User
from tafcore.db import session
from tafcore.episodes.models import LeadAppointment, TafMember, TeamInvitation
from tafcore.families import grants
from tafcore.families.members import safety_of
from tafcore.families.models import Family, FamilyMember
from tafcore.meetings.models import Meeting, MeetingPerson
from tafcore.people.models import Address, Person
from tafcore.people.same import is_restricted


@dataclass(frozen=True)
class Guest:
    """Somebody of the team who is invited: a user, or a professional without an account (`member_id` in the team)."""

    id: int
    user_id: int | None
    member_id: int | None
    name: str
    organisation: str
    email: str | None
    reply: str | None
    remind: bool | None

    @property
    def byline(self) -> str:
        return f"{self.name}, {self.organisation}" if self.organisation else self.name


_BY_NAME = and_(
    TafMember.user_id.is_(None),
    MeetingPerson.user_id.is_(None),
    TafMember.name == MeetingPerson.name,
    TafMember.organisation == MeetingPerson.organisation,
)
_LEADS = exists(
    select(LeadAppointment.id).where(
        LeadAppointment.episode_id == Meeting.episode_id,
        LeadAppointment.user_id == MeetingPerson.user_id,
        LeadAppointment.accepted_at.is_not(None),
        LeadAppointment.ended_at.is_(None),
    )
)
HELPS = or_(_LEADS, TafMember.id.is_not(None))
"""Whether they lead or are in the team now."""
SHUT = or_(
    Family.sealed,
    grants.barred(Family.id, (MeetingPerson.user_id, User.team_id, Organisation.id)),
    grants.not_agreed(Family.id, func.coalesce(Organisation.sector, TeamInvitation.sector)),
)


def invited_guests(*columns: Any) -> Any:
    """A statement of who of the team is invited, with what it needs to ask HELPS and SHUT; run it with
    `grants.times()`."""
    rows = select(*columns).select_from(MeetingPerson).join(Meeting, Meeting.id == MeetingPerson.meeting_id)
    rows = rows.join(Family, Family.id == Meeting.family_id)
    rows = rows.outerjoin(User, User.id == MeetingPerson.user_id)
    still = and_(TafMember.episode_id == Meeting.episode_id, TafMember.left_at.is_(None))
    rows = rows.outerjoin(TafMember, still & or_(TafMember.user_id == MeetingPerson.user_id, _BY_NAME))
    asked = and_(TeamInvitation.member_id == TafMember.id, TeamInvitation.ended_at.is_(None))
    rows = rows.outerjoin(TeamInvitation, asked)
    home = func.coalesce(User.organisation_id, TafMember.organisation_id)
    rows = rows.outerjoin(Organisation, Organisation.id == home)
    return rows.where(MeetingPerson.person_id.is_(None), MeetingPerson.expected)


COLUMNS = (
    MeetingPerson.id,
    MeetingPerson.user_id,
    TafMember.id.label("member_id"),
    MeetingPerson.name,
    MeetingPerson.organisation,
    func.coalesce(User.email, TafMember.email).label("email"),
    MeetingPerson.reply,
    MeetingPerson.remind,
)


def guests_of(meeting: Meeting) -> list[Guest]:
    """Everybody of the team who is invited and may hear of it, in the order of their invitation. One statement.

    Of a meeting that is over or cancelled also whoever left the team since: they have it in their calendars.
    """
    helps = [HELPS] if meeting.state == "scheduled" else []
    rows = invited_guests(*COLUMNS).where(MeetingPerson.meeting_id == meeting.id, ~SHUT, *helps)
    found = session.execute(rows.order_by(MeetingPerson.id), grants.times())
    guests = {
        row.id: Guest(row.id, row.user_id, row.member_id, row.name or "", row.organisation or "", *row[5:8])
        for row in found
    }
    return list(guests.values())


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def new_link(invitation: MeetingPerson) -> str:
    """A link by which somebody without an account answers; the one before opens nothing any more. Empty where nobody
    knows under what address people reach this program."""
    token = secrets.token_urlsafe(32)
    url = links.public("meetings.answer_by_link", token=token)
    if url:
        invitation.token_hash, invitation.opened_at, invitation.failed_at = hashed(token), None, None
    return url


def links_of(meeting: Meeting, only: Collection[int] | None = None) -> tuple[tuple[int, str], ...]:
    """(invitation, new link) of everybody without an account (of `only` these) to whom a mail can carry it."""
    outside = [one for one in guests_of(meeting) if one.user_id is None and one.email]
    outside = [one for one in outside if only is None or one.id in only]
    made = [(one.id, new_link(session.get_one(MeetingPerson, one.id))) for one in outside]
    return tuple((invitation, url) for invitation, url in made if url)


def keeps_place_quiet(family_id: int) -> bool:
    """Whether where they meet leaves by no mail and stands in no calendar: somebody of the family must be kept safe,
    is restricted, or lives in a refuge. Two statements at most."""
    if safety_of(family_id):
        return True
    known_by = select(FamilyMember.person_id).where(FamilyMember.family_id == family_id, FamilyMember.left.is_(None))
    refuge = exists(
        select(Address.id).where(Address.person_id == Person.id, Address.kind == "refuge", Address.until_day.is_(None))
    )
    quiet = select(Person.id).where(Person.id.in_(known_by), or_(is_restricted(Person), refuge)).limit(1)
    return session.scalar(quiet) is not None
