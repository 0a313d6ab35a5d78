"""Words and rules of what leaves the program."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from tafcore.standards.clock import in_london

INBOX = "inbox"
CHANNELS = {"email": "E-mail", "text": "Text", "letter": "Letter"}
"""Ways out of the program. A notice's `to` begins with `mailto`, `text` or `letter`."""
KINDS = {"mailto": "email", "text": "text", "letter": "letter"}
STATES = {
    "waiting": "Waiting",
    "sent": "Sent",
    "failed": "Failed",
    "aside": "Put aside",
}
SORTS = {"new": "Newest first", "old": "Oldest first"}
TRIES = 8
STALE = timedelta(days=14)
"""What could not leave for so long is not sent any more: whoever gets it would not know what it is about."""
CHOICES = {
    "at_once": "At once",
    "daily": "Once a day",
    "none": "No mails",
}
CHOICE_HINTS = {
    "at_once": "A mail for each notice to you. Each working day a mail in the morning counts what is new for your team,"
    " and what is late or due that day.",
    "daily": "A mail in the morning of each working day, which counts what is new, and what is late or due that day.",
    "none": "Only where somebody may come to harm.",
}
"""How somebody hears of their notices by mail; the first is for whoever has not chosen."""
MORNING = 7
"""The hour in London at which the mail of the day is made."""
FIRST_MORNING = timedelta(days=7)
"""How far back the first mail of the day counts what is new."""
TELL_WITHIN = timedelta(days=2)
"""A notice older than that is not told by a mail of its own: the worker did not run, and the mail of the day counts
it."""
NIGHT_ENDS, NIGHT_BEGINS = time(8), time(20)
LOOK_FIRST, LOOK_LAST = timedelta(minutes=5), timedelta(days=7)
"""When we first and last ask a sender what became of a message it took."""


RING = "A message of yours did not arrive"
HOLDS = timedelta(days=90)
"""How long nothing is sent to an address that there is not: by then it may be one again."""


def ring_words(channel: str, address: str, about: str) -> str:
    """What is told to whoever must ring instead."""
    what = f"{CHANNELS[channel]} about {about}" if about else CHANNELS[channel]
    return (
        f"{what}, {'' if channel == 'letter' else 'to '}{masked(channel, address)}: it did not arrive and is not tried"
        " again.\n\nRing whoever it was for, and ask for their right address."
    )


def pause(attempts: int) -> timedelta:
    """How long to wait after so many tries."""
    return timedelta(minutes=2**attempts)


def may_leave(channel: str, moment: datetime) -> datetime:
    """When a message may leave at the earliest: a text wakes nobody."""
    local = in_london(moment)
    if channel != "text" or NIGHT_ENDS <= local.time() < NIGHT_BEGINS:
        return moment
    day = local.date() + timedelta(days=local.time() >= NIGHT_BEGINS)
    return datetime.combine(day, NIGHT_ENDS, local.tzinfo).astimezone(moment.tzinfo)


def look_again(sent_at: datetime, now: datetime) -> datetime | None:
    """When to ask again what became of it: ever more seldom, and after LOOK_LAST no more."""
    age = now - sent_at
    return None if age > LOOK_LAST else now + max(LOOK_FIRST, min(age, timedelta(hours=6)))


def masked(channel: str, address: str) -> str:
    """An address as it may stand in a list: enough to see a mistake, too little to know whose it is."""
    if channel == "email":
        return f"...@{address.rpartition('@')[2]}"
    return f"...{address[-3:]}" if channel == "text" else "by post"
