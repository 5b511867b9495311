"""Writes the libraries of the console's pages into the package, and their part of `src/penstock/vendored.toml`: `make vendor`.

npm fetches the versions and hashes of `package-lock.json` into a temporary folder. From there files are copied; the code editor
is bundled from `editor.mjs`, the outline of the world is made by `outline.mjs`, and the icons that `icons.txt` names are put into
one file. The same lock gives the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
PACKAGE = HERE.parent / "src" / "penstock"
FOLDER = "api/console/static/vendor"
MARK = "# What follows is written by `make vendor`."
SOURCE_MAP = re.compile(rb"\n?(?://# sourceMappingURL=[^\n]*|/\*# sourceMappingURL=[^*]*\*/)")
WITHOUT_MAPS = "The comments that name source maps are removed, because the maps are not shipped."


@dataclass(frozen=True)
class Library:
    """A library: its name, the package of npm, its licence, and the files that are copied, `{name: path in the package}`."""

    name: str
    package: str
    licence: str
    changed: str
    files: dict[str, str] = field(default_factory=dict)


LIBRARIES = (
    Library("htmx", "htmx.org", "0BSD", "Nothing.", {"htmx.min.js": "dist/htmx.min.js"}),
    Library(
        "uplot",
        "uplot",
        "MIT",
        "Nothing.",
        {"uPlot.iife.min.js": "dist/uPlot.iife.min.js", "uPlot.min.css": "dist/uPlot.min.css"},
    ),
    Library(
        "gridstack",
        "gridstack",
        "MIT",
        WITHOUT_MAPS,
        {"gridstack-all.js": "dist/gridstack-all.js", "gridstack.min.css": "dist/gridstack.min.css"},
    ),
    Library(
        "leaflet",
        "leaflet",
        "BSD-2-Clause",
        WITHOUT_MAPS,
        {
            "leaflet.js": "dist/leaflet.js",
            "leaflet.css": "dist/leaflet.css",
            **{
                f"images/{name}.png": f"dist/images/{name}.png"
                for name in ("layers", "layers-2x", "marker-icon", "marker-icon-2x", "marker-shadow")
            },
        },
    ),
    Library(
        "inter",
        "@fontsource-variable/inter",
        "OFL-1.1",
        "The fonts are unchanged. Of the style sheet only the rules of Latin and Latin Extended are kept, with the paths "
        "of this folder.",
        {name: f"files/{name}" for name in ("inter-latin-wght-normal.woff2", "inter-latin-ext-wght-normal.woff2")},
    ),
    Library(
        "lucide",
        "lucide-static",
        "ISC",
        "Only the icons of `vendoring/icons.txt`, and of each only what is inside its svg element.",
    ),
    Library(
        "world",
        "world-atlas",
        "ISC",
        "The land and the borders at 1:110 million, made into GeoJSON with two decimals by `vendoring/outline.mjs`. The data are "
        "those of Natural Earth 4.1.0, which are in the public domain; the licence is the package's.",
    ),
    Library(
        "codemirror",
        "codemirror",
        "MIT",
        "Bundled and minified by esbuild from `vendoring/editor.mjs`, with the packages that LICENSE names.",
    ),
)


def main() -> None:
    """Write the files and the manifest of the package."""
    write(PACKAGE)


def write(package: Path) -> None:
    """Write all below `package`: the files in FOLDER, whose earlier content is removed, and the end of `vendored.toml`."""
    target = package / FOLDER
    shutil.rmtree(target, ignore_errors=True)
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        install(work)
        for library in LIBRARIES:
            place = target / library.name
            place.mkdir(parents=True)
            copy(work, library, place)
            if made := MAKERS.get(library.name):
                made(work, place)
        sections = [section(work, library, target / library.name) for library in LIBRARIES]
    manifest = package / "vendored.toml"
    kept = manifest.read_text("utf-8").partition(MARK)[0].rstrip("\n")
    manifest.write_text(f"{kept}\n\n{MARK}\n\n" + "\n".join(sections), "utf-8")


def install(work: Path) -> None:
    """The packages of the lock in `work/node_modules`; none of their scripts is run."""
    for path in [*HERE.glob("*.json"), *HERE.glob("*.mjs")]:
        shutil.copy(path, work)
    run(work, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent")


def run(work: Path, *command: str) -> bytes:
    """What a command writes to its standard output.

    Raises:
        subprocess.CalledProcessError: It failed.
    """
    return subprocess.run(command, cwd=work, stdout=subprocess.PIPE, check=True).stdout  # noqa: S603


def copy(work: Path, library: Library, place: Path) -> None:
    """The files of a library without comments on source maps, and its licence."""
    source = work / "node_modules" / library.package
    for name, path in library.files.items():
        (place / name).parent.mkdir(exist_ok=True)
        data = (source / path).read_bytes()
        (place / name).write_bytes(SOURCE_MAP.sub(b"", data) if name.endswith((".js", ".css")) else data)
    notices = source / "dist" / "gridstack-all.js.LICENSE.txt"
    if notices.is_file():
        shutil.copy(notices, place)
    shutil.copy(source / "LICENSE", place / "LICENSE")


def make_font_rules(work: Path, place: Path) -> None:
    """`inter.css`: a rule for each of the fonts, from the style sheet of the package."""
    text = (work / "node_modules" / "@fontsource-variable" / "inter" / "wght.css").read_text("utf-8")
    rules = [rule for rule in re.findall(r"@font-face \{.*?\n\}", text, re.DOTALL) if "inter-latin" in rule]
    (place / "inter.css").write_text("\n".join(rules).replace("url(./files/", "url(./") + "\n", "utf-8")


def make_icons(work: Path, place: Path) -> None:
    """`icons.json`: `{name: what is inside the svg element}`, for a view box of 24 by 24 and strokes of 2."""
    found = {}
    for name in sorted((HERE / "icons.txt").read_text("utf-8").split()):
        drawn = (work / "node_modules" / "lucide-static" / "icons" / f"{name}.svg").read_text("utf-8")
        inside = re.search(r"<svg[^>]*>(.*)</svg>", drawn, re.DOTALL)
        if inside is None:
            raise ValueError(f"the icon {name} has no svg element")
        found[name] = re.sub(r"\s+", " ", inside[1]).replace("> <", "><").replace(" />", "/>").strip()
    (place / "icons.json").write_text(json.dumps(found, indent=0) + "\n", "utf-8")


def make_outline(work: Path, place: Path) -> None:
    """`world.geojson`."""
    (place / "world.geojson").write_bytes(run(work, "node", "outline.mjs"))
    about = "The data are those of Natural Earth (naturalearthdata.com), which are in the public domain. Their package:\n\n"
    licence = place / "LICENSE"
    licence.write_text(about + licence.read_text("utf-8"), "utf-8")


def make_editor(work: Path, place: Path) -> None:
    """`codemirror.js`, and in LICENSE the licence of each package of which it has something."""
    options = (
        "--bundle",
        "--minify",
        "--format=iife",
        "--global-name=PenstockEditor",
        "--target=es2022",
        "--legal-comments=none",
    )
    run(
        work,
        "node_modules/.bin/esbuild",
        "editor.mjs",
        *options,
        "--outfile=codemirror.js",
        "--metafile=meta.json",
        "--log-level=warning",
    )
    shutil.copy(work / "codemirror.js", place)
    inputs = json.loads((work / "meta.json").read_text("utf-8"))["inputs"]
    packages = sorted({found[1] for path in inputs if (found := re.match(r"node_modules/((?:@[^/]+/)?[^/]+)/", path))})
    texts = []
    for package in packages:
        folder = work / "node_modules" / package
        about = json.loads((folder / "package.json").read_text("utf-8"))
        if about["license"] != "MIT":
            raise ValueError(f"{package} has the licence {about['license']}; the manifest says MIT")
        texts.append(f"{package} {about['version']}\n\n{(folder / 'LICENSE').read_text('utf-8').strip()}\n")
    (place / "LICENSE").write_text("\n\n".join(texts), "utf-8")


MAKERS = {"inter": make_font_rules, "lucide": make_icons, "world": make_outline, "codemirror": make_editor}


def section(work: Path, library: Library, place: Path) -> str:
    """A library in the manifest."""
    version = json.loads((work / "node_modules" / library.package / "package.json").read_text("utf-8"))["version"]
    facts = {
        "version": version,
        "licence": library.licence,
        "package": library.package,
        "folder": f"{FOLDER}/{library.name}",
        "changed": library.changed,
    }
    paths = sorted(path for path in place.rglob("*") if path.is_file() and "LICENSE" not in path.name)
    hashes = {path.relative_to(place).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}
    return f"[{library.name}]\n{lines(facts)}\n[{library.name}.sha256]\n{lines(hashes, quoted=True)}"


def lines(values: dict[str, str], *, quoted: bool = False) -> str:
    """Keys and texts as TOML; a text of JSON is one of TOML."""
    return "".join(f"{json.dumps(key) if quoted else key} = {json.dumps(value)}\n" for key, value in values.items())


if __name__ == "__main__":
    main()
