"""What every format is read into: entries, and what was left out with the reason."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence

import msgspec

from penstock.core.tokens.seeds import (
    MAX_DIGITS,
    MAX_PERIOD_S,
    MIN_DIGITS,
    MIN_PERIOD_S,
    RESERVED_NAMES,
    check_seed,
    seed_from_text,
)
from penstock.core.vault.totp import ALGORITHMS
from penstock.kit.errors import InvalidInput
from penstock.kit.secret import hides

MAX_ENTRIES = 1_000
"""Entries of one import."""
MAX_NAME = 200
"""Characters of an issuer or account."""
HOTP = "counter-based tokens (HOTP) are not supported, only time-based ones (TOTP)"
MAX_BASE32 = 512
"""Characters, with spaces between them."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")


@hides("seed")
class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A token as a format describes it. `seed` is the shared secret itself, not its base32 form.

    Only Penstock's own format has a `name`, a `description` and `four_eyes`.
    """

    seed: bytes | bytearray
    name: str = ""
    description: str = ""
    four_eyes: bool = False
    issuer: str = ""
    account: str = ""
    algorithm: str = "SHA1"
    digits: int = 6
    period_s: int = 30


class LeftOut(msgspec.Struct, frozen=True):
    """An entry that cannot become a token: its position in the content, from 1, what it is called there, and why."""

    position: int
    name: str
    reason: str


class Found(msgspec.Struct, frozen=True):
    """What a format contains. Entries and the left out count positions together; `positions` are those of the entries."""

    entries: Sequence[Entry]
    positions: Sequence[int]
    left_out: Sequence[LeftOut] = ()


class Gatherer:
    """Collects the entries of a format, within the limit."""

    def __init__(self, field: str) -> None:
        self._field = field
        self._entries: list[Entry] = []
        self._positions: list[int] = []
        self._left_out: list[LeftOut] = []

    @property
    def position(self) -> int:
        """The position of the next entry."""
        return len(self._entries) + len(self._left_out) + 1

    def take(self, entry: Entry) -> None:
        """Add an entry.

        Raises:
            InvalidInput: there are too many.
        """
        self._check_room()
        self._positions.append(self.position)
        self._entries.append(entry)

    def attempt(self, name: str, make: Callable[[], Entry]) -> None:
        """Add the entry that a function makes, or leave it out with the reason of its error. `name` is that of the entry.

        Raises:
            InvalidInput: there are too many.
        """
        try:
            entry = make()
        except InvalidInput as error:
            reason = error.detail
        else:
            self.take(entry)
            return
        self.leave_out(name, reason)

    def leave_out(self, name: str, reason: str) -> None:
        """Add an entry that cannot become a token.

        Raises:
            InvalidInput: there are too many.
        """
        self._check_room()
        self._left_out.append(LeftOut(self.position, shown(name), reason))

    def result(self) -> Found:
        """All entries.

        Raises:
            InvalidInput: there are none.
        """
        if self.position == 1:
            raise InvalidInput.field(self._field, "must contain at least one token", "empty")
        return Found(self._entries, self._positions, self._left_out)

    def _check_room(self) -> None:
        if self.position > MAX_ENTRIES:
            raise InvalidInput.field(self._field, f"must contain at most {MAX_ENTRIES:,} tokens", "too_many")


def checked(
    *, seed: bytes | bytearray, issuer: str, account: str, algorithm: str, digits: int, period_s: int, within: str = ""
) -> Entry:
    """An entry of values that are in bounds. `within` is the field that contains them.

    Raises:
        InvalidInput: names the value that is not.
    """
    place = f"{within}." if within else ""
    check_seed(seed, f"{place}secret")
    if algorithm not in ALGORITHMS:
        raise InvalidInput.field(f"{place}algorithm", f"must be one of {', '.join(ALGORITHMS)}")
    if not MIN_DIGITS <= digits <= MAX_DIGITS:
        raise InvalidInput.field(f"{place}digits", f"must be {MIN_DIGITS} to {MAX_DIGITS}")
    if not MIN_PERIOD_S <= period_s <= MAX_PERIOD_S:
        raise InvalidInput.field(f"{place}period", f"must be {MIN_PERIOD_S} to {MAX_PERIOD_S} seconds")
    for name, text in (("issuer", issuer), ("account", account)):
        if len(text) > MAX_NAME:
            raise InvalidInput.field(f"{place}{name}", f"must have at most {MAX_NAME} characters")
    return Entry(
        seed=seed, issuer=cleaned(issuer), account=cleaned(account), algorithm=algorithm, digits=digits, period_s=period_s
    )


def seed_of(text: str, field: str) -> bytes:
    """The seed of its base32 form; small letters, spaces, hyphens and padding are accepted.

    Raises:
        InvalidInput: it is not base32, or too short or too long.
    """
    if len(text) > MAX_BASE32:
        raise InvalidInput.field(field, f"must have at most {MAX_BASE32} characters")
    return seed_from_text(text, field)


def algorithm_of(text: str) -> str:
    """The name of an algorithm in the form that tokens use; what is not known is returned unchanged."""
    plain = text.strip().upper().removeprefix("HMAC").lstrip("-_").replace("-", "")
    return plain if plain in ALGORITHMS else text


def cleaned(text: str) -> str:
    """A name without control characters and outer spaces."""
    return _CONTROL.sub(" ", text).strip()


def shown(text: str) -> str:
    """A name from outside, for a response."""
    return cleaned(text[:MAX_NAME])


def slugs_of(entries: Iterable[Entry], taken: Iterable[str] = ()) -> list[str]:
    """A name for each entry, of its issuer and account; none of them twice, and none of `taken`."""
    used = {*taken, *RESERVED_NAMES}
    return [free_slug(entry.name or slug_of(entry.issuer, entry.account), used) for entry in entries]


MAX_SLUG = 63
_OTHERS = re.compile(r"[^a-z0-9]+")


def slug_of(issuer: str, account: str) -> str:
    """A name of small letters, digits and hyphens, such as `amazon-ada`: of the issuer, and the account up to its `@`."""
    parts = (issuer, account.partition("@")[0])
    plain = unicodedata.normalize("NFKD", " ".join(part[:MAX_NAME] for part in parts)).casefold()
    plain = "".join(character for character in plain if not unicodedata.combining(character))
    return _OTHERS.sub("-", plain).strip("-")[:MAX_SLUG].strip("-") or "token"


def free_slug(slug: str, used: set[str]) -> str:
    """The name itself, or with the first number from 2 that makes it unused. It is used from now on."""
    found, number = slug, 1
    while found in used:
        number += 1
        ending = f"-{number}"
        found = slug[: MAX_SLUG - len(ending)].rstrip("-") + ending
    used.add(found)
    return found
