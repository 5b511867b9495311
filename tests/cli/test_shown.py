"""Tables and lines: what a terminal would obey is not in them."""

from __future__ import annotations

import json

import pytest

from penstock.cli.shown import MAX_CELL, cell_of, print_json, print_rows, text_of, values_in

ROWS = [{"name": "a\x1b[31m\nb", "place": {"x": 1.5}, "on": True}, {"name": "[bold]c[/bold]", "place": None, "on": False}]


def test_a_row_is_a_line_of_a_table_or_of_json(capsys: pytest.CaptureFixture[str]) -> None:
    print_rows(ROWS, (("Name", "name"), ("X", "place.x"), ("On", "on")), json=False)
    shown = capsys.readouterr().out
    assert "\x1b" not in shown
    assert "[bold]c[/bold]" in shown
    assert "1.5" in shown
    print_rows(ROWS, (), json=True)
    assert [json.loads(line) for line in capsys.readouterr().out.splitlines()] == ROWS
    print_json({"a": "ä"})
    assert capsys.readouterr().out == '{"a":"ä"}\n'


def test_values_are_as_people_write_them() -> None:
    assert text_of({"a": [1, None, "x"], "b": False}) == "a=1, , x b=no"
    assert cell_of({"a": "x" * 100}, "a") == "x" * (MAX_CELL - 1) + "…"
    assert (cell_of({"a": 1}, "a.b"), cell_of({}, "a")) == ("", "")


def test_values_of_a_reading_have_their_path() -> None:
    found = dict(values_in({"t": 4.80, "v": {"rms": 1, "axes": [1, "x"]}, "s": "open\x1b", "on": True, "no": None}))
    assert found == {"t": "4.8", "v.rms": "1", "v.axes": '[1,"x"]', "s": "open", "on": "true", "no": "null"}
