"""Chance is passed in; and no test forges a secret by a constant last character, which a drawn secret has once in sixty runs."""

from __future__ import annotations

import re
from pathlib import Path

from tests.house.tree import ROOT, python_files

CONSTANT_END = re.compile(r"""(secret|token|key|code|password|value)\w*["'\])]*\[:-1\] \+ f?["']""")
SOUND = {
    "tests/core/tenancy/test_key_styles.py": "a digit that the alphabet of the style lacks",
    "tests/support/key_styles.py": "a newline, which no alphabet has",
}


def test_no_forgery_is_the_true_secret_by_chance() -> None:
    texts = {str(path.relative_to(ROOT)): path.read_text() for path in python_files("tests")}
    forged = {name: found[0] for name, text in texts.items() if name not in SOUND and (found := CONSTANT_END.search(text))}
    assert forged == {}, "use tests.support.forgery.one_character_off"


GLOBAL = re.compile(r"^\s*(?:import random|from random import)", re.MULTILINE)


def test_randomness_is_passed_in() -> None:
    """Whoever draws from the generator that all modules share cannot be tested without chance. Secrets are no subject of this."""
    drawing = {name.split("/")[2] for path in python_files("src") if GLOBAL.search(path.read_text()) and (name := _name(path))}
    assert drawing == {"bootstrap"}


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))
