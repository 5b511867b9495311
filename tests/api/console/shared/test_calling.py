"""The calls of pages and scripts exist: only a click would show a misspelled one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from penstock.api.console.shared.rendering import FOLDER
from tests.security.table import operations

_IN_SCRIPTS = re.compile(r"""api\(\s*"(GET|POST|PUT|PATCH|DELETE)",\s*(["`])(?:/console/api/)?v2/(.*?)\2""")
_COMMENT = re.compile(r"^\s*//.*$", re.MULTILINE)
ON_REQUEST = {("POST", "/api/v2/signup")}
"""Operations of servers with another setting."""
_IN_PAGES = re.compile(r"""(get|find|do|send)\(\s*(?:"(GET|POST|PUT|PATCH|DELETE)",\s*)?f?"(/api/v2/[^"?]*)\"""")
_VALUE = re.compile(r"\$?\{(?:[^{}]|\{[^{}]*\})*\}")


def called() -> Iterator[tuple[str, str, str]]:
    """File, method and path of each call that is written as a text."""
    for path in sorted((FOLDER / "static").glob("*.js")):
        for method, _, rest in _IN_SCRIPTS.findall(_COMMENT.sub("", path.read_text())):
            yield path.name, method, f"/api/v2/{form_of(rest).partition('?')[0]}"
    for path in sorted(FOLDER.rglob("*.py")):
        for verb, method, rest in _IN_PAGES.findall(path.read_text()):
            if verb in ("get", "find") or method:
                yield path.relative_to(FOLDER).as_posix(), method or "GET", rest


def form_of(path: str) -> str:
    return _VALUE.sub("{}", path.replace("{{", "{").replace("}}", "}")).rstrip("/")


def fits(path: str, known: str) -> bool:
    """Whether a call can be of an operation: what the page fills in can be any part of the operation's path."""
    parts, expected = path.split("/"), known.split("/")
    return len(parts) == len(expected) and all(one in ("{}", other) for one, other in zip(parts, expected, strict=True))


def test_every_call_is_an_operation() -> None:
    known: dict[str, set[str]] = {}
    for method, path in [*((one.method, form_of(one.path)) for one in operations()), *ON_REQUEST]:
        known.setdefault(method, set()).add(path)
    found = list(called())
    assert len(found) > 50, "the calls are no longer found"
    assert [one for one in found if not any(fits(form_of(one[2]), path) for path in known[one[1]])] == []
