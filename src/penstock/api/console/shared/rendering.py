"""Renders templates: each noun's are in its folder `templates`, the layout and the macros in `shared/templates`.

Everything that is not marked as safe is escaped. A value that does not exist is empty, because responses of the API leave out
fields that do not apply.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec
from jinja2 import ChainableUndefined, Environment, FunctionLoader
from markupsafe import Markup

from penstock.api.console.shared.formats import FILTERS
from penstock.api.console.shared.static_files import STATIC

FOLDER = Path(__file__).parent.parent
ICONS = STATIC / "vendor" / "lucide" / "icons.json"
_SVG = (
    '<svg class="icon" aria-hidden="true" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" '
    'stroke-linecap="round" stroke-linejoin="round">{}</svg>'
)


class Renderer:
    """Renders pages. `path_of` returns the path of a static file."""

    def __init__(self, path_of: Callable[[str], str]) -> None:
        self.environment = Environment(
            loader=FunctionLoader(_source), autoescape=True, undefined=ChainableUndefined, trim_blocks=True, lstrip_blocks=True
        )
        self.environment.filters.update(FILTERS)
        self.environment.globals.update(static=path_of, icon=icon)

    def render(self, template: str, values: Mapping[str, Any]) -> bytes:
        """The page of a template `<noun>/<file>.html`."""
        return self.environment.get_template(template).render(values).encode()


def _source(name: str) -> tuple[str, str, Callable[[], bool]] | None:
    noun, _, file = name.partition("/")
    path = FOLDER / noun / "templates" / file
    if not path.is_file():
        return None
    changed = path.stat().st_mtime
    return path.read_text("utf-8"), str(path), lambda: path.stat().st_mtime == changed


@functools.cache
def _icons() -> dict[str, str]:
    return msgspec.json.decode(ICONS.read_bytes(), type=dict[str, str])


@functools.cache
def icon(name: str) -> Markup:
    """An icon as an inline drawing in the colour of the text. Screen readers skip it: the words next to it say what it means.

    Nothing, if the set has no icon with this name: a page is worth more than its icons. A test compares the names.
    """
    return Markup(_SVG.format(_icons().get(name, "")))  # noqa: S704  (the drawings are files of the package)
