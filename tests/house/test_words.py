"""Names, texts and documentation avoid the words that `words.py` lists. `docs/glossary.md` has the terms to use."""

from __future__ import annotations

import pytest

from .words import NAMES, PROSE, advice, findings, found_in_markdown, found_in_prose, found_in_python


def test_no_forbidden_word_is_used() -> None:
    assert findings() == [], "python -m tests.house.words PATH lists those below a path"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('"""Whom it is told."""\n', [(1, "Whom"), (1, "told")]),
        ("x = 1  # goes on\n", [(1, "goes on")]),
        ('"""One.\n\nIt is of no\nproject any more."""\n', [(3, "is of no"), (4, "any more")]),
        ("class AlertsOfAll:\n    def go_on(self): ...\n", [(1, "AlertsOfAll"), (2, "go_on")]),
        ("told_by = _TOLD_BY = ToldBy = 1\n", [(1, "told_by"), (1, "_TOLD_BY"), (1, "ToldBy")]),
        ("def _let_program_in(look_at, also_look): ...\n", [(1, "_let_program_in"), (1, "look_at"), (1, "also_look")]),
        ("metrics = unwanted = gateway = look_up = looks_like_key = under_way = outlook = 1\n", []),
        ('"""A device is no longer told apart."""\n', [(1, "told")]),
        ('"""Return the device that was requested; it is no longer paused."""\n', []),
    ],
)
def test_words_are_found_in_python(source: str, expected: list[tuple[int, str]]) -> None:
    assert list(found_in_python(source)) == expected


def test_code_and_quotations_in_documentation_are_not_prose() -> None:
    text = "> somebody\nRun `told`.\n\n```\nnobody\n```\n\n[people](nobody.md) and somebody\n"
    assert list(found_in_markdown(text)) == [(8, "somebody")]


def test_a_phrase_over_two_lines_is_found() -> None:
    assert list(found_in_prose("one\nit goes\non\n")) == [(2, "goes on")]


@pytest.mark.parametrize("word", ["told", "goes on", "Nobody", "is no reading", "AlertsOfAll", "go_on", "_TOLD_BY", "also_look"])
def test_each_word_has_its_replacement(word: str) -> None:
    assert advice(word) in {*PROSE.values(), *NAMES.values()}
