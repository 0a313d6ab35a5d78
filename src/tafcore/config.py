"""Settings: the environment over `instance/config.py` over these defaults."""

from __future__ import annotations

import json
import os
import secrets
import tomllib
import traceback
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from tafcore import addresses, colours

NAMES = (
    "DATABASE_URL",
    "REPLICA_URL",
    "SECRET_KEY",
    "INSTANCE",
    "BOROUGH",
    "DISABLED_PLUGINS",
    "PUBLIC_URL",
    "SMTP_URL",
    "MAIL_FROM",
    "BOUNCES",
    "NOTIFY_KEY",
    "NOTIFY_TEMPLATES",
    "NOTIFY_URL",
    "MODE",
    "DEMO_PASSWORD",
    "LARGEST_FILE_MB",
)


class SettingFault(Exception):
    """A setting that cannot be used, said in one sentence."""


@dataclass(frozen=True)
class Borough:
    """What differs from borough to borough: its name, colours, labels and the numbers people ring.

    The default numbers are drama numbers that ring nobody; a live installation sets its own.
    """

    name: str = "Harrow"
    la_code: str = "310"
    service_name: str = "Early Help: Team Around the Family"
    colour: str = "#17365c"
    text_on_colour: str = "#ffffff"
    link: str = "#1a5a96"
    duty_line: str = "020 7946 0100"
    mash_line: str = "020 7946 0101"
    emergency_duty_team: str = "020 7946 0102"
    lado_line: str = "020 7946 0103"
    age_of_own_agreement: int = 13
    labels: dict[str, str] = field(default_factory=dict)

    def label(self, word: str, default: str) -> str:
        """What this borough calls the thing whose code word is `word`."""
        return self.labels.get(word, default)


def instance_folder(given: str | None = None) -> Path:
    """Where settings and the embedded database live."""
    return Path(given or os.environ.get("TAFCORE_INSTANCE") or Path.cwd() / "instance").resolve()


def ensure_instance(folder: Path) -> None:
    """Make the folder, readable by its owner alone, with a secret key of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    settings = folder / "config.py"
    if not settings.exists():
        descriptor = os.open(settings, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write("# Settings of this installation; docs/operations.md lists them.\n")
            file.write(f'SECRET_KEY = "{secrets.token_hex(32)}"\n')


def written(file: Path) -> dict[str, Any]:
    """The settings an instance's `config.py` makes, without the prefix; empty where there is no such file."""
    if not file.exists():
        return {}
    found: dict[str, Any] = {}
    try:
        exec(compile(file.read_text("utf-8"), str(file), "exec"), found)  # the operator's own file, as Flask reads it
    except Exception as fault:
        raise SettingFault(f"{file} cannot be read ({type(fault).__name__} near line {_line(fault)})") from fault
    return {key.removeprefix("TAFCORE_"): value for key, value in found.items() if key.isupper()}


def _line(fault: BaseException) -> int | str:
    if isinstance(fault, SyntaxError):
        return fault.lineno or "?"
    last = traceback.extract_tb(fault.__traceback__)[-1]
    return last.lineno or "?"


def unknown_names() -> list[str]:
    """Variables of the environment that look like settings and are none: most likely misspelt."""
    known = {f"TAFCORE_{name}" for name in NAMES}
    ours = (name for name in os.environ if name.startswith("TAFCORE_") and not name.startswith("TAFCORE_TEST_"))
    return sorted(name for name in ours if name not in known)


