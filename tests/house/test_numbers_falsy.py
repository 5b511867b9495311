"""0 is a value: in what is read of devices and servers, no number is replaced because it is false.

`x or default` does so, and `0 dBm or -inf` is the worst signal instead of the best. Where 0 has a meaning of its own, the place
is listed here. The endings of names that mean a number are the glossary's units.
"""

from __future__ import annotations

import ast
from pathlib import Path

from .tree import functions, parsed, python_files, shown

FOLDERS = ("src/penstock/ingress", "src/penstock/core/uplinks", "src/penstock/core/connections", "src/penstock/core/codecs")
NUMBERS = (
    "_us",
    "_s",
    "_ms",
    "_dbm",
    "_db",
    "_v",
    "_hz",
    "_m",
    "_percent",
    "f_port",
    "f_cnt",
    "latitude",
    "longitude",
    "rssi",
    "snr",
)
ARGUED = {
    "event.keep_alive_s or self.settings.keep_alive_s": "a broker's keep alive of 0 means that the client's own applies",
    "newer.last_message_us or older.last_message_us": "a time in 1970 is not the time of a message",
}


def replaced(tree: ast.AST) -> list[str]:
    """Every `number or other`, unless the other is 0 as well."""
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.BoolOp) or not isinstance(node.op, ast.Or):
            continue
        last = node.values[-1]
        if isinstance(last, ast.Constant) and last.value == 0:
            continue
        if _is_number(last) or any(_is_number(value) for value in node.values[:-1]):
            found.append(ast.unparse(node))
    return found


def _is_number(node: ast.expr) -> bool:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return True
    if isinstance(node, ast.Constant):
        return isinstance(node.value, int | float) and not isinstance(node.value, bool)
    return isinstance(node, ast.Name | ast.Attribute) and ast.unparse(node).endswith(NUMBERS)


def _files() -> list[Path]:
    translators = [path for path in python_files("src/penstock/api") if path.name == "translate.py"]
    return [*python_files(*FOLDERS), *translators]


def test_no_number_is_replaced_because_it_is_0() -> None:
    found = {f"{shown(path)}: {text}": text for path in _files() for text in replaced(parsed(path))}
    assert {place for place, text in found.items() if text not in ARGUED} == set()


def test_a_replaced_number_is_found() -> None:
    assert replaced(ast.parse("max(rows, key=lambda one: one.rssi_dbm or -math.inf)"))
    assert replaced(ast.parse("radio.snr_db or None"))
    assert replaced(ast.parse("count or 7"))
    assert not replaced(ast.parse("found.time_us or 0"))
    assert not replaced(ast.parse("name or 'device'"))
    assert any(True for path in _files() for _ in functions(parsed(path)))
