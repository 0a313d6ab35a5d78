"""Invented names, numbers and words: drama telephone numbers, ZZ99 postcodes, NHS numbers from the test range."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count

from tafcore.people import identifiers
from tafcore.people.commands import PersonDetails

SURNAMES = (
    "Okoro", "Rahman", "Patel", "Popescu", "Warsame", "Silva", "Kowalska", "Begum", "Shah", "Campbell", "Nair",
    "Hussain", "Ionescu", "Abdi", "Fernando", "Mensah", "Dhillon", "Novak", "Perera", "Osei", "Ahmadi", "Brennan",
    "Costa", "Mehta", "Yusuf", "Lindqvist", "Tran", "Adeyemi", "Gupta", "Walsh",
)  # fmt: skip
MOTHERS = (
    "Amina", "Priya", "Ioana", "Grace", "Fatima", "Zofia", "Leila", "Marta", "Nadia", "Sunita", "Hodan", "Ruth",
    "Chloe", "Ana", "Thuy", "Esther", "Kavita", "Siobhan",
)  # fmt: skip
FATHERS = ("Kofi", "Imran", "Andrei", "Daniel", "Mohamed", "Piotr", "Raj", "Luis", "Tariq", "Sean", "Arjun", "Emeka")
GIRLS = ("Maya", "Zara", "Elena", "Hana", "Ayaan", "Nia", "Isla", "Leah", "Anika", "Sara", "Mia", "Yasmin")
BOYS = ("Eli", "Omar", "Luca", "Adam", "Kian", "Noah", "Rohan", "Idris", "Tomas", "Ben", "Samir", "Jude")
LANGUAGES = ("English", "English", "English", "Gujarati", "Tamil", "Romanian", "Polish", "Somali", "Urdu", "Arabic")
STREETS = ("Larch Way", "Elm Row", "Rowan Close", "Alder Road", "Beech Hill", "Hazel Court", "Willow Lane")

# 90.9 % of the borough's children are not White British (safeguarding board annual report 2023-24, section 1); how the
# rest divide is assumed. DfE codes.
ETHNICITIES = {
    "WBRI": 91, "WOTH": 170, "AIND": 240, "APKN": 45, "ABAN": 14, "AOTH": 165, "BAFR": 85, "BCRB": 40, "MWBC": 30,
    "MWAS": 35, "MOTH": 35, "OOTH": 50,
}  # fmt: skip
# Surnames for thousands of families are put together from these, so that few of them share one.
BEGINNINGS = (
    "Ash", "Bar", "Cald", "Dan", "Ell", "Far", "Gul", "Hal", "Ibr", "Jal", "Kar", "Lam", "Mar", "Nor", "Oka", "Pra",
    "Quin", "Ram", "Sal", "Tal", "Ul", "Var", "Wol", "Yas", "Zam", "Bren", "Chan", "Dov", "Fen", "Gor", "Hem", "Kov",
)  # fmt: skip
ENDINGS = (
    "ford", "wala", "escu", "owska", "ani", "ington", "eyemi", "samy", "oglu", "ic", "well", "ard", "een", "athan",
    "enko", "ova", "ides", "man", "ley", "or", "adze", "ez", "ira", "uddin", "by", "croft", "aj", "ure", "ong", "ikar",
)  # fmt: skip
OUTWARD, INWARD = "ZZ99", "ABDEFGHJLNPQRSTUWXYZ"

WORRIES = (
    "Rent is two months behind and the flat is cold",
    "He has missed a lot of school since September",
    "She does not sleep and cries before school",
    "Mum is alone with three under five and is worn out",
    "Arguments at home most evenings; the children hear them",
    "Speech is not coming on as it should",
    "He is being drawn to older boys at the park",
    "Dad has lost his job and there is little food by Thursday",
)
STRENGTHS = (
    "The children are always clean and keen to come in",
    "Grandmother lives near and helps twice a week",
    "Mum came to ask by herself",
    "He loves football and never misses training",
)
CHILD_WORDS = (
    "I want my own bed",
    "I like it when Mum is not tired",
    "School is too loud",
    "I want to see Dad on Saturdays",
    "I am good at drawing",
    "I miss my old friends",
)
BABY_WATCHED = (
    "Smiles and reaches for Mum when she comes in",
    "Turns to the window when the washing machine starts, and cries",
    "Falls asleep on Mum's arm and wakes when put down",
)
HOUSES = (
    {"worries": "The noise on the stairs", "good": "Nan makes pancakes", "dreams": "A bed with a ladder"},
    {"worries": "Mum crying in the kitchen", "good": "My teacher and my cat", "dreams": "A garden with a swing"},
    {"worries": "It is dark in our room", "good": "Football with my cousin", "dreams": "A room with a door"},
)
NEEDS: tuple[tuple[int, str, str, str], ...] = (
    (1, "Getting to school on time every day", "In school every morning by nine", "Walk in with the breakfast club"),
    (2, "Talking like others of the same age", "Uses sentences of four words", "Go to the talking group each week"),
    (3, "Feeling well and sleeping", "Sleeps through five nights a week", "Bedtime plan with the school nurse"),
    (5, "Less shouting at home", "We sort things out without shouting", "Start the parenting together course"),
    (9, "A warm place to live", "A home that is warm and has enough beds", "Bid for a two-bedroom flat"),
    (10, "Money that lasts the month", "No new debts and rent paid", "See the money adviser and claim what is due"),
)  # fmt: skip
LITTLE, AT_SCHOOL = range(5), range(5, 17)
"""Years of age: of whom speech is a need, and getting to school on time."""
ANSWERS = {need: (goal, action) for _, need, goal, action in NEEDS}
CHILDREN: tuple[dict[str, str], ...] = (
    {
        "health": "Eats well. Up most nights because of the cold. Teeth seen in spring; one filling.",
        "learning": "Proud of reading. Late two mornings a week, and tired by eleven.",
        "feelings": "Cheerful with people known well. Goes quiet when voices get loud.",
        "identity": "Speaks two languages and is proud of it. Loves the food at Grandma's.",
        "relationships": "Closest to Grandma. One good friend; misses the old street.",
        "self_care": "Washes and dresses without help. Looks after the little ones more than is right.",
    },
    {
        "health": "Asthma, with the inhaler at school. Sleeps well.",
        "learning": "Maths is easy, writing is hard. Support at school since autumn.",
        "feelings": "Worries about money and asks about it. Football helps.",
        "identity": "Says: I am the funny one. Goes to the mosque on Fridays with an uncle.",
        "relationships": "Gets on with everybody at training. Argues with the eldest.",
        "self_care": "Makes breakfast. Needs reminding about the shower.",
    },
)
LITTLE_ONES: tuple[dict[str, str], ...] = (
    {
        "health": "Growing as expected. Jabs up to date. Snores; the GP is asked.",
        "learning": "Likes nursery and sand. Uses single words; hearing is being checked.",
        "feelings": "Cries at handover and settles within minutes.",
        "identity": "Knows both names of the family, and the songs from home.",
        "relationships": "Runs to Mum first. Plays beside others, not yet with them.",
        "self_care": "Feeds with a spoon. Nappies at night only.",
    },
    {
        "health": "Gaining weight. Colds since the move; the health visitor comes on Friday.",
        "learning": "Follows faces and sounds. Loves picture books on Mum's lap.",
        "feelings": "Smiles at those who are there every day. Wakes when doors bang.",
        "identity": "Sung to in two languages.",
        "relationships": "Settles with Mum and Grandma, and watches the others.",
        "self_care": "Looks for the cup. Everything else is still done by others.",
    },
)
HOMES: tuple[dict[str, str], ...] = (
    {
        "parenting": "Warm, and there every evening. Bedtimes slip when Mum is worn out, and she says so herself.",
        "family": "Grandmother comes twice a week. The move in summer was hard on everybody.",
        "housing": "One room with a shared kitchen. Cold, and one bed for the children.",
        "money": "Universal credit, less a loan. Nothing left by the third week.",
        "work": "Mum cleaned offices until spring and wants to go back.",
        "community": "The hub on Tuesdays, and the family upstairs.",
    },
    {
        "parenting": "Clear rules, kept by both. Shouting when money is short; both want that to stop.",
        "family": "An aunt in the next street. Nobody else near.",
        "housing": "A two-bedroom flat with damp in the children's room. The landlord has been told twice.",
        "money": "Rent two months behind. A payment plan is being asked for.",
        "work": "Nights at a warehouse; sleeps when the children are at school.",
        "community": "Football on Saturdays. Knows few people by name.",
    },
)
ANSWERED: tuple[tuple[str, str, str], ...] = (
    ("Growing well; the next check is due soon", "Warm with each other, and tired", "A quiet hour before bed helps"),
    ("Eats little at tea time; jabs are up to date", "Looks to Mum for comfort", "The stay-and-play on Tuesdays"),
    ("Well, apart from a cough that comes back", "Calm together when it is quiet", "A dry bedroom, first of all"),
)
"""What a health visitor answers to their three questions."""
SIGNS = {
    "worried": "The children are cold and tired. If nothing changes, school and health will suffer this winter.",
    "well": "The children are loved, clean and in school. Mum asks for help before it is too late.",
    "next": "Everybody sleeps in a warm bed. Bills are paid by the end of the month. Less shouting.",
    "scale": "Mum's number. Not lower, because the children are safe and we keep going.",
}
OPINIONS = (
    ("agree", "That is us. Nobody asked me before"),
    ("agree", None),
    ("partly", "The money part is right. We do not shout every day"),
)


def ethnicity(rng: random.Random) -> str:
    """A DfE code, as often as in the borough."""
    return rng.choices(list(ETHNICITIES), list(ETHNICITIES.values()))[0]


def nhs_number(body: int) -> str | None:
    """Nine digits with their check digit, or None where they have none."""
    digits = f"{body:09d}"
    check = 11 - sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=True)) % 11
    return None if check == 10 else digits + str(check % 11)


@dataclass
class Invention:
    """Draws people from a seed, no two NHS numbers alike."""

    rng: random.Random
    _numbers: count[int] = field(default_factory=lambda: count(100_000))
    _phones: count[int] = field(default_factory=lambda: count(200))

    def nhs_number(self) -> str:
        """A valid number of the 999 test range."""
        while True:
            found = nhs_number(999_000_000 + next(self._numbers))
            if found:
                return found

    def phone(self) -> str:
        return f"07700 900{next(self._phones) % 1000:03d}"

    def address(self) -> str:
        return f"{self.rng.randint(1, 180)} {self.rng.choice(STREETS)}"

    def household(self, today: date, children: int) -> tuple[PersonDetails, ...]:
        """A mother, sometimes a father, and `children` children of school age and below at one address."""
        rng, surname = self.rng, self.rng.choice(SURNAMES)
        address, language = self.address(), rng.choice(LANGUAGES)
        home = {"surname": surname, "address": address, "postcode": "ZZ99 3VZ", "language": language}
        mother = PersonDetails(
            role="mother",
            forename=rng.choice(MOTHERS),
            born=today - timedelta(days=rng.randint(23 * 365, 44 * 365)),
            sex="F",
            phone=self.phone(),
            interpreter=language != "English" and rng.random() < 0.5,
            **home,
        )
        people = [mother]
        if rng.random() < 0.45:
            born = today - timedelta(days=rng.randint(25 * 365, 48 * 365))
            father = {"role": "father", "forename": rng.choice(FATHERS), "born": born, "sex": "M"}
            people.append(PersonDetails(**father, **home))
        used: set[str] = set()
        for born in self._births(today, mother.born or today, children):
            sex = rng.choice("FM")
            forename = rng.choice([name for name in (GIRLS if sex == "F" else BOYS) if name not in used])
            used.add(forename)
            child = {"role": "child", "forename": forename, "born": born, "sex": sex, "nhs_number": self.nhs_number()}
            people.append(PersonDetails(**child, **home))
        return tuple(people)

    def _births(self, today: date, mother: date, children: int) -> list[date]:
        """When the children were born: none within ten months of another, none of a mother under seventeen."""
        oldest = min(16 * 365, (today - mother).days - 17 * 365)
        born: list[date] = []
        while len(born) < children:
            day = today - timedelta(days=self.rng.randint(60, oldest))
            if all(abs((day - other).days) > 300 for other in born):
                born.append(day)
        return born


def another(rng: random.Random, told: Sequence[PersonDetails], weeks: int, number: int) -> tuple[PersonDetails, ...]:
    """Other people, made as `told` are: the same roles, sexes and languages, born `weeks` earlier.

    `number` is the family's own. It makes their NHS numbers (test range, from 900 upwards) and e-mail addresses, for
    there are too few drama telephone numbers for a borough.
    """
    surname = rng.choice(BEGINNINGS) + rng.choice(ENDINGS)
    postcode = f"{OUTWARD} {rng.randint(0, 9)}{rng.choice(INWARD)}{rng.choice(INWARD)}"
    home = {"surname": surname, "address": f"{rng.randint(1, 180)} {rng.choice(STREETS)}", "postcode": postcode}
    used: set[str] = set()
    made = []
    for at, one in enumerate(told):
        adult = one.role in ("mother", "father")
        names = (MOTHERS if one.sex == "F" else FATHERS) if adult else (GIRLS if one.sex == "F" else BOYS)
        forename = rng.choice([name for name in names if name not in used])
        used.add(forename)
        body = 900_000_000 + number * 40 + at * 3
        changes = {
            **home,
            "forename": forename,
            "born": one.born and one.born - timedelta(weeks=weeks),
            "phone": one.phone and identifiers.phone(f"07700 900{rng.randint(0, 999):03d}").e164,
            "email": one.email and f"{forename}.{surname}.{number}@families.example".lower(),
            "nhs_number": one.nhs_number and next(filter(None, map(nhs_number, range(body, body + 3)))),
        }
        made.append(one.model_copy(update=changes))
    return tuple(made)