def load(overrides: dict[str, Any] | None = None) -> dict[str, Any]:
    """All settings as a flat dict of upper-case names; `overrides` (tests, the command line) win over everything."""
    overrides = {key.removeprefix("TAFCORE_"): value for key, value in (overrides or {}).items()}
    folder = instance_folder(overrides.get("INSTANCE"))
    settings: dict[str, Any] = {
        "DATABASE_URL": f"sqlite:///{folder / 'tafcore.sqlite'}",
        "REPLICA_URL": None,
        "SECRET_KEY": None,
        "BOROUGH": None,
        "DISABLED_PLUGINS": "",
        "PUBLIC_URL": None,
        "SMTP_URL": None,
        "MAIL_FROM": None,
        "BOUNCES": None,
        "NOTIFY_KEY": None,
        "NOTIFY_TEMPLATES": None,
        "NOTIFY_URL": "https://api.notifications.service.gov.uk",
        "MODE": "live",
        "DEMO_PASSWORD": None,
        "LARGEST_FILE_MB": 10,
    }
    file = folder / "config.py"
    if "SECRET_KEY" not in overrides:
        settings.update(written(file))
    settings.update({name: os.environ[f"TAFCORE_{name}"] for name in NAMES if os.environ.get(f"TAFCORE_{name}")})
    settings.update(overrides)
    settings["INSTANCE"] = folder
    settings["BOROUGH"] = borough(settings["BOROUGH"])
    for name in ("DATABASE_URL", "REPLICA_URL"):
        if settings[name]:
            settings[name] = database_url(str(settings[name]), name)
    disabled = settings["DISABLED_PLUGINS"]
    if isinstance(disabled, str):
        settings["DISABLED_PLUGINS"] = tuple(name.strip() for name in disabled.split(",") if name.strip())
    if settings["MODE"] not in ("demo", "live"):
        raise SettingFault("TAFCORE_MODE must be demo or live")
    settings["LARGEST_FILE_MB"] = _megabytes(settings["LARGEST_FILE_MB"])
    for name, read in (
        ("PUBLIC_URL", addresses.public_url),
        ("SMTP_URL", addresses.smtp_url),
        ("MAIL_FROM", addresses.mail_from),
        ("NOTIFY_TEMPLATES", addresses.templates),
        ("NOTIFY_URL", addresses.public_url),
    ):
        try:
            settings[name] = read(settings[name]) if settings[name] else None
        except ValueError as fault:
            raise SettingFault(f"TAFCORE_{name} {fault}") from fault
    if not settings["SECRET_KEY"]:
        raise SettingFault(f"There is no SECRET_KEY: set TAFCORE_SECRET_KEY or put it into {file}")
    return settings


def _megabytes(value: Any) -> int:
    if not str(value).isdecimal() or not 1 <= int(value) <= 100:
        raise SettingFault("TAFCORE_LARGEST_FILE_MB must be a whole number of megabytes from 1 to 100")
    return int(value)


def database_url(text: str, name: str = "DATABASE_URL") -> str:
    """A URL for one of our two databases; PostgreSQL always through psycopg."""
    try:
        url = make_url(text)
    except ArgumentError as fault:
        raise SettingFault(
            f"TAFCORE_{name} is no database URL; it looks like postgresql+psycopg://user@host/name"
        ) from fault
    backend = url.get_backend_name()
    if backend not in ("sqlite", "postgresql"):
        raise SettingFault(f"TAFCORE_{name} names {backend}; use SQLite or PostgreSQL")
    if backend == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    return url.render_as_string(hide_password=False)


def borough(value: Any) -> Borough:
    """A Borough from nothing, a dict, JSON text, or the path of a JSON or TOML file; its colours can be read."""
    made = value if isinstance(value, Borough) else _borough(value)
    unreadable = colours.faults(made.colour, made.text_on_colour, made.link)
    if unreadable:
        raise SettingFault(f"TAFCORE_BOROUGH: {'; '.join(unreadable)}")
    return made


def _borough(value: Any) -> Borough:
    if not value:
        return Borough()
    try:
        found = value if isinstance(value, dict) else _read(str(value))
    except (OSError, ValueError) as fault:
        raise SettingFault(f"TAFCORE_BOROUGH cannot be read: {fault}") from fault
    unknown = set(found) - {each.name for each in fields(Borough)}
    if unknown:
        raise SettingFault(f"TAFCORE_BOROUGH has settings we do not know: {', '.join(sorted(unknown))}")
    return Borough(**found)


def _read(text: str) -> dict[str, Any]:
    if text.lstrip().startswith("{"):
        return dict(json.loads(text))
    path = Path(text)
    return tomllib.loads(path.read_text()) if path.suffix == ".toml" else dict(json.loads(path.read_text()))
