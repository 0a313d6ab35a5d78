"""The documents say what is true, lead somewhere, and name no machine."""

import re
import subprocess
from pathlib import Path

import pytest

from tafcore import config, described
from tafcore.cli import COMMANDS

ROOT = Path(__file__).parents[2]


def tracked(*patterns: str) -> list[Path]:
    """Files of the repository, or of the folder where there is none."""
    listed = subprocess.run(["git", "ls-files", *patterns], cwd=ROOT, capture_output=True, text=True)
    names = listed.stdout.splitlines() if listed.returncode == 0 else []
    return [ROOT / name for name in names if (ROOT / name).is_file()]


PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md")), *sorted((ROOT / "plugins").glob("*.md"))]


@pytest.mark.parametrize("name", ["vocabulary.md", "data-dictionary.md"])
def test_what_is_generated_is_fresh(app, name):
    app.test_client().get("/api/v1/openapi.json")  # which makes shapes of its own that are no part of the program
    written = (ROOT / "docs" / name).read_text("utf-8")
    assert written == described.pages(app)[name], "run `python -m tafcore.described`"


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page):
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8")):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        if not file.exists() or (anchor and file.suffix == ".md" and anchor not in anchors(file)):
            broken.append(target)
    assert broken == []


# Put together here so that this file names none of them either.
MACHINES = re.compile(
    "|".join((r"(^|[^\w.-])/(work|root|farm)/", "pypi" + r"\.org", "npmjs" + r"\.", "pythonhosted" + r"\."))
)


def test_no_file_names_a_machine_or_a_registry():
    texts = tracked("*.py", "*.md", "*.html", "*.toml", "*.js", "*.css", "*.txt", "Makefile", ".ci/*")
    named = [str(file.relative_to(ROOT)) for file in texts if MACHINES.search(file.read_text("utf-8", "replace"))]
    assert named == []


def test_every_setting_and_command_is_documented():
    words = "".join(page.read_text("utf-8") for page in PAGES)
    assert [name for name in config.NAMES if f"TAFCORE_{name}" not in words] == []
    assert [name for name in COMMANDS if f"tafcore {name}" not in words and f"make {name}" not in words] == []
