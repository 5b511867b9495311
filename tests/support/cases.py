"""One test over many cases: it goes through all of them and tells every one that failed.

A case that takes a millisecond is not worth a test of its own, of which pytest and xdist make a report each. The cases are the
same as with `parametrize`, and one that fails keeps none of the others from being looked at.
`pytest --case "DELETE /api/v2/devices"` runs only the cases whose name holds this text.
"""

from __future__ import annotations

import functools
import inspect
import traceback
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import pytest

T = TypeVar("T")
Test = Callable[..., None]
SHOWN = 20
"""How many failures are told in full; of the others there is a count."""
wanted = ""
"""The text of `--case`; set by tests/conftest.py."""
found = 0
"""How many cases were called so, in this process."""


def for_each(cases: Iterable[T], name_of: Callable[[T], str] = str) -> Callable[[Test], Test]:
    """Run a test for every case, which it takes as its first argument; the others are fixtures as usual."""
    found = list(cases)
    assert found, "a test without a case cannot fail"

    def wrap(test: Test) -> Test:
        first, *fixtures = inspect.signature(test).parameters.values()

        @functools.wraps(test)
        def over_all(**given: Any) -> None:
            check_all(found, lambda case: test(**{first.name: case}, **given), name_of)

        over_all.__signature__ = inspect.Signature(fixtures)  # type: ignore[attr-defined]
        return over_all

    return wrap


def check_all(cases: Iterable[T], check: Callable[[T], object], name_of: Callable[[T], str] = str) -> None:
    """Check every case, and fail once with all that failed."""
    global found  # noqa: PLW0603  (pytest has no place of its own that a test can reach and all hooks can read)
    chosen = [case for case in cases if wanted in name_of(case)]
    found += len(chosen)
    if not chosen and wanted:
        pytest.skip(f"no case here is called {wanted!r}")
    assert chosen, "nothing was checked"
    failures: dict[str, BaseException] = {}
    for case in chosen:
        try:
            check(case)
        except (Exception, BaseExceptionGroup) as failure:  # whatever it is: the other cases have their turn all the same
            failures[name_of(case)] = failure
    if failures:
        pytest.fail(_told(failures, len(chosen)), pytrace=False)


def _told(failures: dict[str, BaseException], checked: int) -> str:
    lines = [f"{len(failures)} of {checked} cases failed"]
    for name, failure in list(failures.items())[:SHOWN]:
        lines += [f"--- {name}: {_line_of(failure)}", str(failure) or type(failure).__name__]
    lines += [f"--- {name}" for name in list(failures)[SHOWN:]]
    return "\n".join(lines)


def _line_of(failure: BaseException) -> str:
    """Where a test of ours failed: the innermost line of a file below tests/."""
    frames = [frame for frame in traceback.extract_tb(failure.__traceback__) if "/tests/" in frame.filename]
    return f"{frames[-1].filename.rpartition('/tests/')[2]}:{frames[-1].lineno}: {frames[-1].line}" if frames else ""
