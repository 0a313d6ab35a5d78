"""Several people fill one form at once, over a line that loses answers: in whatever order it happens, nobody's words go
without somebody having seen them."""

import itertools
import json
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from tafcore import drafts
from tafcore.actor import Actor
from tafcore.db import writing
from tafcore.drafts import Op

FIELDS = ("family_view", "worried-a-words")
NAMES = ("Ann", "Bob", "Cy")
STEPS = st.lists(
    st.tuples(
        st.integers(0, len(NAMES) - 1),
        st.sampled_from(("type", "send", "lose", "post", "reload", "hear")),
        st.sampled_from(FIELDS),
        st.booleans(),
    ),
    max_size=30,
)
OVERTAKEN = [
    (1, "type", "family_view", False),
    (1, "lose", "family_view", False),
    (2, "type", "family_view", False),
    (2, "send", "family_view", True),
    (2, "send", "family_view", False),
    (1, "hear", "family_view", False),
]
"""Bob hears no answer; Cy sees what he wrote and writes over it; then he sends it again."""
numbers = itertools.count()


@dataclass
class Page:
    """One person's page, as autosave drives it. `seen` is every value that this person was ever shown."""

    who: Actor
    values: dict[str, str] = field(default_factory=dict)
    revs: dict[str, int] = field(default_factory=dict)
    flying: list[Op] = field(default_factory=list)
    dirty: set[str] = field(default_factory=set)
    seen: set[tuple[str, str]] = field(default_factory=set)
    heard: int = 0

    def type(self, name: str) -> None:
        self.values[name] = f"{self.who.label} {next(numbers)}"
        self.seen.add((name, self.values[name]))
        self.dirty.add(name)

    def gather(self) -> None:
        if not self.flying:
            for name in sorted(self.dirty):
                op = Op(op=f"op {next(numbers)}", field=name, base=self.revs.get(name, 0), value=self.values[name])
                self.flying.append(op)
            self.dirty.clear()

    def shown(self, name: str, value: str, rev: int) -> None:
        self.seen.add((name, value))
        self.revs[name] = rev

    def decide(self, name: str, theirs: str, rev: int, keep: bool) -> None:
        """Both versions stand there; a person keeps theirs or takes the other."""
        self.shown(name, theirs, rev)
        if keep:
            self.dirty.add(name)
        elif name not in self.dirty:
            self.values[name] = theirs


class Form:
    """The form on the server and the pages open on it; `told` are the values that a page said are saved."""

    def __init__(self) -> None:
        self.subject = f"note:{next(numbers)}"
        self.pages = [Page(Actor("user", number, name)) for number, name in enumerate(NAMES, 1)]
        self.told: set[tuple[str, str]] = set()
        self.replaced: set[tuple[str, str]] = set()

    def now(self) -> drafts.Draft:
        return drafts.read(self.subject)

    def write(self, page: Page, write):
        """What `write` gives; what it replaced was on this person's screen before."""
        before = self.now().values
        with writing():
            answer = write()
        for name, value in self.now().values.items():
            if value != before.get(name, ""):
                gone = (name, before.get(name, ""))
                assert not gone[1] or gone in page.seen, f"{page.who.label} overwrote unseen words"
                self.replaced.add(gone)
        return answer

    def send(self, page: Page, keep: bool, lose: bool = False) -> None:
        page.gather()
        if not page.flying:
            return
        answers, heard = self.write(page, lambda: drafts.take(self.subject, page.flying, page.who, page.heard))
        if lose:
            return  # the page hears nothing, says "not saved", and sends the same again
        page.heard = heard
        sent = {op.op: op for op in page.flying}
        page.flying = []
        for answer in answers:
            op = sent[answer["op"]]
            if answer["status"] == "saved":
                self.told.add((op.field, op.value))
                page.revs[op.field] = answer["rev"]
            else:
                page.decide(op.field, answer["value"], answer["rev"], keep)

    def post(self, page: Page, keep: bool) -> None:
        """Without JavaScript: the whole form, with the revisions it was shown with; then the page comes anew."""
        if page.flying:
            return
        posted = page.values | {"_revs": json.dumps(page.revs)}
        conflicts = self.write(page, lambda: drafts.compare_form(self.subject, posted, page.who))
        mine = {name: page.values[name] for name in page.dirty}
        self.told |= {(name, value) for name, value in mine.items() if name not in conflicts}
        page.dirty.clear()
        self.reload(page)
        for name in conflicts:
            page.values[name] = posted[name]
            page.decide(name, conflicts[name]["value"], conflicts[name]["rev"], keep)

    def hear(self, page: Page) -> None:
        """What others wrote comes onto the open page, but never over what is being typed there."""
        found = self.now()
        assert found.heard == drafts.heard(self.subject)
        if found.heard == page.heard:
            return
        page.heard = found.heard
        busy = page.dirty | {op.field for op in page.flying}
        for name, rev in found.revs.items():
            if name not in busy and rev != page.revs.get(name, 0):
                page.values[name] = found.values[name]
                page.shown(name, found.values[name], rev)

    def reload(self, page: Page) -> None:
        if page.dirty or page.flying:
            return  # the browser warns, and the person stays
        found = self.now()
        page.values, page.heard = dict(found.values), found.heard
        for name, value in found.values.items():
            page.shown(name, value, found.revs[name])


@pytest.mark.parametrize("examples", [40, pytest.param(1500, marks=pytest.mark.soak)])
def test_whatever_the_order_nothing_said_to_be_saved_is_lost(app, examples):
    @settings(
        max_examples=examples,
        deadline=None,
        phases=(Phase.explicit, Phase.generate, Phase.shrink),
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(STEPS)
    @example(OVERTAKEN)
    def people_write(steps):
        form = Form()
        with app.app_context():
            for number, step, name, keep in steps:
                page = form.pages[number]
                if step == "type":
                    page.type(name)
                elif step == "post":
                    form.post(page, keep)
                elif step in ("reload", "hear"):
                    getattr(form, step)(page)
                else:
                    form.send(page, keep, lose=step == "lose")
            # The line is back: everybody's page goes on until it has nothing left to send.
            for page in form.pages:
                while page.flying or page.dirty:
                    form.send(page, keep=True)
            kept = set(form.now().values.items())
            assert form.told <= kept | form.replaced
            for page in form.pages:
                form.hear(page)
                assert set(page.values.items()) == kept, "an open page shows what everybody wrote"

    people_write()
