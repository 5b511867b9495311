"""Named statements of SQL, read from the text of a file.

    -- name: find_rule^
    -- One rule by id.
    SELECT id, name FROM rules
    WHERE id = :id;

The mark after a name tells readers what the statement returns: `^` one row or none, `!` the number of changed rows, no mark any
number of rows. A line that is a comment is not part of the statement.

A library for such files, aiosql, was replaced: it also makes a Python function of each statement. They were never called, and
making them was a tenth of a server's start.
"""

from __future__ import annotations

import re

_NAME = re.compile(r"^-- name:(.*)$", re.MULTILINE)
_NAME_AND_MARK = re.compile(r" ([a-z]\w*)[\^!]?")
_COMMENT = re.compile(r"^\s*--.*\n?", re.MULTILINE)


def statements_in(text: str) -> dict[str, str]:
    """The statements of a text by name.

    Raises:
        ValueError: a name is not written as above, or occurs twice, or no statement follows it.
    """
    _, *pieces = _NAME.split(text)
    found: dict[str, str] = {}
    for line, body in zip(pieces[::2], pieces[1::2], strict=True):
        named = _NAME_AND_MARK.fullmatch(line)
        if named is None:
            raise ValueError(f"a statement cannot be named{line}")
        name, sql = named[1], _COMMENT.sub("", body).strip()
        if not sql.strip(";"):
            raise ValueError(f"no statement follows the name {name}")
        if name in found:
            raise ValueError(f"two statements have the name {name}")
        found[name] = sql
    return found
