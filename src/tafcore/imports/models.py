"""Tables of files that are being brought in, and of the rows that are in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tafcore.db import Row, utcnow


class ImportFile(Row):
    """A file read as `name`, by a digest of what it says; rows of it still wait until `ended_at`."""

    __tablename__ = "import_file"
    name: Mapped[str] = mapped_column(String(40))
    digest: Mapped[str] = mapped_column(String(64))
    begun_at: Mapped[datetime] = mapped_column(default=utcnow)
    ended_at: Mapped[datetime | None]
    __table_args__ = (UniqueConstraint("name", "digest"),)


class ImportRow(Row):
    """A row of a file. `state`: `waiting -> kept`, or `refused`, which is forgotten when the file has ended.

    `key` is a digest of the row's content, so that a row is known again in whichever file it comes. `cells` is JSON,
    and empty as soon as the row is kept: what it said is then in the record `ref`, and nowhere else.
    """

    __tablename__ = "import_row"
    file_id: Mapped[int] = mapped_column(ForeignKey("import_file.id"))
    line: Mapped[int]
    key: Mapped[str] = mapped_column(String(64), index=True)
    state: Mapped[str] = mapped_column(String(10))
    cells: Mapped[str]
    problems: Mapped[str] = mapped_column(default="")
    ref: Mapped[str | None] = mapped_column(String(12))
    kept_at: Mapped[datetime | None]
    __table_args__ = (
        UniqueConstraint("file_id", "line"),
        Index("ix_import_row_state", "file_id", "state", "line"),
    )
