"""Prepare `.venv` for `demo`, `check` or `test`; a second run notices that nothing changed and returns at once.

Standard library only: this runs before anything is installed.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
PYTHON = ROOT / ".venv/bin/python"
# Relative, since pip splits the setting at spaces and a checkout may lie in a folder with one.
CONSTRAINTS = "constraints.txt"
DECIDES = ("pyproject.toml", CONSTRAINTS, "package.json", "package-lock.json", "hatch_build.py", ".ci/setup.py")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC_BROWSER = Path("/Applications/Google Chrome.app")


def main(purpose: str) -> None:
    extra = "" if purpose == "demo" else "[test]"
    wanted = digest()
    stamps = [ROOT / ".venv" / f"set-up-for-{name}" for name in ("demo", "test")[: 2 if extra else 1]]
    if not is_current(stamps, wanted):
        make_environment()
        say("Installing libraries and building the pages' styles (about a minute the first time)")
        install(f".{extra}")
        for stamp in stamps:
            stamp.write_text(wanted)
    if purpose == "test":
        require_browser()


def digest() -> str:
    """Hash of what decides the environment's content, and of where it lies: a moved environment has stale scripts."""
    total = hashlib.sha256(str(ROOT).encode())
    for source in [ROOT / name for name in DECIDES] + sorted((ROOT / "src/tafcore/static/scss").iterdir()):
        total.update(source.read_bytes())
    return total.hexdigest()


def is_current(stamps: list[Path], wanted: str) -> bool:
    built = [ROOT / "src/tafcore/static/vendor/.stamp", ROOT / "tests/vendor/.stamp"]
    return (
        PYTHON.is_file()
        and all(file.is_file() for file in built)
        and all(stamp.is_file() and stamp.read_text() == wanted for stamp in stamps)
    )


def make_environment() -> None:
    if subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True).returncode == 0 if PYTHON.exists() else False:
        return
    say(f"Making a virtual environment with Python {sys.version_info.major}.{sys.version_info.minor}")
    if not (find_spec("venv") and find_spec("ensurepip")):
        add_debian_package("python3-venv", "Python's venv module is missing")
    run([sys.executable, "-m", "venv", "--clear", ".venv"], "The virtual environment could not be made.")


def install(what: str) -> None:
    """Install the package in place; the constraints hold for the build's own requirements too."""
    environment = os.environ | {
        "PIP_CONSTRAINT": CONSTRAINTS,
        "PIP_BUILD_CONSTRAINT": CONSTRAINTS,
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_NO_INPUT": "1",
    }
    run([PYTHON, "-m", "pip", "install", "--quiet", "-e", what], "The libraries could not be installed.", environment)


def require_browser() -> None:
    if any(map(shutil.which, BROWSERS)) or MAC_BROWSER.exists():
        return
    add_debian_package("chromium", "The browser tests need Chromium or Chrome")


def add_debian_package(package: str, lack: str) -> None:
    """Install a Debian package as root, or end with one sentence that says what to install."""
    if not shutil.which("apt-get") or os.geteuid() != 0:
        stop(f"{lack}: please install it (on Debian: the package {package}), then run this again.")
    say(f"Installing the Debian package {package}")
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    failure = f"{lack}, and the Debian package {package} could not be installed."
    run(["apt-get", "-qq", "update"], failure, environment)
    run(["apt-get", "-qq", "install", "--yes", "--no-install-recommends", package], failure, environment)


def run(command: list[str | Path], failure: str, environment: dict[str, str] | None = None) -> None:
    if subprocess.run(command, cwd=ROOT, env=environment).returncode:
        stop(failure)


def say(line: str) -> None:
    print(f"tafcore: {line} ...", flush=True)


def stop(sentence: str) -> NoReturn:
    sys.exit(f"tafcore: {sentence}")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "demo")
