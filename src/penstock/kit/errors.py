"""The one base error and the ten kinds an error can be.

An error is a *kind* (what sort of refusal), a dotted *code* (which one, stable for clients) and *facts* (public, given
as keyword arguments, named in the message template). It knows no protocol: each protocol maps kinds to its own statuses.

PenstockError
 └── every `errors.py` of a core noun, and the few general ones at the end of this file
"""

from __future__ import annotations

import string
from enum import StrEnum
from typing import Any, ClassVar


class Kind(StrEnum):
    """What sort of refusal an error is. Protocols translate kinds, never single errors."""

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
    """Base of every refusal a caller may see.

    Subclasses set `kind`, `code` and `message`; the message's `{names}` are facts that the raise must supply. The facts named
    in `shown` are for programs too: protocols show them as they are.

    Raises:
        TypeError: at import, when a code is used twice; at the raise, when a fact of the message is missing.
    """

    kind: ClassVar[Kind] = Kind.INTERNAL
    code: ClassVar[str] = ""
    message: ClassVar[str] = ""
    shown: ClassVar[tuple[str, ...]] = ()
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
        """The message with its facts filled in: one sentence for a person."""
        return str(self)


class FieldError:
    """One field at fault: where it is in the input and what is wrong with it.

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
    """The input does not have the promised form; `errors` names the fields."""

    kind, code = Kind.INVALID, "request.invalid"
    message = "{reason}"

    @classmethod
    def field(cls, field: str, detail: str, code: str = "invalid") -> InvalidInput:
        """One field at fault."""
        return cls(reason=f"{field}: {detail}" if field else detail, errors=[FieldError(field, detail, code)])


class Unavailable(PenstockError):
    """The server cannot do this now but will later."""

    kind, code = Kind.UNAVAILABLE, "server.unavailable"
    message = "{reason}"


class InternalError(PenstockError):
    """A bug of ours: logged once with its traceback, shown without any of it."""

    kind, code = Kind.INTERNAL, "server.internal"
    message = "internal error; the request id finds it in the server's log"
