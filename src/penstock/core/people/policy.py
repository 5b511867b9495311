"""Which passwords are accepted. Pure.

Length counts; there are no rules on characters. Source: NIST SP 800-63B, 5.1.1.2, and ASVS 5.0, 6.2: long passwords are allowed,
common ones and those built from the account's own name are rejected, no composition rules, no forced change.
"""

from __future__ import annotations

from penstock.kit.errors import InvalidInput

MAX_LENGTH = 128
_COMMON_STEMS = (
    "password",
    "passwort",
    "passw0rd",
    "p@ssw0rd",
    "qwerty",
    "qwertz",
    "letmein",
    "welcome",
    "iloveyou",
    "administrator",
    "changeme",
    "trustno1",
    "football",
    "baseball",
    "sunshine",
    "princess",
    "superman",
    "starwars",
    "whatever",
    "michelle",
    "penstock",
    "1q2w3e4r",
    "q1w2e3r4",
    "zaq12wsx",
    "abc123",
    "default",
    "secret",
)
# The digits are repeated so that a sequence that continues after 9, such as 7890123456, is found.
_ROWS = ("01234567890123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm", "qwertzuiopasdfghjklyxcvbnm")
_MIN_OWN_PART = 4


def check_password(password: str, email: str, min_length: int, field: str = "password") -> None:
    """Check a new password of an account.

    Raises:
        InvalidInput: it is too weak. The reason is revealed, because it only helps the user who chooses it.
    """
    # The length as typed: folding makes some letters longer ("ß" becomes "ss").
    reason = _wrong_length(password, min_length) or _weakness(password.casefold(), email.casefold(), min_length)
    if reason is not None:
        raise InvalidInput.field(field, reason, "weak")


def _wrong_length(password: str, min_length: int) -> str | None:
    if len(password) < min_length:
        return f"must have at least {min_length} characters"
    if len(password) > MAX_LENGTH:
        return f"must have at most {MAX_LENGTH} characters"
    return None


def _weakness(password: str, email: str, min_length: int) -> str | None:
    # A long password of common words is as easy to guess as a short one: only the characters around them count.
    left = password
    for stem in _COMMON_STEMS:
        left = left.replace(stem, "")
    if len(left) < min_length - 6:
        return "must not be one of the most common passwords"
    if len(set(password)) < min(6, min_length) or any(password[:min_length] in row for row in _ROWS):
        return "must not be a repetition or a sequence"
    own = [part for part in (email, email.partition("@")[0]) if len(part) >= _MIN_OWN_PART]
    if any(part in password and len(password) - len(part) < min_length - 4 for part in own):
        return "must not be derived from the e-mail address"
    return None
