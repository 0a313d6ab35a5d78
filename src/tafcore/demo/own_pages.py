"""A mother who has a page of her own: what she wrote there, once answered and once waiting."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import select

from tafcore.db import clock_at, session
from tafcore.demo.story import Story
from tafcore.record import own_links, own_words
from tafcore.record.commands import AnswerOwnWord, GiveOwnNumber, MakeOwnLink, SendOwnWord
from tafcore.record.models import OwnWord

AGE = 13


def told(story: Story, now: datetime) -> None:
    """Her lead professional makes the link; the number is said to her, and nobody can look it up."""
    lead = story.borough.actor(story.lead)
    mother = next(one for one in story.view(story.lead).adults if one.role == "mother")
    with clock_at(now - timedelta(days=6)):
        asked = MakeOwnLink(family=story.family, person=mother.ref, how="pin")
        made = own_links.make(asked, lead, AGE, lambda token: token)
    with clock_at(now - timedelta(days=5)):
        _write(made, "comment", "The new beds came. The children sleep through now.")
        answered = session.scalars(select(OwnWord).order_by(OwnWord.id.desc()).limit(1)).one()
    with clock_at(now - timedelta(days=4)):
        words = "That is good to read. I have told the housing officer, and thank you for writing."
        own_words.answer(AnswerOwnWord(family=story.family, word=answered.key, answer=words), lead)
    with clock_at(now - timedelta(hours=20)):
        _write(made, "correction", "The debt is my brother's, not mine. I only live at the same address.")


def _write(made: own_links.Made, kind: Literal["comment", "correction"], words: str) -> None:
    asked = GiveOwnNumber(number=made.pin or "")
    kept = own_links.give(asked, own_links.find(made.url, None), made.url)
    own_words.send(SendOwnWord(kind=kind, words=words), own_links.find(made.url, kept))
