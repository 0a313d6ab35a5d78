"""Names as they sound and as they are shortened."""

from functools import lru_cache

import jellyfish

from tafcore.people.names import name_tokens

# One line for each name that is written or said in several ways, the commonest in an English borough.
_SAME_NAME: tuple[frozenset[str], ...] = tuple(
    frozenset(line.split())
    for line in """
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
    """.strip().splitlines()
)


@lru_cache(maxsize=100_000)
def tokens(name: str) -> tuple[str, ...]:
    """The folded words of a name, remembered since the same names are compared over and over."""
    return name_tokens(name)


@lru_cache(maxsize=100_000)
def sound(token: str) -> str:
    """How a folded word sounds in English; a word that the rules cannot read stands for itself."""
    return (jellyfish.metaphone(token) if token.isascii() else "") or token


@lru_cache(maxsize=100_000)
def is_nickname(one: str, other: str) -> bool:
    """Whether two folded forenames are ways to write or say the same name."""
    return any(one in names and other in names for names in _SAME_NAME)


@lru_cache(maxsize=100_000)
def is_typo(one: str, other: str) -> bool:
    """Whether one slip of the hand separates two folded words.

    The first letter must agree: it is seldom mistyped, and it is what tells Jayden from Kayden, who may be twins.
    """
    if one[:1] != other[:1] or min(len(one), len(other)) < 3:
        return False
    slips = jellyfish.damerau_levenshtein_distance(one, other)
    return slips == 1 or (slips == 2 and min(len(one), len(other)) >= 7)
