"""Converts keys from core models to wire structs."""

from __future__ import annotations

from typing import cast

from penstock.api.v2.vault_keys import wire
from penstock.core.vault.keys import KeyStatus
from penstock.core.vault.models import KeyVersion
from penstock.kit.clock import format_seconds


def from_core_status(status: KeyStatus) -> wire.Keys:
    keys = status.keys
    return wire.Keys(
        current=keys.current,
        versions=[_version(one) for one in keys.versions],
        stale_values=status.stale,
        shredded_up_to=keys.shredded or None,
        shredded_at=None if keys.shredded_us is None else format_seconds(keys.shredded_us),
        master=cast("wire.Master", status.master),
    )


def _version(one: KeyVersion) -> wire.KeyVersion:
    return wire.KeyVersion(version=one.version, created_at=format_seconds(one.created_us))
