"""Templates: escaped, forgiving about missing values, and complete."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from penstock.api.console.shared.forms import Form
from penstock.api.console.shared.navigation import MENU
from penstock.api.console.shared.rendering import FOLDER, Renderer, icon
from penstock.api.console.shared.static_files import StaticFiles
from penstock.api.console.shared.viewer import Viewer

HOSTILE = "<img src=x>"
TEMPLATES = sorted(FOLDER.rglob("templates/*.html"))
_ICONS = re.compile(r"""icon(?:\(|=)["']([a-z0-9-]+)["']""")


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: f"{path.parent.parent.name}/{path.name}")
def test_a_template_compiles_and_its_icons_exist(template: Path) -> None:
    renderer = Renderer(StaticFiles().path_of)
    renderer.environment.get_template(f"{template.parent.parent.name}/{template.name}")
    assert [name for name in _ICONS.findall(template.read_text()) if not drawn(name)] == []


PAIRED = ("div", "dl", "form", "nav", "ol", "section", "span", "table", "ul")
_PARTS = re.compile(r"{%-? (block|macro) (.*?) -?%}(.*?){%-? end\1", re.DOTALL)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: f"{path.parent.parent.name}/{path.name}")
def test_each_block_and_macro_closes_what_it_opens(template: Path) -> None:
    """A browser repairs a page whose parts are not closed, so that none of the tests in a browser sees it."""
    for _, name, body in _PARTS.findall(template.read_text()):
        opened = {tag: len(re.findall(rf"<{tag}\b", body)) for tag in PAIRED}
        assert opened == {tag: body.count(f"</{tag}>") for tag in PAIRED}, name


def test_icons_of_the_menu_exist() -> None:
    assert [item.icon for group in MENU for item in group.entries if not drawn(item.icon)] == []


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


def test_a_table_escapes_its_rows_and_encodes_their_links() -> None:
    rows = [{"id": "a/b?c", "name": HOSTILE, "labels": {HOSTILE: HOSTILE}, "off": False}]
    columns = [{"key": key, "label": key} for key in ("name", "labels", "off", "missing")]
    page = shown('{{ ui.table("t", columns, rows, href="/console/x/{id}", next_cursor="n&m") }}', rows=rows, columns=columns)
    assert "<img" not in page
    assert page.count("&lt;img src=x&gt;") >= 3
    assert 'data-href="/console/x/a%2Fb%3Fc"' in page
    assert ">no<" in page.replace("\n", "").replace(" ", "")
    assert "/next?cursor=n&amp;m" in page


def test_a_filter_that_finds_nothing_is_not_an_empty_organisation() -> None:
    source = '{{ ui.table("t", [{"key": "name", "label": "Name"}], [], empty="none yet") }}'
    assert "none yet" in shown(source)
    assert "none yet" not in shown(source, query={"q": "x"})


def test_a_field_shows_its_error_and_says_so_to_screen_readers() -> None:
    form = Form({"name": [HOSTILE]}).failed({"detail": "1 field is invalid", "errors": [{"field": "name", "detail": "is taken"}]})
    page = shown('{{ ui.form_errors(form) }}{{ ui.field(form, "name", "Name", help="For people") }}', form=form)
    assert 'value="&lt;img src=x&gt;"' in page
    assert 'aria-describedby="f-name-help f-name-error"' in page
    assert 'aria-invalid="true"' in page
    assert page.count("is taken") == 2


@pytest.mark.parametrize("kind", ["select", "radio", "multi"])
def test_the_options_of_a_field_are_escaped_and_chosen(kind: str) -> None:
    options = ["plain", ["a,b", HOSTILE], {"value": HOSTILE, "label": "odd"}]
    page = shown(
        '{{ ui.field(none, "f", "F", type=kind, options=options, value=value) }}', kind=kind, options=options, value=HOSTILE
    )
    assert "<img" not in page
    assert re.search(r'value="&lt;img src=x&gt;"[^>]* (selected|checked)', page)
    assert not re.search(r'value="plain"[^>]* (selected|checked)', page)


def test_a_box_that_was_not_checked_stays_so_after_an_error() -> None:
    source = '{{ ui.field(form, "on", "On", type="switch", value=true) }}'
    assert " checked" in shown(source, form=Form())
    assert " checked" not in shown(source, form=Form({"other": ["x"]}).failed({"detail": "no", "errors": []}))


def shown(source: str, **values: Any) -> str:
    """What a page with these macros shows."""
    given = {"query": {}, "path": "/console/x", "url": _url, "viewer": Viewer()}
    template = Renderer(str).environment.from_string('{% import "shared/ui.html" as ui with context %}' + source)
    return template.render({**given, **values})


def _url(path: str, **changes: Any) -> str:
    return f"/next?cursor={changes.get('cursor')}"


def drawn(name: str) -> bool:
    return str(icon(name)) != icon("no such icon")
