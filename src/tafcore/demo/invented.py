"""Invented names, numbers and words: drama telephone numbers, ZZ99 postcodes, NHS numbers from the test range."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count

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
NEEDS: tuple[tuple[int, str, str, str], ...] = (
    (1, "Getting to school on time every day", "In school every morning by nine", "Walk in with the breakfast club"),
    (2, "Talking like other children of her age", "Uses sentences of four words", "Go to the talking group each week"),
    (3, "Feeling well and sleeping", "Sleeps through five nights a week", "Bedtime plan with the school nurse"),
    (5, "Less shouting at home", "We sort things out without shouting", "Start the parenting together course"),
    (9, "A warm place to live", "A home that is warm and has enough beds", "Bid for a two-bedroom flat"),
    (10, "Money that lasts the month", "No new debts and rent paid", "See the money adviser and claim what is due"),
)  # fmt: skip


@dataclass
class Invention:
    """Draws people from a seed, no two NHS numbers alike."""

    rng: random.Random
    _numbers: count[int] = field(default_factory=lambda: count(100_000))
    _phones: count[int] = field(default_factory=lambda: count(200))

    def nhs_number(self) -> str:
        """A valid number of the 999 test range."""
        while True:
            body = f"999{next(self._numbers):06d}"
            check = 11 - sum(int(digit) * weight for digit, weight in zip(body, range(10, 1, -1), strict=True)) % 11
            if check != 10:
                return body + str(0 if check == 11 else check)

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
        for _ in range(children):
            sex = rng.choice("FM")
            forename = rng.choice([name for name in (GIRLS if sex == "F" else BOYS) if name not in used])
            used.add(forename)
            born = today - timedelta(days=rng.randint(60, 16 * 365))
            child = {"role": "child", "forename": forename, "born": born, "sex": sex, "nhs_number": self.nhs_number()}
            people.append(PersonDetails(**child, **home))
        return tuple(people)
