"""The secrets of endpoints in the vault: what signs messages, and the values of headers, each under a path."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from penstock.core.vault.conversion import OldBox
from penstock.core.vault.models import Owner, SecretPaths
from penstock.core.vault.owners import WEBHOOK
from penstock.core.webhooks.models import Endpoint, Headers, Secrets
from penstock.kit.ids import WebhookId

KIND = WEBHOOK
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


def paths_at(endpoint: Endpoint, now_us: int) -> SecretPaths:
    """The paths of the secrets that are sent or sign at a time: the previous one no longer does when its overlap has ended."""
    if has_overlap(endpoint, now_us):
        return endpoint.secret_paths
    return {path: name for path, name in endpoint.secret_paths.items() if path != PREVIOUS}


def has_overlap(endpoint: Endpoint, now_us: int) -> bool:
    """Whether the previous secret also signs."""
    return endpoint.previous_until_us is not None and endpoint.previous_until_us > now_us


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
