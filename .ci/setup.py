"""Prepare `.venv` for `demo`, `check`, `test` or `bench`; a second run sees that nothing changed and returns at once.

Standard library only: this runs before anything is installed.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tomllib
from importlib.util import find_spec
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
PYTHON = ROOT / ".venv/bin/python"
# Relative, since pip splits the setting at spaces and a checkout may lie in a folder with one.
CONSTRAINTS = "constraints.txt"
DECIDES = ("pyproject.toml", CONSTRAINTS, "package.json", "package-lock.json", "hatch_build.py", ".ci/setup.py")
PYTHONS = ("python3", "python3.11", "python3.12", "python3.13", "python3.14")
ROUNDS = 6
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC_BROWSER = Path("/Applications/Google Chrome.app")


def main(purpose: str) -> None:
    extras = {"demo": [], "bench": ["test", "bench"]}.get(purpose, ["test"])
    wanted = digest()
    stamps = [ROOT / ".venv" / f"set-up-{name}" for name in ("run-time", *extras)]
    if not is_current(stamps, wanted):
        make_environment()
        say("Installing libraries and building the pages' styles (up to a minute the first time)")
        install(extras)
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
    if PYTHON.exists() and subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True).returncode == 0:
        return
    python = quickest()
    say(f"Making a virtual environment with {python}")
    if python == sys.executable and not (find_spec("venv") and find_spec("ensurepip")):
        add_debian_package("python3-venv", "Python's venv module is missing")
    run([python, "-m", "venv", "--clear", ".venv"], "The virtual environment could not be made.")


def quickest() -> str:
    """Of the Pythons on this machine: by how it was built, one takes half as long again as another. They take turns,
    since whatever else runs slows whoever runs beside it."""
    found = {shutil.which(name, path=folder) for folder in os.get_exec_path() for name in PYTHONS}
    least: dict[str, int] = {}
    for _ in range(ROUNDS):
        for python in sorted(filter(None, found)):
            asked = subprocess.run([python, "-B", ".ci/quick.py"], cwd=ROOT, capture_output=True, text=True)
            took, _, real = asked.stdout.strip().partition(" ")
            if asked.returncode or (real in least and python != real):
                found.discard(python)  # no such Python, or another name of one
            if not asked.returncode:
                found.add(real)
                least[real] = min(int(took), least.get(real, int(took)))
    return min(least, key=lambda real: least[real], default=sys.executable)


def install(extras: list[str]) -> None:
    """Install the package in place and its requirements, side by side: the styles compile while libraries download."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    requirements = project["dependencies"] + [
        requirement for extra in extras for requirement in project["optional-dependencies"][extra]
    ]
    # The second name is what newer versions of pip ask for the requirements of a build.
    environment = os.environ | {
        "PIP_CONSTRAINT": CONSTRAINTS,
        "PIP_BUILD_CONSTRAINT": CONSTRAINTS,
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_NO_INPUT": "1",
    }
    pip = [PYTHON, "-m", "pip", "install", "--quiet", "--no-compile"]
    parts = [
        subprocess.Popen([*pip, *wanted], cwd=ROOT, env=environment)
        for wanted in (requirements, ["--no-deps", "--editable", "."])
    ]
    failures = [part.wait() for part in parts]
    if any(failures):
        stop("The libraries could not be installed; the lines above say why.")


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
