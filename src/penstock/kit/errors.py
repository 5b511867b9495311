"""The one base error and the ten kinds of errors.

An error has a *kind* (its category), a dotted *code* (its name, stable for clients) and *facts* (public, passed as keyword
arguments, named in the message template). It does not depend on a protocol: each protocol maps kinds to its own statuses.

PenstockError
 └── every `errors.py` of a core noun, and the few general ones at the end of this file
"""

from __future__ import annotations

import string
from enum import StrEnum
from typing import Any, ClassVar


class Kind(StrEnum):
    """The category of an error. Protocols translate kinds, never single errors."""

    INVALID = "invalid"
    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    CONFLICT = "conflict"
    PRECONDITION = "precondition"
    EXHAUSTED = "exhausted"
    UNSUPPORTED = "unsupported"
    UNAVAILABLE = "unavailable"
    INTERNAL = "internal"


REGISTRY: dict[str, type[PenstockError]] = {}
"""Every error class by its code. `tests/house` checks that each is documented."""


class PenstockError(Exception):
    """Base class of all errors returned to callers.

    Subclasses set `kind`, `code` and `message`; the message's `{names}` are facts that the raise must supply. The facts named in
    `shown` are also for programs: protocols return them unchanged. An error `of_server` is met by everything alike, such as a
    full disk, so it is logged once.

    Raises:
        TypeError: at import, if a code is used twice; at the raise, if a fact of the message is missing.
    """

    kind: ClassVar[Kind] = Kind.INTERNAL
    code: ClassVar[str] = ""
    message: ClassVar[str] = ""
    shown: ClassVar[tuple[str, ...]] = ()
    of_server: ClassVar[bool] = False
    _needs: ClassVar[frozenset[str]] = frozenset()

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if "code" not in cls.__dict__:
            return
        if cls.code in REGISTRY:
            raise TypeError(f"error code {cls.code!r} is used twice")
        REGISTRY[cls.code] = cls
        cls._needs = frozenset(name for _, name, _, _ in string.Formatter().parse(cls.message) if name)

    def __init__(self, *, errors: list[FieldError] | None = None, **facts: Any) -> None:
        missing = self._needs - facts.keys()
        if missing:
            raise TypeError(f"{type(self).__name__} needs {', '.join(sorted(missing))}")
        self.facts = facts
        self.errors = errors or []
        super().__init__(self.message.format(**facts))

    @property
    def detail(self) -> str:
        """The message with its facts filled in: one sentence for the reader."""
        return str(self)


class FieldError:
    """One invalid field: where it is in the input and what is wrong with it.

    Shape: `field` is a dot path such as `location.lat` or `[3].time`; the whole input is the empty string.
    """

    __slots__ = ("code", "detail", "field")

    def __init__(self, field: str, detail: str, code: str = "invalid") -> None:
        self.field, self.detail, self.code = field, detail, code

    def as_dict(self) -> dict[str, str]:
        """The wire form inside a problem document's `errors`."""
        return {"field": self.field, "code": self.code, "detail": self.detail}

    def __repr__(self) -> str:
        return f"FieldError({self.field!r}, {self.detail!r})"


class InvalidInput(PenstockError):
    """The input is invalid; `errors` names the fields."""

    kind, code = Kind.INVALID, "request.invalid"
    message = "{reason}"

    @classmethod
    def field(cls, field: str, detail: str, code: str = "invalid") -> InvalidInput:
        """One invalid field."""
        return cls(reason=f"{field}: {detail}" if field else detail, errors=[FieldError(field, detail, code)])


class Unavailable(PenstockError):
    """The server is temporarily unable to do this."""

    kind, code = Kind.UNAVAILABLE, "server.unavailable"
    message = "{reason}"


class InternalError(PenstockError):
    """A bug in Penstock. It is logged once with its traceback, which is not returned."""

    kind, code = Kind.INTERNAL, "server.internal"
    message = "internal error; the server's log has the details under this request id"
