"""HTML as plain text: what a reader would see, line by line, and the links.

The HTML of a mail is hostile. It is never shown; libxml2 reads it in linear time, and this module keeps no tree of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

MAX_HTML = 1_000_000
"""Characters of HTML that are read; the rest is ignored."""
MAX_TEXT = 200_000
"""Characters of text that are kept."""
MAX_LINKS = 50

_HIDDEN_TAGS = frozenset(
    {"script", "style", "head", "title", "template", "noscript", "object", "svg", "math", "select", "textarea"}
)
_VOID = frozenset({"br", "hr", "img", "input", "meta", "link", "area", "base", "col", "embed", "source", "track", "wbr", "param"})
_BLOCKS = frozenset(
    {"p", "div", "tr", "table", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article", "header", "footer"}
    | {"blockquote", "pre", "dl", "dt", "dd", "center", "form", "address", "body", "html", "br", "hr"}
)
_CELLS = frozenset({"td", "th"})
_INVISIBLE = re.compile(
    r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?:px|pt|em|%)?\s*(?:;|!|\Z)|opacity\s*:\s*0\s*(?:;|!|\Z)"
    r"|max-height\s*:\s*0(?:px)?\s*(?:;|!|\Z)|mso-hide\s*:\s*all)",
    re.IGNORECASE,
)
_SPACE = re.compile(r"[ \t\r\n\f\u00a0\u200b\u200c\u034f\u00ad]+")


class HtmlText(msgspec.Struct, frozen=True):
    """The visible text, and the addresses of its links."""

    text: str
    links: tuple[str, ...]


class _Target:
    """Receives the events of the parser, and collects the visible text."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._hidden: list[str] = []
        """The open elements from the outermost hidden one."""
        self.links: dict[str, None] = {}

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if self._hidden or tag in _HIDDEN_TAGS or _is_hidden(attributes):
            if tag not in _VOID:
                self._hidden.append(tag)
            return
        if tag == "a" and len(self.links) < MAX_LINKS:
            target = attributes.get("href", "").strip()
            if target.lower().startswith(("http://", "https://")):
                self.links[target] = None
        self._separate(tag)

    def end(self, tag: str) -> None:
        if tag in _VOID:  # the parser ends these as well
            return
        if not self._hidden:
            self._separate(tag)
        elif tag == self._hidden[-1]:
            self._hidden.pop()
        elif tag in self._hidden[:100]:
            del self._hidden[self._hidden.index(tag) :]

    def data(self, text: str) -> None:
        if not self._hidden and self._length < MAX_TEXT:
            self._add(_SPACE.sub(" ", text[: MAX_TEXT - self._length]))

    def comment(self, text: str) -> None:
        """Comments are not shown."""

    def close(self) -> str:
        lines = (_SPACE.sub(" ", line).strip() for line in "".join(self._parts).split("\n"))
        return "\n".join(_without_empty_rows(lines)).strip()

    def _separate(self, tag: str) -> None:
        if tag in _BLOCKS:
            self._add("\n")
        elif tag in _CELLS:
            self._add(" ")

    def _add(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)


def _is_hidden(attributes: Mapping[str, str]) -> bool:
    if "hidden" in attributes:
        return True
    style = attributes.get("style", "")
    return bool(style) and bool(_INVISIBLE.search(style[:2_000]))


def _without_empty_rows(lines: Iterable[str]) -> Iterable[str]:
    """At most one empty line between others."""
    empty = True
    for line in lines:
        if line or not empty:
            yield line
        empty = not line


def text_of(html: str) -> HtmlText:
    """Convert HTML to text. Markup that is invalid in any way has a text too."""
    from lxml import etree  # here, because few servers receive mails

    target = _Target()
    # A string with a declared encoding would be rejected, and the characters are decoded already.
    content = html[:MAX_HTML].encode("utf-8", "replace").replace(b"\x00", b"")
    parser: Any = etree.HTMLParser(target=target, encoding="utf-8", no_network=True, huge_tree=False, recover=True)
    try:
        parser.feed(content)
        text = parser.close()
    except (etree.LxmlError, AssertionError, ValueError):  # nothing that a parser recovers from, for example no element at all
        text = target.close()
    return HtmlText(text or target.close(), tuple(target.links))
