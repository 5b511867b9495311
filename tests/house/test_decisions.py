"""Every decision has the same five parts, names the check that enforces it, and is in the index."""

from __future__ import annotations

import re

from .tree import ROOT, shown

DECISIONS = ROOT / "docs" / "decisions"
RECORDS = sorted(DECISIONS.glob("[0-9]*.md"))
PARTS = ["Context", "Decision", "Consequences", "Alternatives", "Enforced by"]
MAX_LINES = 80


def test_every_record_has_the_five_parts_on_one_page() -> None:
    for path in RECORDS:
        text = path.read_text("utf-8")
        assert re.match(rf"# {path.name[:4]} \S", text), shown(path)
        assert re.findall(r"^## (.+)$", text, re.MULTILINE) == PARTS, shown(path)
        assert len(text.splitlines()) <= MAX_LINES, shown(path)


def test_numbers_have_no_gaps() -> None:
    assert [path.name[:4] for path in RECORDS] == [f"{number:04}" for number in range(1, len(RECORDS) + 1)]


def test_the_index_lists_every_record() -> None:
    linked = re.findall(r"\]\((\d{4}-[\w-]+\.md)\)", (DECISIONS / "README.md").read_text("utf-8"))
    assert sorted(linked) == [path.name for path in RECORDS]


def test_checks_that_records_name_exist() -> None:
    named = {(shown(path), name) for path in RECORDS for name in re.findall(r"`(tests/house/[\w.]+)`", path.read_text("utf-8"))}
    assert [entry for entry in sorted(named) if not (ROOT / entry[1]).exists()] == []
