"""Tables of episodes."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, false, text
from sqlalchemy.orm import Mapped, mapped_column

from tafcore.db import Addressed, Fact, Row, utcnow

CURRENT = text("ended_at IS NULL")
OPEN = text("state != 'closed'")
LEADS = text("ended_at IS NULL AND accepted_at IS NOT NULL")
ASKED = text("ended_at IS NULL AND accepted_at IS NULL")


class Episode(Row):
    """`state`: open -> closing -> closed. A family has at most one that is not closed (the database holds that)."""

    __tablename__ = "episode"
    family_id: Mapped[int] = mapped_column(ForeignKey("family.id"), index=True)
    state: Mapped[str] = mapped_column(String(10), default="open")
    opened_at: Mapped[datetime] = mapped_column(default=utcnow)
    opened_by: Mapped[str]
    opened_why: Mapped[str]
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"), index=True)
    closing_since: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    closing_reason: Mapped[str | None] = mapped_column(String(30))
    closing_words: Mapped[str | None]
    reopened_why: Mapped[str | None]
    __table_args__ = (
        Index("ux_episode_one_open", "family_id", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_episode_closed", "closed_at"),
    )


class EpisodeChild(Row):
    """That a child is in an episode, dated. A child is in at most one at a time (the database holds that)."""

    __tablename__ = "episode_child"
    episode_id: Mapped[int] = mapped_column(ForeignKey("episode.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    joined_at: Mapped[datetime] = mapped_column(default=utcnow)
    ended_at: Mapped[datetime | None]
    ended_why: Mapped[str | None]
    __table_args__ = (
        Index("ux_episode_child_one", "person_id", unique=True, sqlite_where=CURRENT, postgresql_where=CURRENT),
    )


class ChildLevel(Fact, Row):
    """A child's level of need (1-4) and legal status (none, section_17, section_47, looked_after), with reasons."""

    __tablename__ = "child_level"
    episode_id: Mapped[int] = mapped_column(ForeignKey("episode.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    level: Mapped[int]
    legal_status: Mapped[str] = mapped_column(String(15), default="none")
    reason: Mapped[str]


class LeadAppointment(Row):
    """A lead professional: nominated, accepted or declined, with a named cover. One leads and one is asked at most.

    `family_answer`: agree, unsure, not_asked. `handover_note` is for whoever comes next: of a nomination what the one
    who leads now hands over, who `stays` in the team or does not. `agreed_why`: why they lead though the family has
    not agreed to share with their sector.
    """

    __tablename__ = "lead_appointment"
    episode_id: Mapped[int] = mapped_column(ForeignKey("episode.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    cover_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    nominated_at: Mapped[datetime] = mapped_column(default=utcnow)
    nominated_by: Mapped[str]
    reason: Mapped[str]
    family_answer: Mapped[str | None] = mapped_column(String(10))
    family_say: Mapped[str | None]
    agreed_why: Mapped[str | None]
    stays: Mapped[bool] = mapped_column(default=False)
    accepted_at: Mapped[datetime | None]
    declined_why: Mapped[str | None]
    ended_at: Mapped[datetime | None]
    ended_why: Mapped[str | None]
    handover_note: Mapped[str | None]
    __table_args__ = (
        Index("ux_lead_one_leads", "episode_id", unique=True, sqlite_where=LEADS, postgresql_where=LEADS),
        Index("ux_lead_one_asked", "episode_id", unique=True, sqlite_where=ASKED, postgresql_where=ASKED),
    )


class LeadGap(Row):
    """A time without a lead professional: a dated fact with an owner (the team whose manager must end it)."""

    __tablename__ = "lead_gap"
    episode_id: Mapped[int] = mapped_column(ForeignKey("episode.id"), index=True)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    from_at: Mapped[datetime] = mapped_column(default=utcnow)
    due: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    __table_args__ = (Index("ix_lead_gap_open", "team_id", "ended_at", "due"),)


class TafMember(Row):
    """Somebody of the team around the family: a user, or a named professional without an account.

    In words: what they do (`role`), how often they see whom (`sees`), when they are `away`, and who covers (`cover`).
    """

    __tablename__ = "taf_member"
    episode_id: Mapped[int] = mapped_column(ForeignKey("episode.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    name: Mapped[str]
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    organisation: Mapped[str]
    role: Mapped[str]
    phone: Mapped[str | None]
    email: Mapped[str | None]
    sees: Mapped[str | None]
    away: Mapped[str | None]
    cover: Mapped[str | None]
    joined_at: Mapped[datetime] = mapped_column(default=utcnow)
    left_at: Mapped[datetime | None]


class Household(Row):
    """A linked household of a family, where somebody lives apart from the others (`name` is what memberships say), and
    whom of the team those who live there ring (None: the lead professional)."""

    __tablename__ = "household"
    family_id: Mapped[int] = mapped_column(ForeignKey("family.id"))
    name: Mapped[str] = mapped_column(String(40))
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("taf_member.id"))
    __table_args__ = (Index("ux_household_name", "family_id", "name", unique=True),)


class HouseholdStay(Row):
    """That somebody lives in a linked household (`lives`), or stays there as well as at home, and who said so."""

    __tablename__ = "household_stay"
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    lives: Mapped[bool]
    when: Mapped[str | None]
    from_day: Mapped[date]
    until_day: Mapped[date | None]
    said_by: Mapped[str]
    recorded_by: Mapped[str]
    recorded_at: Mapped[datetime] = mapped_column(default=utcnow)


class TafMemberChild(Row):
    """That a team member knows a child."""

    __tablename__ = "taf_member_child"
    member_id: Mapped[int] = mapped_column(ForeignKey("taf_member.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)


class TeamInvitation(Row):
    """That somebody without an account was asked by a one-off link to join a team; of the link a hash is kept.

    `sector` of accounts.rules.SECTORS; `account`: they may choose to have one; `ended_at` when a newer one took its
    place.
    """

    __tablename__ = "team_invitation"
    member_id: Mapped[int] = mapped_column(ForeignKey("taf_member.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    sector: Mapped[str] = mapped_column(String(30))
    why: Mapped[str | None]
    account: Mapped[bool] = mapped_column(default=False, server_default=false())
    invited_at: Mapped[datetime] = mapped_column(default=utcnow)
    invited_by: Mapped[str]
    inviter_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    expires_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    accepted: Mapped[bool | None]
    declined_why: Mapped[str | None]
    ended_at: Mapped[datetime | None]


class AccountOffer(Row):
    """That somebody of a team was offered an account, by a link to `email` alone; of the link a hash is kept.

    `used_at` when they made it; `ended_at` then, or when a newer one took its place.
    """

    __tablename__ = "account_offer"
    member_id: Mapped[int] = mapped_column(ForeignKey("taf_member.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    email: Mapped[str] = mapped_column(String(254))
    offered_at: Mapped[datetime] = mapped_column(default=utcnow)
    offered_by: Mapped[str]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class Note(Addressed):
    """The commonest record. `kind`: call, text, conversation, attempt, supervision, mash_minute.

    `audience`: team (all who may read notes) or workers (lead, manager).
    """

    __tablename__ = "note"
    family_id: Mapped[int] = mapped_column(ForeignKey("family.id"))
    episode_id: Mapped[int | None] = mapped_column(ForeignKey("episode.id"))
    kind: Mapped[str] = mapped_column(String(15))
    happened_at: Mapped[datetime] = mapped_column(default=utcnow)
    with_whom: Mapped[str | None]
    words: Mapped[str]
    decided: Mapped[str | None]
    audience: Mapped[str] = mapped_column(String(10), default="team")
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    author: Mapped[str]
    recorded_at: Mapped[datetime] = mapped_column(default=utcnow)
    in_error: Mapped[str | None]
    __table_args__ = (Index("ix_note_family", "family_id", "happened_at"),)


class NotePerson(Row):
    """Whom a note is about."""

    __tablename__ = "note_person"
    note_id: Mapped[int] = mapped_column(ForeignKey("note.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)


class Oversight(Row):
    """A manager's decision for this child: why, and what is to be done by whom and when."""

    __tablename__ = "oversight"
    family_id: Mapped[int] = mapped_column(ForeignKey("family.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    decision: Mapped[str]
    why: Mapped[str]
    action: Mapped[str | None]
    action_owner: Mapped[str | None]
    action_due: Mapped[date | None]
    at: Mapped[datetime] = mapped_column(default=utcnow)
    by: Mapped[str]
