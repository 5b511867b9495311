"""The secrets of endpoints in the vault: what signs messages, and the values of headers, each under a path."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from penstock.core.vault.conversion import OldBox
from penstock.core.vault.models import Owner
from penstock.core.webhooks.models import Endpoint, Headers, Secrets
from penstock.kit.ids import WebhookId

KIND = "webhook"
SECRET, PREVIOUS, HEADER = "secret", "previous", "headers."


def owner_of(endpoint_id: WebhookId) -> Owner:
    """An endpoint as the owner of its secrets."""
    return Owner(KIND, endpoint_id)


def header_paths(headers: Headers) -> dict[str, str]:
    """The values of headers by their paths. Of a name that is repeated only one remains."""
    return {f"{HEADER}{name}": value for name, value in headers}


def refers(endpoint: Endpoint) -> bool:
    """Whether the endpoint uses a secret with a name."""
    return any(endpoint.secret_paths.values())


def secrets_of(header_names: tuple[str, ...], values: Mapping[str, str]) -> Secrets:
    """What is sent with the messages of an endpoint, from its secrets by path."""
    headers = tuple((name, values[f"{HEADER}{name}"]) for name in header_names)
    return Secrets(secret=values.get(SECRET, ""), previous=values.get(PREVIOUS), headers=headers)


def open_old(box: OldBox, number: int, sealed: bytes) -> dict[str, str]:
    """The secrets of an endpoint as they were stored before there was a vault.

    Raises:
        ValueError: they were sealed for another owner, or by another server.
    """
    found = msgspec.json.decode(box.open(sealed, f"{KIND}:{number}"), type=Secrets)
    signing = {SECRET: found.secret, PREVIOUS: found.previous or ""}
    return {path: value for path, value in signing.items() if value} | header_paths(found.headers)


def old_paths(sealed: bytes, hint: str) -> list[str]:
    """Which secrets an endpoint has that are still stored in that form. `hint` are the names of its headers."""
    return [SECRET, *(f"{HEADER}{name}" for name in msgspec.json.decode(hint, type=list[str]))]
