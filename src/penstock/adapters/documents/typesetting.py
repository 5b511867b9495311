"""Turns a layout and its values into a PDF.

The layouts are the package's own (`layouts/*.typ`). Values are passed to them as data, so no text of a customer is ever read as
markup. The compiler is Typst: it shapes and orders every script, falls back from font to font by character, embeds subsets of the
fonts, and repeats the heads of tables on each page. It releases the interpreter's lock while it works.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeVar

import msgspec

from penstock.adapters.documents.coverage import printable
from penstock.adapters.documents.errors import DocumentFailed
from penstock.kit.clock import SECOND_US

if TYPE_CHECKING:
    import typst

FOLDER = Path(__file__).parent
FONTS = (FOLDER / "fonts" / "noto", FOLDER / "fonts" / "droid")
ARCHIVABLE: Literal["a-3b"] = "a-3b"
"""PDF/A-3: it embeds all its fonts, and may have the machine-readable form of an invoice attached."""

T = TypeVar("T")
Value = str | bool | int | None | list["Value"] | dict[str, "Value"]


class Typesetter:
    """Makes PDFs, one at a time, so that many requests do not take the memory of many documents."""

    def __init__(self) -> None:
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="documents")

    async def in_thread(self, work: Callable[[], T]) -> T:
        """Run work on the thread of documents, so that it does not hold up other calls."""
        return await asyncio.get_running_loop().run_in_executor(self._executor, work)

    def pdf(self, layout: str, values: dict[str, Value], made_us: int, drawings: Mapping[str, str] | None = None) -> bytes:
        """A PDF; the same arguments make the same bytes. `drawings` are the layout's SVG files by name.

        Characters that no font has appear as a replacement character.

        Raises:
            DocumentFailed: the compiler refused the document.
        """
        files = {
            "main.typ": (FOLDER / "layouts" / f"{layout}.typ").read_bytes(),
            "page.typ": (FOLDER / "layouts" / "page.typ").read_bytes(),
            "values.json": msgspec.json.encode(_printable(values)),
        }
        files |= {f"{name}.svg": drawing.encode() for name, drawing in (drawings or {}).items()}
        try:
            made = self._compiler.compile(
                files,  # type: ignore[type-var]  # a dictionary of files is missing in the stubs of 0.15
                format="pdf",
                pdf_standards=[ARCHIVABLE],
                timestamp=made_us // SECOND_US,
            )
        except RuntimeError as error:  # the library's own error is one
            raise DocumentFailed(reason=str(error)) from error
        assert isinstance(made, bytes), "one PDF is made, whatever the number of its pages"
        return made

    @cached_property
    def _compiler(self) -> typst.Compiler:
        import typst  # here, because loading the compiler and the fonts takes 50 ms

        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=list(FONTS))
        return typst.Compiler(font_paths=fonts, ignore_system_fonts=True)


def _printable(value: Value) -> Value:
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, list):
        return [_printable(one) for one in value]
    if isinstance(value, dict):
        return {name: _printable(one) for name, one in value.items()}
    return value
