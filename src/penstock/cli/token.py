"""`penstock token`: create, list, import and export tokens of a server at a distance.

Secrets are read from standard input, a file or a prompt, and not from arguments, which other users of the machine can see.
"""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from cyclopts import App, Parameter
from rich.table import Table
from rich.text import Text

from penstock.cli.options import console
from penstock.cli.remote import RemoteFailed, call, fetch
from penstock.kit.quoting import one_line

token = App(
    name="token",
    help="Tokens: create, list, import and export. Calls the server at PENSTOCK_URL with the key in PENSTOCK_API_KEY.",
)
PATH = "/api/v2/tokens"
MAX_FILE_BYTES = 4 * 1_048_576
MAX_LINE_BYTES = 4_096
PER_PAGE = 1_000
STDIN = "-"
_SIGNATURES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
JsonOption = Annotated[bool, Parameter(help="Print JSON.", negative="", show_default=False)]
PassphraseFile = Annotated[
    Path | None, Parameter(help="File with the passphrase in its first line, - for standard input. Default: a prompt.")
]
Format = Literal["otpauth", "google", "aegis", "2fas", "penstock"]


@token.command(name="list")
def list_(*, search: str | None = None, json: JsonOption = False) -> None:
    """List tokens, from A to Z, without seeds and codes. The key needs the scope tokens:read.

    Parameters
    ----------
    search
        Text in name, issuer, account or description.
    """
    rows = _all({"search": search} if search else {})
    if json:
        print(msgspec.json.encode(rows).decode())
        return
    table = Table("name", "issuer", "account", "digits", "period", "rotate")
    for row in rows:
        texts = [Text(one_line(str(row[name] or ""))) for name in ("name", "issuer", "account")]
        table.add_row(*texts, str(row["digits"]), f"{row['period_s']} s", "yes" if row["rotate_reason"] else "")
    console().print(table)


@token.command
def add(
    name: str | None = None,
    /,
    *,
    qr: Annotated[Path | None, Parameter(help="Picture of the QR code, PNG or JPEG.")] = None,
    uri: Annotated[
        str | None,
        Parameter(help="An otpauth:// URI. Other users of this machine can see arguments: prefer --uri-stdin."),
    ] = None,
    uri_stdin: Annotated[bool, Parameter(help="Read an otpauth:// URI from standard input.", negative="")] = False,
    secret_stdin: Annotated[bool, Parameter(help="Read a secret in base32 from standard input.", negative="")] = False,
    issuer: str | None = None,
    account: str | None = None,
) -> None:
    """Create a token from a picture, a URI or a secret. The key needs the scope tokens:write.

    Parameters
    ----------
    name
        Name of the token. Only a picture can do without: then one is made of issuer and account.
    issuer
        The service.
    account
        The account there.
    """
    if sum((qr is not None, uri is not None, uri_stdin, secret_stdin)) != 1:
        raise RemoteFailed(reason="exactly one of --qr, --uri, --uri-stdin and --secret-stdin is required")
    if qr is not None:
        _print_result(_from_picture(_content(qr), {"name": name} if name else {}))
        return
    if name is None:
        raise RemoteFailed(reason="the name of the token is required")
    source = {"secret": _line(STDIN)} if secret_stdin else {"uri": uri or _line(STDIN)}
    described = {"issuer": issuer, "account": account}
    made = call("POST", PATH, body={"name": name, **source, **{key: value for key, value in described.items() if value}})
    print(f"{made['name']} was created")


