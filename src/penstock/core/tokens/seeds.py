"""Seeds of tokens: their text form, the rules that they and their parameters follow, and new ones."""

from __future__ import annotations

import base64
import binascii
import re
import secrets
import string

from penstock.core.tokens.models import NewToken
from penstock.core.vault.totp import ALGORITHMS, SECRET_BYTES
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import Prefix

MIN_SEED_BYTES, MAX_SEED_BYTES = 10, 128
"""RFC 4226 requires 16 bytes, but many services issue 10."""
MIN_DIGITS, MAX_DIGITS = 6, 8
MIN_PERIOD_S, MAX_PERIOD_S = 15, 300
RESERVED_NAMES = frozenset({"import", "export", "from-picture", "qr", "seed-requests"})
"""What follows `/tokens/` in the path of an endpoint: a token with this name could not be reached by it."""
NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,62}", re.ASCII)
_CAPITALS = str.maketrans(string.ascii_lowercase, string.ascii_uppercase)
_IGNORED = str.maketrans("", "", " \t\r\n-")


def seed_from_text(text: str, field: str = "secret") -> bytes:
    """The seed in base32, as services show it: groups with spaces or hyphens, lower case, with or without padding.

    Raises:
        InvalidInput: it is not base32, or has not 10 to 128 bytes.
    """
    # Only ASCII is changed: some letters outside of it have a capital inside of it.
    letters = text.translate(_IGNORED).rstrip("=").translate(_CAPITALS)
    try:
        seed = base64.b32decode(letters + "=" * (-len(letters) % 8))
    except (binascii.Error, ValueError):  # its text could quote the seed
        raise InvalidInput.field(field, "must be base32: the letters A to Z and the digits 2 to 7") from None
    check_seed(seed, field)
    return seed


def check_seed(seed: bytes | bytearray, field: str = "secret") -> None:
    """Check the length of a seed.

    Raises:
        InvalidInput.
    """
    if not MIN_SEED_BYTES <= len(seed) <= MAX_SEED_BYTES:
        raise InvalidInput.field(field, f"must be {MIN_SEED_BYTES} to {MAX_SEED_BYTES} bytes, and has {len(seed)}")


def new_seed(algorithm: str) -> bytearray:
    """A random seed, as long as the hash (RFC 4226, section 4, R6)."""
    return bytearray(secrets.token_bytes(SECRET_BYTES[algorithm]))


def check_name(name: str) -> None:
    """Check the name of a token.

    Raises:
        InvalidInput.
    """
    if not NAME.fullmatch(name):
        raise InvalidInput.field("name", "must be 1 to 63 of a-z, 0-9, '.', '_' and '-', and begin with a letter or digit")
    if name in RESERVED_NAMES:
        raise InvalidInput.field("name", f"must not be {name}, which is a path of the API")
    if name.startswith(f"{Prefix.TOKEN}_"):
        raise InvalidInput.field("name", f"must not begin with {Prefix.TOKEN}_, as ids do")


def check_token(new: NewToken) -> None:
    """Check a token to create.

    Raises:
        InvalidInput: the error names the field.
    """
    check_name(new.name)
    check_seed(new.seed)
    if new.algorithm not in ALGORITHMS:
        raise InvalidInput.field("algorithm", f"must be {', '.join(ALGORITHMS)}")
    if not MIN_DIGITS <= new.digits <= MAX_DIGITS:
        raise InvalidInput.field("digits", f"must be {MIN_DIGITS} to {MAX_DIGITS}")
    if not MIN_PERIOD_S <= new.period_s <= MAX_PERIOD_S:
        raise InvalidInput.field("period", f"must be {MIN_PERIOD_S} to {MAX_PERIOD_S} seconds")
