"""Names, texts and documentation avoid the words that `docs/glossary.md` replaces.

`words_baseline.txt` holds how many each file still has. A count never rises, and a count that fell is written down with
`python -m tests.house.words --write`. `python -m tests.house.words src/penstock/core` lists what is left below a folder.
"""

from __future__ import annotations

import pytest

from .words import NAMES, PROSE, advice, baseline, counts, found_in_markdown, found_in_prose, found_in_python

REMEDY = "python -m tests.house.words --write"


def test_no_file_has_more_forbidden_words_than_its_baseline() -> None:
    allowed = baseline()
    grown = {name: f"{allowed.get(name, 0)} -> {count}" for name, count in counts().items() if count > allowed.get(name, 0)}
    assert grown == {}, "python -m tests.house.words PATH lists them with what to write instead"


def test_the_baseline_is_current() -> None:
    now = counts()
    fallen = {name: f"{count} -> {now.get(name, 0)}" for name, count in baseline().items() if count > now.get(name, 0)}
    assert fallen == {}, f"fewer forbidden words: lower the baseline with {REMEDY}"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('"""Whom it is told."""\n', [(1, "Whom"), (1, "told")]),
        ("x = 1  # goes on\n", [(1, "goes on")]),
        ('"""One.\n\nIt is of no\nproject any more."""\n', [(3, "is of no"), (4, "any more")]),
        ("class AlertsOfAll:\n    def go_on(self): ...\n", [(1, "AlertsOfAll"), (2, "go_on")]),
        ("told_by = metrics = unwanted = 1\n", []),
        ('"""A device is no longer told apart."""\n', [(1, "told")]),
        ('"""Return the device that was requested; it is no longer paused."""\n', []),
    ],
)
def test_words_are_found_in_python(source: str, expected: list[tuple[int, str]]) -> None:
    assert list(found_in_python(source)) == expected


def test_code_in_documentation_is_not_prose() -> None:
    text = "Run `told`.\n\n```\nnobody\n```\n\n[people](nobody.md) and somebody\n"
    assert list(found_in_markdown(text)) == [(7, "somebody")]


def test_a_phrase_over_two_lines_is_found() -> None:
    assert list(found_in_prose("one\nit goes\non\n")) == [(2, "goes on")]


@pytest.mark.parametrize("word", ["told", "goes on", "Nobody", "is no reading", "AlertsOfAll", "go_on", "_Told"])
def test_each_word_has_its_replacement(word: str) -> None:
    assert advice(word) in {*PROSE.values(), *NAMES.values()}
