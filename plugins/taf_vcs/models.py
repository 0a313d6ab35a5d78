"""Tables of the voluntary sector."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from tafcore.api import Addressed, Row, SortText, utcnow

LIVE = text("over_at IS NULL")
LIVE_WHOLE = text("over_at IS NULL AND person_id IS NULL")


class Offer(Row):
    """What an organisation offers, to whom, where and how soon. `state`: rules.OFFER_STATES.

    `neighbourhood_id` None: the whole borough. `places_month` is how many can begin in a month, `wait_weeks` how long
    one waits now. `discreet` offers (such as help after abuse) are named nowhere that a family may see.
    """

    __tablename__ = "vcs_offer"
    owner = "vcs"
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    title: Mapped[str]
    sort_title: Mapped[str] = mapped_column(SortText(), index=True)
    search_words: Mapped[str] = mapped_column(SortText())
    what: Mapped[str]
    for_whom: Mapped[str]
    min_age: Mapped[int | None]
    max_age: Mapped[int | None]
    neighbourhood_id: Mapped[int | None] = mapped_column(ForeignKey("neighbourhood.id"))
    places_month: Mapped[int | None]
    wait_weeks: Mapped[int | None]
    how: Mapped[str]
    ring_name: Mapped[str | None]
    phone: Mapped[str | None]
    state: Mapped[str] = mapped_column(String(10), default="open")
    discreet: Mapped[bool] = mapped_column(default=False)
    told_at: Mapped[datetime] = mapped_column(default=utcnow)
    told_by: Mapped[str]
    __table_args__ = (
        Index("ux_vcs_offer", "organisation_id", "sort_title", unique=True),
        {"info": {"reference_data": True}},
    )


class Request(Addressed):
    """That an offer is asked for a family, or for one person of it. `state`: rules.STATES.

    Before it is accepted the organisation is told `wants`, `why` and when, and no name. `worker_id` is who helps.
    `over_at` is when it was declined, ended or taken back. The same offer is asked once at a time (the database holds
    that).
    """

    __tablename__ = "vcs_request"
    owner = "vcs"
    family_id: Mapped[int] = mapped_column(ForeignKey("family.id", ondelete="CASCADE"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    agreed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    offer_id: Mapped[int] = mapped_column(ForeignKey("vcs_offer.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    state: Mapped[str] = mapped_column(String(10), default="asked")
    wants: Mapped[str]
    why: Mapped[str]
    needed_by: Mapped[date | None]
    interim: Mapped[str | None]
    asked_at: Mapped[datetime] = mapped_column(default=utcnow)
    asked_by: Mapped[str]
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    answer_due: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    declined: Mapped[str | None] = mapped_column(String(15))
    answer_words: Mapped[str | None]
    worker_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    starts_on: Mapped[date | None]
    started_on: Mapped[date | None]
    outcome: Mapped[str | None] = mapped_column(String(15))
    over_words: Mapped[str | None]
    over_at: Mapped[datetime | None]
    __table_args__ = (
        Index("ix_vcs_request_family", "family_id", "state"),
        Index("ix_vcs_request_organisation", "organisation_id", "state", "answer_due"),
        Index("ix_vcs_request_due", "answer_due"),
        Index(
            "ux_vcs_request_whole_family",
            "family_id",
            "offer_id",
            unique=True,
            sqlite_where=LIVE_WHOLE,
            postgresql_where=LIVE_WHOLE,
        ),
        Index(
            "ux_vcs_request_person",
            "family_id",
            "person_id",
            "offer_id",
            unique=True,
            sqlite_where=LIVE,
            postgresql_where=LIVE,
        ),
    )
