"""Tables of the specimen."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from tafcore.api import plugin_base

Table = plugin_base("specimen")


class Pet(Table):
    """An animal in a family's home."""

    __tablename__ = "specimen_pet"
    family_id: Mapped[int] = mapped_column(ForeignKey("family.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]
    name: Mapped[str]
