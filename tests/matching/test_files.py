"""Two files put together without knowing who is who: weights learnt from them, twins apart, the published bars."""

import csv
import random
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from benchmarks.people import FORENAMES, damaged, town, two_files
from tafcore.cli import main
from tafcore.matching import files
from tafcore.matching.evened import evened
from tafcore.matching.rules import PROBABLY
from tafcore.matching.traits import Traits

LINKAGE = Path(__file__).parents[3] / "shared/data/linkage"


def found(ours, theirs):
    """The pairs of numbers that are probably one person."""
    ours, theirs = [evened(one) for one in ours], [evened(one) for one in theirs]
    judge = files.learnt(ours, theirs)
    many = list(files.pairs(ours, theirs, judge, PROBABLY))
    assert len(many) == files.steps(ours, theirs)
    return {(one, other) for some in many for one, other, _ in some}


def f1(pairs, people):
    right = sum(one == other for one, other in pairs)
    return 2 * right / (len(pairs) + people)


def test_a_town_written_down_twice():
    """Families, unborn children and neighbours, with nought to two things wrong in each record."""
    town = two_files(2_000, seed=7)
    assert f1(found(town.ours, town.theirs), 2_000) > 0.98


def test_twins_stay_apart_though_both_files_hold_both():
    rng = random.Random(3)
    ours = []
    for mother in (one for one in town(2_000, seed=3) if one.born and one.born.year < 2000):
        born = date(2015, 1, 1).replace(month=rng.randint(1, 12), day=rng.randint(1, 28))
        child = replace(mother, born=born, sex="M")
        ours += [replace(child, forename=name) for name in rng.sample(FORENAMES, 2)]
    assert len(ours) > 500
    theirs = [damaged(one, rng, rng.choice((0, 1))) for one in ours]
    pairs = found(ours, theirs)
    twins = {(at, at ^ 1) for at in range(len(ours))}
    assert len(pairs & twins) < 0.01 * len(ours)
    assert f1(pairs, len(ours)) > 0.97


def test_two_records_of_twins_are_judged_by_what_is_usual():
    omar = Traits("Omar", "Warsame", born=date(2018, 5, 4), postcode="QX1 2AB", address="3 Elm Row")
    assert found([omar], [replace(omar, forename="Tomas")]) == set()
    assert found([omar], [replace(omar, forename="Omer")]) == {(0, 0)}


def test_in_one_file_every_pair_comes_once():
    once = list(town(300, seed=5))
    again = [replace(one, forename=f"{one.forename}x") for one in once[:20] if one.forename]
    everybody = [evened(one) for one in (*once, *again)]
    judge = files.learnt(everybody, everybody)
    pairs = [(one, other) for some in files.pairs(everybody, everybody, judge, PROBABLY) for one, other, _ in some]
    assert len(pairs) == len(set(pairs)) and all(one < other for one, other in pairs)
    named = [at for at, one in enumerate(once[:20]) if one.forename]
    assert {(at, 300 + number) for number, at in enumerate(named)} <= set(pairs)


def test_files_longer_than_a_chunk_give_the_same(monkeypatch):
    town = two_files(400, seed=2)
    ours, theirs = [evened(one) for one in town.ours], [evened(one) for one in town.theirs[:250]]
    judge = files.learnt(ours, theirs)

    def all_pairs(one, other):
        return sorted((a, b, match.score) for some in files.pairs(one, other, judge, PROBABLY) for a, b, match in some)

    whole, turned = all_pairs(ours, theirs), all_pairs(theirs, ours)
    assert sorted((b, a) for a, b, _ in turned) == [(a, b) for a, b, _ in whole]
    monkeypatch.setattr(files, "CHUNK", 70)
    assert all_pairs(ours, theirs) == whole


@pytest.mark.skipif(not LINKAGE.exists(), reason="no ../shared/data/linkage beside the project")
@pytest.mark.parametrize(("more", "bar"), [("", 0.9990), (",identifier=soc_sec_id", 0.9995)])
def test_the_published_linkage_set(tmp_path, more, bar):
    columns = "forename=given_name,surname=surname,born=date_of_birth,postcode=postcode,address=address_1,place=suburb"
    out = tmp_path / "pairs.csv"
    asked = ["match", str(LINKAGE / "dataset4a.csv"), str(LINKAGE / "dataset4b.csv"), "--columns", columns + more]
    assert CliRunner().invoke(main, [*asked, "--id", "rec_id", "--out", str(out)]).exit_code == 0
    with out.open(newline="") as lines:
        pairs = [(row["id_a"].split("-")[1], row["id_b"].split("-")[1]) for row in csv.DictReader(lines)]
    assert len(pairs) == len(set(pairs))
    assert f1(pairs, 5_000) >= bar
