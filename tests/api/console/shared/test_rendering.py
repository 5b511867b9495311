"""Templates: escaped, forgiving about missing values, and complete."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from penstock.api.console.shared.navigation import MENU
from penstock.api.console.shared.rendering import FOLDER, Renderer, icon
from penstock.api.console.shared.static_files import StaticFiles

TEMPLATES = sorted(FOLDER.rglob("templates/*.html"))
_ICONS = re.compile(r"""icon(?:\(|=)["']([a-z0-9-]+)["']""")


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: f"{path.parent.parent.name}/{path.name}")
def test_a_template_compiles_and_its_icons_exist(template: Path) -> None:
    renderer = Renderer(StaticFiles().path_of)
    renderer.environment.get_template(f"{template.parent.parent.name}/{template.name}")
    assert [name for name in _ICONS.findall(template.read_text()) if not drawn(name)] == []


def test_icons_of_the_menu_exist() -> None:
    assert [item.icon for group in MENU for item in group.items if not drawn(item.icon)] == []


def test_no_template_switches_escaping_off() -> None:
    risky = re.compile(r"\|\s*safe\b|autoescape\s+false|Markup\(")
    assert [str(path) for path in TEMPLATES if risky.search(path.read_text())] == []


def test_no_template_has_what_the_policy_forbids() -> None:
    inline = re.compile(
        r"<script(?![^>]*\bsrc=)(?![^>]*application/json)|<style|\sstyle=|\son(?:click|load|error|change|submit|input|focus|blur|key[a-z]+|mouse[a-z]+)\s*=|javascript:",
        re.IGNORECASE,
    )
    found = {path.name: inline.findall(path.read_text()) for path in TEMPLATES if inline.search(path.read_text())}
    assert found == {}


def test_values_are_escaped_and_may_be_missing() -> None:
    template = Renderer(str).environment.from_string("{{ a.b.c }}<p>{{ name }}</p>")
    assert template.render(name="<img src=x>") == "<p>&lt;img src=x&gt;</p>"


def drawn(name: str) -> bool:
    return str(icon(name)) != icon("no such icon")
