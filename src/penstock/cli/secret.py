"""`penstock secret`: secrets of an organisation, over HTTP.

Values are read from standard input or a file, and never from an argument: the list of processes and the shell's history show
those.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import msgspec
from cyclopts import App, Parameter

from penstock.cli.options import console
from penstock.cli.remote import RemoteFailed, call

PATH = "/api/v2/secrets"
AT_ONCE = "1000"
MAX_VALUE_BYTES = 65_536
NOT_A_SERVER = "the server's response has no secrets; is PENSTOCK_URL right?"

secret = App(
    name="secret",
    help=(
        "Secrets of an organisation on the server at PENSTOCK_URL, with the key in PENSTOCK_API_KEY, which needs "
        "secrets:read, secrets:write or secrets:reveal."
    ),
)
JsonOption = Annotated[bool, Parameter(help="Print JSON.", negative="", show_default=False)]


@secret.command(name="list")
def list_(
    *,
    query: Annotated[str, Parameter(help="Part of the name. Default: all.")] = "",
    managed: Annotated[
        bool, Parameter(help="List those of connections, channels and webhooks too.", negative="", show_default=False)
    ] = False,
    json: JsonOption = False,
) -> None:
    """List secrets without their values."""
    filters = ({"q": query} if query else {}) | ({} if managed else {"managed": "false"})
    found = _all(PATH, filters)
    if json:
        print(msgspec.json.encode(found).decode())
        return
    from rich.table import Table  # here, because the other commands print no tables
    from rich.text import Text

    table = Table("Name", "Id", "Version", "Uses", "Changed", "Description")
    for one in found:
        name = one["name"] or " ".join(f"{use['kind']} {use['id']} {use['field']}" for use in one["used_by"])
        cells = (name, one["id"], str(one["version"]), str(one["uses"]), one["updated_at"], one["description"])
        table.add_row(*(Text(cell) for cell in cells))
    console().print(table)


@secret.command
def get(
    name: str,
    /,
    *,
    version: Annotated[int | None, Parameter(help="An older version. Default: the current one.")] = None,
) -> None:
    """Print the value of a secret, exactly as it is stored. The audit log records it.

    Parameters
    ----------
    name
        Name or id of the secret.
    """
    query = None if version is None else {"version": str(version)}
    answer = call("GET", f"{PATH}/{_id(name)}/value", query=query)
    if not isinstance(answer, dict) or not isinstance(answer.get("value"), str):
        raise RemoteFailed(reason=NOT_A_SERVER)
    sys.stdout.write(answer["value"])
    if sys.stdout.isatty():
        sys.stdout.write("\n")  # not to a program, which gets the value alone


@secret.command(name="set")
def set_(
    name: str,
    /,
    *,
    file: Annotated[Path | None, Parameter(help="A file with the value. Default: standard input.")] = None,
    description: Annotated[str | None, Parameter(help="What the secret is for.")] = None,
) -> None:
    """Create a secret, or replace its value. One line break at the end of the value is left out.

    Parameters
    ----------
    name
        Name of the secret.
    """
    value = _value(file)
    found = _find(name)
    if found is None:
        made = call("POST", PATH, body={"name": name, "value": value, "description": description or ""})
        print(f"{made['name']} was created ({made['id']}).")
        return
    if description is not None:
        call("PATCH", f"{PATH}/{found['id']}", body={"description": description})
    version = call("POST", f"{PATH}/{found['id']}/versions", body={"value": value})["version"]
    print(f"{name} has version {version}.")


@secret.command
def delete(name: str, /) -> None:
    """Delete a secret with all its versions. A secret in use is not deleted.

    Parameters
    ----------
    name
        Name or id of the secret.
    """
    call("DELETE", f"{PATH}/{_id(name)}")
    print(f"{name} was deleted.")


@secret.command
def versions(name: str, /, *, json: JsonOption = False) -> None:
    """List the stored versions of a secret, without their values.

    Parameters
    ----------
    name
        Name or id of the secret.
    """
    found = _all(f"{PATH}/{_id(name)}/versions", {})
    if json:
        print(msgspec.json.encode(found).decode())
        return
    from rich.table import Table

    table = Table("Version", "By", "Created")
    for one in found:
        table.add_row(str(one["version"]), one["created_by"], one["created_at"])
    console().print(table)


def _value(file: Path | None) -> str:
    """The value from a file or standard input."""
    source = "standard input" if file is None else str(file)
    # One byte more than a value can have, and one for the line break.
    if file is None:
        content = sys.stdin.buffer.read(MAX_VALUE_BYTES + 2)
    else:
        with file.open("rb") as opened:
            content = opened.read(MAX_VALUE_BYTES + 2)
    content = content.removesuffix(b"\n").removesuffix(b"\r")
    if not 0 < len(content) <= MAX_VALUE_BYTES:
        raise RemoteFailed(reason=f"{source} must have 1 to {MAX_VALUE_BYTES} bytes")
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise RemoteFailed(reason=f"{source} must be text in UTF-8") from None


def _id(name: str) -> str:
    """The id of a secret as part of a path, from its name or id."""
    found = _find(name)
    return quote(name if found is None else str(found["id"]), safe="")


def _find(name: str) -> dict[str, Any] | None:
    """The secret with a name."""
    found = _all(PATH, {"name": name, "managed": "false"})
    return found[0] if found else None


def _all(path: str, query: dict[str, str]) -> list[dict[str, Any]]:
    """All pages of a list."""
    found: list[dict[str, Any]] = []
    paged = query | ({"limit": AT_ONCE} if path == PATH else {})
    while True:
        answer = call("GET", path, query=paged or None)
        if not isinstance(answer, dict) or not isinstance(answer.get("data"), list):
            raise RemoteFailed(reason=NOT_A_SERVER)
        found += answer["data"]
        cursor = answer.get("next_cursor")
        if not cursor:
            return found
        paged = paged | {"cursor": str(cursor)}
