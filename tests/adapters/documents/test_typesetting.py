"""PDFs of layouts."""

from __future__ import annotations

import asyncio
import io
import threading

import pytest
from pypdf import PdfReader

from penstock.adapters.documents.errors import DocumentFailed
from penstock.adapters.documents.typesetting import Typesetter, Value

VALUES: dict[str, Value] = {
    "title": "Statement",
    "author": "Acme \x07",
    "language": "en",
    "page": "Page {page} of {pages}",
    "paper": "us-letter",
    "facts": ["one"],
    "total": "Total 7",
    "head": ["a", "b", "c"],
    "rows": [["x" * 300, "1", "2"]],
    "sum": ["", "", "7"],
}


def test_a_layout_is_filled_and_archivable() -> None:
    reader = PdfReader(io.BytesIO(Typesetter().pdf("statement", VALUES, 1_780_000_000_000_000)))
    page = reader.pages[0]
    assert [round(float(side)) for side in page.mediabox[2:]] == [612, 792]
    assert "Total 7" in page.extract_text()
    assert page.extract_text().replace("\u200b", "").replace("\n", "").count("x") == 300, "a long word is broken, and whole"
    assert (reader.metadata or {})["/Title"] == "Statement"
    assert b"pdfaid:part>3<" in reader.root_object["/Metadata"].get_object().get_data()  # type: ignore[attr-defined]


def test_a_layout_that_cannot_be_made_says_why() -> None:
    with pytest.raises(DocumentFailed, match="facts"):
        Typesetter().pdf("statement", {name: value for name, value in VALUES.items() if name != "facts"}, 0)


async def test_documents_are_made_one_at_a_time_and_elsewhere() -> None:
    typesetter, busy, most = Typesetter(), [], []

    def work() -> int:
        busy.append(1)
        most.append(len(busy))
        busy.pop()
        return threading.get_ident()

    threads = await asyncio.gather(*(typesetter.in_thread(work) for _ in range(20)))
    assert len(set(threads)) == 1
    assert threads[0] != threading.get_ident()
    assert max(most) == 1