@token.command(name="import")
def import_(
    file: Path,
    /,
    *,
    format_: Annotated[
        Format | None, Parameter("--format", help="Format of the file. Default: recognised by its content.")
    ] = None,
    conflict: Annotated[
        Literal["skip", "rename", "replace"], Parameter(help="What to do with a token whose name exists.")
    ] = "skip",
    dry_run: Annotated[bool, Parameter(help="Show the outcome, and import nothing.", negative="")] = False,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Import tokens from a file of another app, a list of otpauth:// URIs, or a picture of QR codes.

    The key needs the scope tokens:write, to replace seeds tokens:seed too.

    Parameters
    ----------
    file
        The file; - for standard input.
    """
    content = _content(file)
    if _media_type(content):
        _print_result(_from_picture(content, {"conflict": conflict, "dry_run": str(dry_run).lower()}))
        return
    text = content.decode("utf-8", "replace")
    found = format_ or _format_of(text)
    body = {"format": found, "content": text, "conflict": conflict, "dry_run": dry_run}
    if _is_encrypted(text):
        body["passphrase"] = _passphrase(passphrase_file)
    _print_result(call("POST", f"{PATH}/import", body=body))


@token.command
def export(
    file: Path,
    /,
    *names: str,
    format_: Annotated[
        Literal["penstock", "otpauth"],
        Parameter("--format", help="penstock is encrypted; otpauth is a list of URIs, and is not."),
    ] = "penstock",
    passphrase_file: PassphraseFile = None,
) -> None:
    """Export tokens with their seeds to a new file that only you can read. The key needs the scope tokens:seed.

    Parameters
    ----------
    file
        The new file.
    names
        Names of tokens. Default: all of them.
    """
    body: dict[str, Any] = {"format": format_, "names": list(names) or None}
    if format_ == "penstock":
        body["passphrase"] = _passphrase(passphrase_file, twice=True)
    # The file is created first: the export is recorded in the audit log, so that it should not be in vain.
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as out:
            out.write(fetch("POST", f"{PATH}/export", body=body))
            out.flush()
            os.fsync(out.fileno())
    except BaseException:
        file.unlink(missing_ok=True)
        raise
    print(f"{file} was written")


def _all(query: Mapping[str, str]) -> list[dict[str, Any]]:
    """All tokens, page by page."""
    rows: list[dict[str, Any]] = []
    cursor: str | None = None
    while True:
        page = call("GET", PATH, query={**query, "limit": str(PER_PAGE), **({"cursor": cursor} if cursor else {})})
        if not isinstance(page, dict) or not isinstance(page.get("data"), list):
            raise RemoteFailed(reason="the server's response has no tokens; is PENSTOCK_URL right?")
        rows += page["data"]
        cursor = page.get("next_cursor")
        if not cursor:
            return rows


def _content(file: Path) -> bytes:
    """The content of a file, or of standard input."""
    if str(file) == STDIN:
        content = sys.stdin.buffer.read(MAX_FILE_BYTES + 1)
    else:
        with file.open("rb") as opened:
            content = opened.read(MAX_FILE_BYTES + 1)
    if len(content) > MAX_FILE_BYTES:
        raise RemoteFailed(reason=f"{file}: has more than {MAX_FILE_BYTES:,} bytes")
    return content


def _line(file: Path | str) -> str:
    """The first line of a file, or of standard input."""
    if str(file) == STDIN:
        line = sys.stdin.buffer.readline(MAX_LINE_BYTES)
    else:
        with Path(file).open("rb") as opened:
            line = opened.readline(MAX_LINE_BYTES)
    return line.decode("utf-8", "replace").rstrip("\r\n")


def _passphrase(file: Path | None, *, twice: bool = False) -> str:
    if file is not None:
        return _line(file)
    if not sys.stdin.isatty():
        raise RemoteFailed(reason="--passphrase-file is required, because there is no terminal to ask for the passphrase")
    first = getpass.getpass("Passphrase: ")
    if twice and getpass.getpass("The same again: ") != first:
        raise RemoteFailed(reason="the two passphrases differ")
    return first


def _media_type(content: bytes) -> str | None:
    """The media type of a picture, by its first bytes; None if it is not one."""
    return next((name for signature, name in _SIGNATURES.items() if content.startswith(signature)), None)


def _from_picture(content: bytes, query: Mapping[str, str]) -> Any:
    media_type = _media_type(content)
    if media_type is None:
        raise RemoteFailed(reason="the picture must be a PNG or JPEG")
    return call("POST", f"{PATH}/from-picture", query=query, body=content, headers={"content-type": media_type})


def _format_of(text: str) -> str:
    """The format of a file, by the fields that only it has."""
    fields = _fields(text)
    if fields.get("format") == "penstock-tokens":
        return "penstock"
    if "schemaVersion" in fields:
        return "2fas"
    return "aegis" if "db" in fields else "otpauth"


def _is_encrypted(text: str) -> bool:
    fields = _fields(text)
    return fields.get("format") == "penstock-tokens" or "servicesEncrypted" in fields or isinstance(fields.get("db"), str)


def _fields(text: str) -> dict[str, Any]:
    try:
        found = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _print_result(result: Any) -> None:
    if not isinstance(result, dict) or not isinstance(result.get("entries"), list):
        raise RemoteFailed(reason="the server's response has no entries; is PENSTOCK_URL right?")
    for one in result["entries"]:
        reason = f" ({one['reason']})" if one["reason"] else ""
        print(one_line(f"{one['name'] or '-'}: {one['outcome'].replace('_', ' ')}{reason}"))
    counts = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in result["counts"].items() if count)
    print(f"{'Dry run: ' if result['dry_run'] else ''}{counts}")
