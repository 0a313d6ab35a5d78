"""`tafcore match`: who in one file is probably who in another. Reads and writes files; no database is touched."""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import click

from tafcore.matching import files
from tafcore.matching.evened import Evened, evened
from tafcore.matching.rules import PROBABLY, Traits

NAMES = ("forename", "surname", "born", "postcode", "address", "place", "identifier", "phone", "email", "sex")

Record = tuple[str, Evened]


class Columns(click.ParamType):
    """`forename=given_name,surname=surname`: our names for the columns of the files."""

    name = "NAME=COLUMN,..."

    def convert(
        self, value: str | dict[str, str], _param: click.Parameter | None, _context: click.Context | None
    ) -> dict[str, str]:
        if isinstance(value, dict):
            return value
        pairs = [part.partition("=")[::2] for part in value.split(",") if part.strip()]
        chosen = {name.strip(): (column or name).strip() for name, column in pairs}
        unknown = sorted(set(chosen) - set(NAMES))
        if unknown:
            self.fail(f"There is no {', '.join(unknown)}; the names are {', '.join(NAMES)}")
        return chosen


@click.command()
@click.argument("a", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("b", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--columns", type=Columns(), required=True, help=f"Which column is what; known: {', '.join(NAMES)}.")
@click.option("--id", "id_column", required=True, help="The column that names a record.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="CSV: id_a,id_b,score,why.")
@click.option("--at-least", default=PROBABLY, show_default=True, help="Leave out pairs that score less.")
def match(a: Path, b: Path, columns: dict[str, str], id_column: str, out: Path, at_least: float) -> None:
    """Write the pairs of A and B that are probably one person; B may be A, to find people entered twice.

    The score is a probability that depends on the two records alone: 0.5 or more means "probably the same person".

    Example: tafcore match a.csv b.csv --columns forename=given_name,surname=surname,born=date_of_birth --id rec_id
    --out pairs.csv
    """
    ours = list(_records(a, columns, id_column))
    theirs = ours if a.samefile(b) else list(_records(b, columns, id_column))
    one, other = [record for _, record in ours], [record for _, record in theirs]
    other = one if theirs is ours else other
    found = 0
    with out.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("id_a", "id_b", "score", "why"))
        click.echo("Learning how the files differ", err=True)
        judged = files.pairs(one, other, files.learnt(one, other), at_least) if one and other else iter(())
        with click.progressbar(judged, length=files.steps(one, other), label="Comparing", file=sys.stderr) as bar:
            for some in bar:
                for at_a, at_b, match in some:
                    why = "; ".join(match.words(entitled=True))
                    writer.writerow((ours[at_a][0], theirs[at_b][0], f"{match.score:.6f}", why))
                    found += 1
    click.echo(f"{found} pairs that score {at_least:g} or more are in {out}.")


def _records(file: Path, columns: Mapping[str, str], id_column: str) -> Iterator[Record]:
    try:
        with file.open(newline="", encoding="utf-8-sig", errors="replace") as lines:
            reader = csv.reader(lines, skipinitialspace=True)
            headings = [heading.strip() for heading in next(reader, [])]
            missing = [column for column in (id_column, *columns.values()) if column not in headings]
            if missing:
                raise click.UsageError(f"{file.name} has no column {', '.join(missing)}; it has {', '.join(headings)}")
            for row in reader:
                values = dict(zip(headings, (cell.strip() for cell in row), strict=False))
                yield (
                    values.get(id_column, ""),
                    evened(traits_of({name: values.get(column, "") for name, column in columns.items()})),
                )
    except csv.Error as fault:
        raise click.UsageError(f"{file.name} cannot be read as CSV: {fault}") from fault


def traits_of(values: Mapping[str, str]) -> Traits:
    """What one row says of a person; blank and damaged values say nothing."""
    found = {name: value for name in NAMES if (value := values.get(name, ""))}
    return Traits(
        forename=found.get("forename", ""),
        surname=found.get("surname", ""),
        born=read_day(found.get("born", "")),
        born_written=_damaged(found.get("born", "")),
        sex=found.get("sex", ""),
        postcode=found.get("postcode", ""),
        address=found.get("address", ""),
        place=found.get("place", ""),
        phones=(found["phone"],) if "phone" in found else (),
        emails=(found["email"],) if "email" in found else (),
        identifiers=(("identifier", found["identifier"]),) if "identifier" in found else (),
    )


_SHAPES = (
    re.compile(r"(?P<y>\d{4})(?P<m>\d\d)(?P<d>\d\d)"),
    re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})(?:[T ].*)?"),
    re.compile(r"(?P<d>\d{1,2})/(?P<m>\d{1,2})/(?P<y>\d{4})"),
)


def read_day(text: str) -> date | None:
    """A day as `20180504`, `2018-05-04` or `04/05/2018`; None for anything else and for days there never were."""
    for shape in _SHAPES:
        found = shape.fullmatch(text.strip())
        if found is not None:
            try:
                return date(int(found["y"]), int(found["m"]), int(found["d"]))
            except ValueError:
                return None
    return None


def _damaged(text: str) -> str:
    """YYYYMMDD of a day written like one that never was."""
    found = next((one for shape in _SHAPES if (one := shape.fullmatch(text.strip()))), None)
    return f"{found['y']}{found['m']:0>2}{found['d']:0>2}" if found and read_day(text) is None else ""
