"""`otpauth://` URIs, as in the QR codes for authenticator apps.

otpauth://totp/ISSUER:ACCOUNT?secret=BASE32&issuer=ISSUER&algorithm=SHA1&digits=6&period=30

Only the secret is required. Source: Google Authenticator's wiki, "Key Uri Format".
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import unquote

from penstock.core.tokens.formats.entries import HOTP, Entry, Gatherer, algorithm_of, checked, seed_of
from penstock.core.vault.totp import otpauth_uri
from penstock.kit.errors import InvalidInput

SCHEME = "otpauth://"
MAX_URI = 2_048
"""Characters."""
_NUMBER = re.compile(r"\+?0*([0-9]{1,9})", re.ASCII)
_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_COLON = re.compile(r":|%3a", re.IGNORECASE)


def is_otpauth(text: str) -> bool:
    """Whether a text is, by its beginning, such a URI."""
    return text[: len(SCHEME)].lower() == SCHEME


def parse(uri: str, field: str = "uri") -> Entry:
    """The token that a URI describes. The parameter `issuer` takes precedence over the one in front of the account.

    Raises:
        InvalidInput: names `field`, or the parameter within it, such as `uri.digits`.
    """
    kind, label, query = _parts(uri.strip(), field)
    if kind == "hotp":
        raise InvalidInput.field(field, HOTP, "hotp")
    if kind != "totp":
        raise InvalidInput.field(field, "must begin with otpauth://totp/")
    parameters = _parameters(query, field)
    if "secret" not in parameters:
        raise InvalidInput.field(f"{field}.secret", "is required", "required")
    issuer = parameters.get("issuer", "").strip()
    prefix, account = _label(label, issuer, field)
    return checked(
        seed=seed_of(parameters["secret"], f"{field}.secret"),
        issuer=issuer or prefix,
        account=account,
        algorithm=algorithm_of(parameters.get("algorithm") or "SHA1"),
        digits=_number(parameters, "digits", 6, field),
        period_s=_number(parameters, "period", 30, field),
        within=field,
    )


def format_uri(entry: Entry) -> str:
    """The URI of a token, with all parameters."""
    return otpauth_uri(
        entry.seed,
        issuer=entry.issuer,
        account=entry.account or entry.name,
        algorithm=entry.algorithm,
        digits=entry.digits,
        period_s=entry.period_s,
    )


def take_uri(found: Gatherer, uri: str) -> None:
    """Add the token of a URI, or the reason why it is left out."""
    found.attempt(name_in(uri), lambda: parse(uri, ""))


def format_list(entries: Iterable[Entry]) -> str:
    """One URI per line."""
    return "".join(f"{format_uri(entry)}\n" for entry in entries)


def name_in(uri: str) -> str:
    """The label of a URI that may be invalid, without anything after it, which may be a secret."""
    if not is_otpauth(uri):
        return ""
    return unquote(uri[len(SCHEME) : MAX_URI].partition("?")[0].partition("/")[2])


def _parts(uri: str, field: str) -> tuple[str, str, str]:
    """The kind in small letters, the label and the query, still encoded."""
    if len(uri) > MAX_URI:
        raise InvalidInput.field(field, f"must have at most {MAX_URI:,} characters", "too_large")
    if not is_otpauth(uri):
        raise InvalidInput.field(field, "must begin with otpauth://totp/")
    path, _, query = uri[len(SCHEME) :].partition("#")[0].partition("?")
    kind, _, label = path.partition("/")
    return kind.lower(), label, query


def _label(label: str, issuer: str, field: str) -> tuple[str, str]:
    """The issuer before the colon, if there is one, and the account. `issuer` is the one that may itself have colons."""
    whole = _decoded(label, field)
    if issuer and whole.startswith(f"{issuer}:"):
        return issuer, whole[len(issuer) + 1 :].strip()
    prefix, *rest = _COLON.split(label, maxsplit=1)
    if not rest:
        return "", whole
    return _decoded(prefix, field).strip(), _decoded(rest[0], field).strip()


def _parameters(query: str, field: str) -> dict[str, str]:
    """The parameters by their names in small letters.

    Raises:
        InvalidInput: one is given twice, so that programs would differ about which one counts.
    """
    found: dict[str, str] = {}
    for part in filter(None, query.split("&")):
        name, _, value = part.partition("=")
        key = _decoded(name, field).lower()
        if key in found:
            raise InvalidInput.field(field, "must have each parameter only once")
        # Programs that write forms encode a space in the name of a service as a plus sign, and apps read it as one.
        found[key] = _decoded(value.replace("+", " "), field)
    return found


def _decoded(text: str, field: str) -> str:
    """A percent-decoded part. A plus sign is itself, as in the label."""
    if _PERCENT.search(text):
        raise InvalidInput.field(field, "has a percent sign that is not followed by two hexadecimal digits")
    try:
        return unquote(text, errors="strict")
    except UnicodeDecodeError:
        raise InvalidInput.field(field, "must be percent-encoded UTF-8") from None


def _number(parameters: dict[str, str], name: str, otherwise: int, field: str) -> int:
    text = parameters.get(name, "").strip()
    if not text:
        return otherwise
    found = _NUMBER.fullmatch(text)
    if found is None:
        raise InvalidInput.field(f"{field}.{name}", "must be a whole number")
    return int(found[1])
