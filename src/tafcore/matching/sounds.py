"""Names as they sound and as they are shortened."""

from collections import defaultdict
from functools import lru_cache

import jellyfish
from rapidfuzz.distance import OSA, JaroWinkler

from tafcore.people.names import name_tokens

_ALIKE = 0.84
# One line for each name that is written or said in several ways, the commonest in an English borough.
_SAME_NAME = """
    abigail abby abi gail
    alexander alex alec sandy xander sasha alexandru aleksander
    alexandra alex alexa sandra sasha lexi
    andrew andy drew andrei andrzej
    anthony antony tony
    benjamin ben benji benny
    catherine katherine kathryn katharine cathy kathy kate katie kat kasia katarzyna
    charles charlie chuck chaz
    charlotte charlie lottie
    christina christine chris chrissy tina
    christopher chris kit krzysztof
    daniel dan danny
    david dave davy dawid
    edward ed eddie ted teddy ned
    elizabeth elisabeth liz lizzie beth betty eliza libby elspeth elzbieta
    frederick fred freddie
    gabriel gabe gabi
    george georgie gheorghe
    ibrahim ebrahim abraham
    isabella isabel isabelle bella izzy
    jacob jake jakub
    james jim jimmy jamie
    jennifer jen jenny
    jessica jess jessie
    john jonathan jon jack johnny ioan jan
    joseph joe joey josef jozef yusuf yousef yusef
    joshua josh
    katarina kate katie
    margaret maggie meg peggy margie malgorzata
    maria mary marie mia
    matthew matt matty mateusz matei
    michael mike mick micky mikey mihai michal
    mohammed muhammad mohamed mohammad muhammed mohamad mohamud mohd md
    natasha natalia tasha
    nicholas nick nicky nicolae
    nicola nicky nicole
    oliver ollie olly
    olivia liv livvy
    patricia pat trish tricia
    patrick pat paddy
    rebecca becky becca
    richard rick ricky dick rich
    robert rob bob bobby robbie
    ronald ron ronnie
    samantha sam sammy
    samuel sam sammy
    sarah sara sally
    stephen steven steve stevie stefan
    susan sue susie suzanne
    thomas tom tommy tomasz toma
    timothy tim timmy
    victoria vicky tori
    william will bill billy liam
    zachary zach zack zak zakariya
    """
_NAMES_OF: dict[str, set[int]] = defaultdict(set)
for _number, _line in enumerate(_SAME_NAME.split("\n")):
    for _name in _line.split():
        _NAMES_OF[_name].add(_number)
_NONE: frozenset[int] = frozenset()


@lru_cache(maxsize=100_000)
def tokens(name: str) -> tuple[str, ...]:
    """The folded words of a name, remembered since the same names are compared over and over."""
    return name_tokens(name)


@lru_cache(maxsize=100_000)
def sound(token: str) -> str:
    """How a folded word sounds in English; a word that the rules cannot read stands for itself."""
    return (jellyfish.metaphone(token) if token.isascii() else "") or token


def is_nickname(one: str, other: str) -> bool:
    """Whether two folded forenames are ways to write or say the same name."""
    return not _NAMES_OF.get(one, _NONE).isdisjoint(_NAMES_OF.get(other, _NONE))


def is_typo(one: str, other: str) -> bool:
    """Whether one slip of the hand separates two folded words.

    The first letter must agree, or have changed places with the second: it is seldom mistyped, and it is what tells
    Jayden from Kayden, who may be twins.
    """
    shortest = min(len(one), len(other))
    if shortest < 3 or (one[0] != other[0] and one[:2] != other[1::-1]):
        return False
    slips = OSA.distance(one, other, score_cutoff=2)
    return slips == 1 or (slips == 2 and shortest >= 7)


def is_alike(one: str, other: str) -> bool:
    """Whether two folded words that begin alike share most of their letters: more than one slip, less than chance."""
    return one[:1] == other[:1] and JaroWinkler.similarity(one, other, score_cutoff=_ALIKE) > 0
