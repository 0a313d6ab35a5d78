"""Tables of who works here, for whom, and how they sign in."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tafcore.actor import Actor
from tafcore.db import Row, utcnow
from tafcore.permissions import held


class Neighbourhood(Row):
    """An Integrated Neighbourhood Team area."""

    __tablename__ = "neighbourhood"
    name: Mapped[str] = mapped_column(unique=True)


class Organisation(Row):
    """An agency. `sector` is one of accounts.rules.SECTORS; `urgent_phone` is the contact for urgent sharing."""

    __tablename__ = "organisation"
    name: Mapped[str] = mapped_column(unique=True)
    sector: Mapped[str] = mapped_column(String(30), index=True)
    neighbourhood_id: Mapped[int | None] = mapped_column(ForeignKey("neighbourhood.id"))
    urgent_phone: Mapped[str | None]


class OrganisationIdentifier(Row):
    """An organisation's number in an outside scheme: `urn`, `ods`, `charity`."""

    __tablename__ = "organisation_identifier"
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    scheme: Mapped[str] = mapped_column(String(20))
    value: Mapped[str] = mapped_column(String(40))
    __table_args__ = (UniqueConstraint("scheme", "value"),)


class Team(Row):
    """A team of an organisation. `takes_contacts` teams have a queue at the front door."""

    __tablename__ = "team"
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    name: Mapped[str]
    phone: Mapped[str | None]
    neighbourhood_id: Mapped[int | None] = mapped_column(ForeignKey("neighbourhood.id"), index=True)
    takes_contacts: Mapped[bool] = mapped_column(default=False)
    organisation: Mapped[Organisation] = relationship(lazy="joined")


class User(Row):
    """A practitioner's account. `lead_training_told`: of which end of their training they were reminded."""

    __tablename__ = "user_account"
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str]
    sort_name: Mapped[str] = mapped_column(index=True)
    job: Mapped[str | None]
    phone: Mapped[str | None]
    password_hash: Mapped[str | None]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"), index=True)
    active: Mapped[bool] = mapped_column(default=True)
    lead_trained_on: Mapped[date | None]
    lead_training_expires: Mapped[date | None]
    lead_training_told: Mapped[date | None]
    tour_hidden_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    organisation: Mapped[Organisation] = relationship(lazy="joined", innerjoin=True)
    team: Mapped[Team | None] = relationship(lazy="joined")
    roles: Mapped[list[UserRole]] = relationship(lazy="selectin", cascade="all, delete-orphan")

    def actor(self) -> Actor:
        """This user as one who acts."""
        roles = frozenset(row.role for row in self.roles)
        return Actor(
            kind="user",
            id=self.id,
            user_id=self.id,
            label=self.name,
            organisation_id=self.organisation_id,
            organisation=self.organisation.name,
            sector=self.organisation.sector,
            team_id=self.team_id,
            neighbourhood_id=self.team.neighbourhood_id if self.team else None,
            roles=roles,
            permissions=held(roles),
        )


class UserRole(Row):
    """That a user has one of accounts.rules.ROLES."""

    __tablename__ = "user_role"
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    role: Mapped[str] = mapped_column(String(30), index=True)
    __table_args__ = (UniqueConstraint("user_id", "role"),)


class LoginSession(Row):
    """A signed-in browser; the cookie holds only the token whose hash is here, so ending the row ends the access."""

    __tablename__ = "login_session"
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    started_at: Mapped[datetime] = mapped_column(default=utcnow)
    seen_at: Mapped[datetime] = mapped_column(default=utcnow)
    ended_at: Mapped[datetime | None]
    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)


class SignInAttempt(Row):
    """A failed sign-in, by a hash of the address typed; slows guessing down."""

    __tablename__ = "sign_in_attempt"
    address_hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(default=utcnow)
    __table_args__ = (Index("ix_sign_in_attempt", "address_hash", "at"),)


class ApiToken(Row):
    """A partner system's key. With a user it sees what that user sees; without one it only hands contacts in."""

    __tablename__ = "api_token"
    name: Mapped[str] = mapped_column(unique=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    permissions: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    revoked_at: Mapped[datetime | None]
    organisation: Mapped[Organisation] = relationship(lazy="joined", innerjoin=True)
    user: Mapped[User | None] = relationship(lazy="joined")


class SectorScope(Row):
    """That the borough switched a sector's published access scope on."""

    __tablename__ = "sector_scope"
    sector: Mapped[str] = mapped_column(String(40), unique=True)
    switched_on_at: Mapped[datetime] = mapped_column(default=utcnow)
    switched_on_by: Mapped[str]
