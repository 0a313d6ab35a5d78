"""Splink over the same rows, as its own documentation would have it: unsupervised, names with their frequencies."""

from __future__ import annotations

import csv
import logging
import tempfile
from collections.abc import Mapping, Sequence
from itertools import combinations
from pathlib import Path

Rows = Sequence[Mapping[str, str]]


def splink_pairs(ours: Rows, theirs: Rows, columns: Mapping[str, str]) -> list[tuple[str, str]]:
    """Pairs of `rec_id` that Splink scores 0.5 or more. `columns`: our name of a field -> that of the rows."""
    import splink.comparison_library as compare
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    logging.getLogger("splink").setLevel(logging.ERROR)
    comparisons = [
        compare.ForenameSurnameComparison(columns["forename"], columns["surname"]),
        compare.DamerauLevenshteinAtThresholds(columns["born"], [1, 2]),
        compare.DamerauLevenshteinAtThresholds(columns["postcode"], [1, 2]),
        compare.JaroWinklerAtThresholds(columns["address"], [0.9, 0.7]),
        compare.JaroWinklerAtThresholds(columns["place"], [0.9, 0.7]),
    ]
    named = ("postcode", "forename", "surname", "address", "place")
    pairs: list[tuple[str, ...]] = [("born",), *combinations(named, 2)]
    if "identifier" in columns:
        comparisons.append(compare.DamerauLevenshteinAtThresholds(columns["identifier"], [1, 2]))
        pairs.append(("identifier",))
    rules = [block_on(*(columns[name] for name in names)) for names in pairs]
    settings = SettingsCreator("link_only", comparisons, rules, unique_id_column_name="rec_id")
    engine = DuckDBAPI()
    with tempfile.TemporaryDirectory() as folder:
        tables = []
        for name, rows in (("ours", ours), ("theirs", theirs)):
            file = Path(folder) / f"{name}.csv"
            _write(file, rows)
            engine.duckdb_con.execute(
                f"CREATE TABLE {name} AS SELECT * FROM read_csv('{file}', all_varchar=true, nullstr='')"
            )
            tables.append(engine.register(name))
        linker = Linker(tables, settings, log_level=logging.ERROR)
        linker.training.estimate_probability_two_random_records_match(rules[:3], recall=0.9)
        linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
        for names in (("born",), ("postcode",)):
            linker.training.estimate_parameters_using_expectation_maximisation(
                block_on(*(columns[name] for name in names))
            )
        found = linker.inference.predict(threshold_match_probability=0.5)
        return [(one["rec_id_l"], one["rec_id_r"]) for one in found.as_record_list()]


def _write(file: Path, rows: Rows) -> None:
    with file.open("w", newline="", encoding="utf-8") as lines:
        writer = csv.DictWriter(lines, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
