"""Which passwords are taken. Pure.

Length counts, rules on characters do not. Source: NIST SP 800-63B, 5.1.1.2, and ASVS 5.0, 6.2: long ones allowed, common ones
and those made of the account's own name refused, no composition rules, no forced change.
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
_ROWS = ("01234567890123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm", "qwertzuiopasdfghjklyxcvbnm")
_MIN_OWN_PART = 4


def check_password(password: str, email: str, min_length: int, field: str = "password") -> None:
    """Whether a password may be set for an account.

    Raises:
        InvalidInput: it may not; the reason is told, as it helps only whoever chooses it.
    """
    reason = _weakness(password.casefold(), email.casefold(), min_length)
    if reason is not None:
        raise InvalidInput.field(field, reason, "weak")


def _weakness(password: str, email: str, min_length: int) -> str | None:
    if len(password) < min_length:
        return f"a password has at least {min_length} characters"
    if len(password) > MAX_LENGTH:
        return f"a password has at most {MAX_LENGTH} characters"
    left = password
    for stem in _COMMON_STEMS:
        left = left.replace(stem, "")
    if len(left) < min_length - 6:
        return "this is one of the passwords that are tried first"
    if len(set(password)) < min(6, min_length) or any(password[:min_length] in row for row in _ROWS):
        return "it repeats or counts"
    own = [part for part in (email, email.partition("@")[0]) if len(part) >= _MIN_OWN_PART]
    if any(part in password and len(password) - len(part) < min_length - 4 for part in own):
        return "it is made of the e-mail address"
    return None
