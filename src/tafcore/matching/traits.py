"""What is compared, and what a comparison answers."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property


@dataclass(frozen=True, slots=True)
class Traits:
    """What is known of one person; anything may be empty.

    `born` for a person, `due` (expected date of delivery) for an unborn child; once there is a birth date it alone
    counts. `born_written` is a birth date as YYYYMMDD that is no day there ever was: damaged, but not worth nothing.
    `other_names` are names known as, former or middle, each as it is written. `place` is the suburb or town, where it
    stands apart from the address. `identifiers` are pairs such as `("nhs_number", "9990000018")`. Values need not be
    in canonical form: spaces, case and short forms are evened out where they are compared.
    """

    forename: str = ""
    surname: str = ""
    other_names: tuple[str, ...] = ()
    born: date | None = None
    born_written: str = ""
    due: date | None = None
    sex: str = ""
    postcode: str = ""
    address: str = ""
    place: str = ""
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    identifiers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """What one field says for (`bits` above 0) or against (below 0) this being the same person.

    `entitled_words` may name what is on record and is only for those who may see that record. `typed_words` says
    nothing that the searcher did not bring, and is empty where nothing can be said.
    """

    field: str
    bits: float
    entitled_words: str
    typed_words: str

    @property
    def words(self) -> str:
        """The words for somebody entitled to the record."""
        return self.entitled_words


@dataclass(frozen=True, eq=False)
class Match:
    """`score` is the probability, 0 to 1, that two records are of one person; `why` has the weightiest reason first.

    The score depends on these two records alone, never on what else was found: a lone wrong hit stays low. Reasons are
    put into words by `explain` when somebody reads them: most matches are only counted, or kept.
    """

    score: float
    explain: Callable[[], tuple[Reason, ...]] = field(repr=False)

    @cached_property
    def why(self) -> tuple[Reason, ...]:
        return self.explain()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Match) and (self.score, self.why) == (other.score, other.why)

    def __hash__(self) -> int:
        return hash((self.score, self.why))

    def words(self, entitled: bool) -> tuple[str, ...]:
        """The reasons as short phrases, as far as this reader may have them."""
        phrases = (reason.entitled_words if entitled else reason.typed_words for reason in self.why)
        return tuple(dict.fromkeys(phrase for phrase in phrases if phrase))
