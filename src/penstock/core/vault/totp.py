"""Time-based one-time passwords. Pure: the time is an argument.

code = the last `digits` decimal digits of the dynamically truncated HMAC of the time step as 8 bytes, big-endian.
Source: RFC 6238 (and RFC 4226, section 5.3); the URI is that of Google Authenticator's key format.
"""

from __future__ import annotations

import base64
import hmac
from urllib.parse import quote, urlencode

PERIOD_S = 30
HASHES = {"SHA1": "sha1", "SHA256": "sha256", "SHA512": "sha512"}
"""The names of OpenSSL by those in URIs."""
ALGORITHMS = tuple(HASHES)
SECRET_BYTES = {"SHA1": 20, "SHA256": 32, "SHA512": 64}
"""As long as the hash, as required by RFC 4226, section 4, R6, and in the vectors of RFC 6238."""
DRIFT_STEPS = 1
"""The accepted error of a phone's clock, in steps, in either direction. Source: RFC 6238, section 5.2."""


def step_at(now_s: float, period_s: int = PERIOD_S) -> int:
    """The time step of a time in seconds since the epoch."""
    return int(now_s) // period_s


def code_at(secret: bytes | bytearray, step: int, algorithm: str = "SHA1", digits: int = 6) -> str:
    """The code of a time step."""
    # In one call of OpenSSL, which overwrites its copy of the key. An object of `hmac.new` would keep one.
    mac = hmac.digest(secret, step.to_bytes(8, "big"), HASHES[algorithm])
    offset = mac[-1] & 15
    # The sign bit is cleared because processors differ in the remainder of negative numbers (RFC 4226, 5.3).
    number = int.from_bytes(mac[offset : offset + 4], "big") & 0x7FFFFFFF
    return str(number % 10**digits).zfill(digits)


def matching_step(
    secret: bytes, code: str, now_s: float, *, algorithm: str = "SHA1", digits: int = 6, after_step: int = 0
) -> int | None:
    """The latest time step near now, later than `after_step`, with this code; None if there is none.

    Every candidate is computed and compared in constant time, even after a match, so that timing does not reveal the step.
    """
    # A malformed code is compared as an empty one: nothing matches it, and every candidate is computed all the same.
    sent = code.encode() if len(code) == digits and code.isascii() and code.isdigit() else b""
    found = None
    now = step_at(now_s)
    for step in range(now - DRIFT_STEPS, now + DRIFT_STEPS + 1):
        right = hmac.compare_digest(code_at(secret, step, algorithm, digits).encode(), sent)
        if right and step > after_step:
            found = step
    return found


def to_base32(secret: bytes | bytearray) -> str:
    """A secret in the form that users type into their app."""
    return base64.b32encode(secret).decode().rstrip("=")


def otpauth_uri(
    secret: bytes | bytearray,
    *,
    issuer: str,
    account: str,
    algorithm: str = "SHA1",
    digits: int = 6,
    period_s: int = PERIOD_S,
) -> str:
    """The URI in the QR code for authenticator apps. Without an issuer it names only the account."""
    query = {
        "secret": to_base32(secret),
        **({"issuer": issuer} if issuer else {}),
        "algorithm": algorithm,
        "digits": str(digits),
        "period": str(period_s),
    }
    label = quote(account, safe="@") if not issuer else f"{quote(issuer, safe='')}:{quote(account, safe='@')}"
    return f"otpauth://totp/{label}?{urlencode(query, quote_via=quote)}"
