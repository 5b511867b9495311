"""The Python client for commands that call a server at a distance, and its errors in one line."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any

from penstock import __version__
from penstock.cli.remote import Place, RemoteFailed, find_place
from penstock.kit.errors import Kind, PenstockError
from penstock.kit.quoting import one_line

if TYPE_CHECKING:
    from penstock_client import Client

RETRIES = 2
"""A person waits: after two repetitions, one second and a half, the command says what is wrong."""


class ClientMissing(PenstockError):
    """The package of the Python client is not installed."""

    kind, code = Kind.UNAVAILABLE, "cli.client_missing"
    message = "the Python client is not installed: pip install ./clients/python"


def connected(profile: str | None = None, *, retries: int = RETRIES) -> AbstractContextManager[Client]:
    """A client of the server that a profile or the environment names.

    Raises:
        ClientMissing: the package is not installed.
        RemoteFailed: the environment names no server; or inside the block, a call failed.
        ProfileUnknown, ProfilesUnusable: the profile cannot be used.
    """
    return connected_to(find_place(profile), retries=retries)


@contextmanager
def connected_to(place: Place, *, retries: int = RETRIES) -> Iterator[Client]:
    """A client of a server.

    Raises:
        ClientMissing: the package is not installed.
        RemoteFailed: inside the block, a call failed.
    """
    if importlib.util.find_spec("penstock_client") is None:
        raise ClientMissing()
    import penstock_client as library  # here, because most commands call no server

    try:
        agent = f"penstock-cli/{__version__}"
        made = library.Client(place.url, place.key.reveal(), place.organization, retries=retries, user_agent=agent)
        with made as client:
            yield client
    except library.ApiError as error:
        raise RemoteFailed(reason=one_line(str(error))) from None
    except library.PenstockError as error:
        raise RemoteFailed(reason=f"{place.named_by}: {one_line(str(error))}") from None


def device_of(named: str, client: Client) -> str:
    """The id of a device that is named by its id, or by another of its identifiers as `kind:value`, or by its whole name."""
    if named.startswith("dev_"):
        return named
    kind, colon, value = named.partition(":")
    if colon and value:
        return client.devices.get_by_identifier(kind, value)["id"]
    found: list[Any] = [one for one in client.devices.list(q=named) if one["name"] == named]
    if len(found) != 1:
        many = "no device has" if not found else f"{len(found)} devices have"
        raise RemoteFailed(reason=f"{many} the name {one_line(named)}; name it by its id")
    return str(found[0]["id"])
