"""`penstock profile`: servers at a distance under names, so that no command needs their address and key again."""

from __future__ import annotations

import getpass
import os
import re
import sys
from typing import Annotated

import msgspec
from cyclopts import App, Parameter

from penstock.cli import profiles
from penstock.cli.client import connected_to
from penstock.cli.options import JsonOption, console
from penstock.cli.profiles import ProfileUnknown, Stored
from penstock.cli.remote import API_KEY, ORG, URL, Place, RemoteFailed
from penstock.core.actor import OWN_ORGANIZATION
from penstock.kit.quoting import quoted
from penstock.kit.secret import Secret

profile = App(name="profile", help="Servers at a distance under names: address, key and organisation, in the user's own file.")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,49}")


@profile.command
def add(
    name: str,
    /,
    *,
    url: Annotated[str | None, Parameter(help=f"Address of the server, such as https://iot.example.org. Default: {URL}.")] = None,
    organization: Annotated[str | None, Parameter(help=f"Id of the organisation. Default: {ORG}, or that of the key.")] = None,
    use: Annotated[bool, Parameter(help="Use it from now on. The first one is used anyway.", negative="")] = False,
    replace: Annotated[bool, Parameter(help="Replace a profile of this name.", negative="")] = False,
    check: Annotated[bool, Parameter(help="Ask the server whether it knows the key.")] = True,
) -> None:
    """Add a server. Its key is read from PENSTOCK_API_KEY, from standard input or at a prompt, never from an argument.

    Parameters
    ----------
    name
        Name of the profile: letters, digits, dots, dashes and underscores.
    """
    if not _NAME.fullmatch(name):
        raise RemoteFailed(reason="the name must have 1 to 50 letters, digits, dots, dashes and underscores")
    address = (url or os.environ.get(URL, "")).strip().rstrip("/")
    if not profiles.is_address(address):
        raise RemoteFailed(reason="--url must begin with https:// or http://")
    known = profiles.load()
    if name in known.profiles and not replace:
        raise RemoteFailed(reason=f"the profile {quoted(name)} already exists; pass --replace to replace it")
    added = Stored(address, _key(), organization or os.environ.get(ORG, "").strip() or None)
    if check:
        with connected_to(Place(added.url, Secret(added.key), added.organization or OWN_ORGANIZATION, "--url")) as client:
            client.organization.caller()
    known.profiles[name] = added
    if use or known.current is None:
        known.current = name
    profiles.save(known)
    print(f"{name} was added{', and is in use' if known.current == name else ''}.")


@profile.command(name="list")
def list_(*, json: JsonOption = False) -> None:
    """List the profiles, without their keys."""
    known = profiles.load()
    rows = [
        {"name": name, "url": one.url, "organization": one.organization, "in_use": name == known.current}
        for name, one in sorted(known.profiles.items())
    ]
    if json:
        print(msgspec.json.encode(rows).decode())
        return
    from rich.table import Table  # here, because the other commands print no tables
    from rich.text import Text

    table = Table("Name", "Address", "Organisation", "In use")
    for row in rows:
        cells = (row["name"], row["url"], row["organization"] or "of the key", "yes" if row["in_use"] else "")
        table.add_row(*(Text(str(cell)) for cell in cells))
    console().print(table)


@profile.command
def use(name: str, /) -> None:
    """Use a server from now on.

    Parameters
    ----------
    name
        Name of the profile.
    """
    known = profiles.load()
    if name not in known.profiles:
        raise ProfileUnknown(name=quoted(name))
    known.current = name
    profiles.save(known)
    print(f"{name} is in use.")


@profile.command
def remove(name: str, /) -> None:
    """Forget a server and its key. The key remains valid: revoke it in its organisation.

    Parameters
    ----------
    name
        Name of the profile.
    """
    known = profiles.load()
    if known.profiles.pop(name, None) is None:
        raise ProfileUnknown(name=quoted(name))
    if known.current == name:
        known.current = None
    profiles.save(known)
    print(f"{name} was removed.")


def _key() -> str:
    """The key: of the environment, of a prompt, or the first line of standard input."""
    value = os.environ.get(API_KEY, "").strip()
    if not value:
        value = getpass.getpass("API key: ").strip() if sys.stdin.isatty() else sys.stdin.readline().strip()
    if not value or not value.isascii() or not value.isprintable() or " " in value:
        raise RemoteFailed(reason=f"a key is required, in {API_KEY} or standard input, and it has no spaces")
    return value
