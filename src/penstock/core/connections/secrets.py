"""Secrets inside a connection's settings: removed and sealed before the settings are stored, restored to open the connection.

A sealed secret is bound to its connection and its path. It is kept when other fields change, but not when the address it is sent
to changes: otherwise a user who can change a connection could have the secret sent to their own server.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from penstock.core.connections.models import SETTINGS, Connection
from penstock.core.connections.settings import SECRET_PATHS, TARGETS, Settings
from penstock.core.people.ports import Box
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import ConnectionId

_MISSING = object()


class Sealer:
    """Seals and opens the secrets of settings."""

    def __init__(self, box: Box) -> None:
        self._box = box

    def seal(self, connection_id: ConnectionId, settings: Settings) -> tuple[Settings, dict[str, bytes]]:
        """Settings without their secrets, and the secrets sealed, by path."""
        plain: dict[str, Any] = msgspec.to_builtins(settings)
        sealed = {}
        for path in SECRET_PATHS:
            value = _at(plain, path)
            if isinstance(value, str):
                sealed[path] = self._box.seal(value.encode(), _bond(connection_id, path))
                _put(plain, path, None)
        return msgspec.convert(plain, type(settings)), sealed

    def resealed(self, before: Connection, settings: Settings, sent: Mapping[str, Any]) -> tuple[Settings, dict[str, bytes]]:
        """The same after a change: secrets that `sent` omits are kept.

        Raises:
            InvalidInput: a kept secret would be sent to another address.
        """
        stripped, sealed = self.seal(before.id, settings)
        old: dict[str, Any] = msgspec.to_builtins(before.settings)
        new: dict[str, Any] = msgspec.to_builtins(stripped)
        for path, kept in before.sealed.items():
            if path in sealed or _at(sent, path) is not _MISSING or _at(new, path) is _MISSING:
                continue  # replaced, cleared, or its path no longer exists
            if any(_at(old, target) != _at(new, target) for target in TARGETS[path]):
                raise InvalidInput.field(f"settings.{path}", "is required again for the other address", "required")
            sealed[path] = kept
        return stripped, sealed

    def opened(self, connection: Connection) -> Settings:
        """Settings with their secrets.

        Raises:
            ValueError: sealed for another owner, or by another server.
        """
        plain: dict[str, Any] = msgspec.to_builtins(connection.settings)
        for path, sealed in connection.sealed.items():
            _put(plain, path, self._box.open(sealed, _bond(connection.id, path)).decode())
        return msgspec.convert(plain, SETTINGS[connection.type])


def shown_settings(connection: Connection) -> dict[str, Any]:
    """Settings for responses: of a secret, only whether it is set."""
    plain: dict[str, Any] = msgspec.to_builtins(connection.settings)
    for path in SECRET_PATHS:
        if _at(plain, path) is not _MISSING:
            group, _, name = path.rpartition(".")
            place = plain[group] if group else plain
            del place[name]
            place[f"{name}_set"] = path in connection.sealed
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


def _bond(connection_id: ConnectionId, path: str) -> str:
    return f"connection:{connection_id}:{path}"


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
