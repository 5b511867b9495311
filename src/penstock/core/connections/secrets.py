"""Secrets inside a connection's settings: removed before the settings are stored, restored from the vault to open the connection.

A secret is kept when other fields change, but not when the address it is sent to changes: otherwise a user who can change a
connection could have the secret sent to their own server.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from penstock.core.connections.models import SETTINGS, Connection
from penstock.core.connections.settings import MAX_SECRET, SECRET_PATHS, TARGETS, Settings
from penstock.core.vault.conversion import OldBox
from penstock.core.vault.errors import SecretsUnreadable
from penstock.core.vault.fields import Given
from penstock.core.vault.models import Owner, SecretPaths
from penstock.core.vault.owners import CONNECTION
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import ConnectionId

WITHIN = "settings."
KIND = CONNECTION
_MISSING = object()


def owner_of(connection_id: ConnectionId) -> Owner:
    """A connection as the owner of its secrets."""
    return Owner(KIND, connection_id)


def secrets_in(sent: Mapping[str, Any]) -> dict[str, str]:
    """The secrets in settings that a user sent, by path."""
    return {path: value for path in SECRET_PATHS if isinstance(value := _at(sent, path), str)}


def stripped(settings: Settings) -> Settings:
    """Settings without their secrets."""
    plain: dict[str, Any] = msgspec.to_builtins(settings)
    for path in secrets_in(plain):
        _put(plain, path, None)
    return msgspec.convert(plain, type(settings))


def check_given(given: Given) -> None:
    """Check that secrets which were referred to fit into the settings.

    Raises:
        InvalidInput: one is empty or too long; the error names the field.
    """
    for path in given.names:
        if not 0 < len(given.values[path]) <= MAX_SECRET:
            raise InvalidInput.field(f"{WITHIN}{path}", f"must refer to a secret with 1 to {MAX_SECRET} characters")


def kept_paths(before: Connection, settings: Settings, sent: Mapping[str, Any], given: Given) -> SecretPaths:
    """The secrets of a connection that a change leaves as they are: those that `sent` omits.

    Raises:
        InvalidInput: a kept secret would be sent to another address.
    """
    old: dict[str, Any] = msgspec.to_builtins(before.settings)
    new: dict[str, Any] = msgspec.to_builtins(settings)
    kept = {}
    for path, name in before.secret_paths.items():
        if path in given.values or _at(sent, path) is not _MISSING or _at(new, path) is _MISSING:
            continue  # replaced, cleared, or its path no longer exists
        if any(_at(old, target) != _at(new, target) for target in TARGETS[path]):
            raise InvalidInput.field(f"{WITHIN}{path}", "is required again for the other address", "required")
        kept[path] = name
    return kept


def filled(connection: Connection, values: Mapping[str, str]) -> Settings:
    """Settings with their secrets.

    Raises:
        SecretsUnreadable: the new version of a secret does not fit into the settings.
    """
    plain: dict[str, Any] = msgspec.to_builtins(connection.settings)
    for path, value in values.items():
        _put(plain, path, value)
    try:
        return msgspec.convert(plain, SETTINGS[connection.type])
    except msgspec.ValidationError:
        raise SecretsUnreadable(reason=f"a secret that it uses does not have 1 to {MAX_SECRET} characters") from None


def open_old(box: OldBox, number: int, sealed: bytes) -> dict[str, str]:
    """The secrets of a connection as they were stored before there was a vault.

    Raises:
        ValueError: they were sealed for another owner, or by another server.
    """
    found = msgspec.msgpack.decode(sealed, type=dict[str, bytes])
    return {path: box.open(one, f"connection:{number}:{path}").decode() for path, one in found.items()}


def old_paths(sealed: bytes, hint: str) -> list[str]:
    """Which secrets a connection has that are still stored in that form. `hint` is its type.

    Of damaged ones that is not known: the one that is named instead has no value, so that the connection is not opened without.
    """
    try:
        return list(msgspec.msgpack.decode(sealed, type=dict[str, bytes]))
    except msgspec.DecodeError:
        return ["damaged"]


def shown_settings(connection: Connection) -> dict[str, Any]:
    """Settings for responses: of a secret, only whether it is set, and the name of the secret that it refers to."""
    plain: dict[str, Any] = msgspec.to_builtins(connection.settings)
    for path in SECRET_PATHS:
        if _at(plain, path) is not _MISSING:
            group, _, name = path.rpartition(".")
            place = plain[group] if group else plain
            del place[name]
            place[f"{name}_set"] = path in connection.secret_paths
            if connection.secret_paths.get(path):
                place[f"{name}_secret"] = connection.secret_paths[path]
    return plain


def merged(old: Mapping[str, Any], sent: Mapping[str, Any]) -> dict[str, Any]:
    """Settings after a change: omitted fields are unchanged, null clears a field. Source: RFC 7386.

    An object that names its form in `by` replaces one of another form.
    """
    out = dict(old)
    for name, value in sent.items():
        before = out.get(name)
        if value is None:
            out.pop(name, None)
        elif isinstance(value, dict):
            same_form = isinstance(before, dict) and value.get("by", before.get("by")) == before.get("by")
            out[name] = merged(before if same_form and isinstance(before, dict) else {}, value)
        else:
            out[name] = value
    return out


def _at(settings: Mapping[str, Any], path: str) -> Any:
    found: Any = settings
    for name in path.split("."):
        if not isinstance(found, Mapping) or name not in found:
            return _MISSING
        found = found[name]
    return found


def _put(settings: dict[str, Any], path: str, value: str | None) -> None:
    group, _, name = path.rpartition(".")
    (settings[group] if group else settings)[name] = value
