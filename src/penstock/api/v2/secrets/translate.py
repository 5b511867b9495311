"""Converts secrets between wire structs and core models."""

from __future__ import annotations

from penstock.api.v2.secrets import wire
from penstock.core.vault.models import SecretFilter, SecretUse, SecretVersion, UsedSecret
from penstock.core.vault.owners import public_id
from penstock.kit.clock import format_time
from penstock.kit.ids import Prefix, encode


def to_core_filter(query: wire.SecretQuery) -> SecretFilter:
    return SecretFilter(text=query.q, name=query.name, managed=query.managed, owner_kind=query.owner_kind)


def from_core_secret(used: UsedSecret) -> wire.Secret:
    secret = used.secret
    return wire.Secret(
        id=encode(Prefix.SECRET, secret.id),
        name=secret.name,
        managed=secret.owner is not None,
        description=secret.description,
        version=secret.version,
        uses=used.total,
        used_by=[from_core_use(one) for one in used.uses],
        created_by=secret.created_by,
        created_at=format_time(secret.created_us),
        updated_at=format_time(secret.updated_us),
    )


def from_core_use(use: SecretUse) -> wire.SecretUse:
    return wire.SecretUse(kind=use.owner.kind, id=public_id(use.owner), field=use.path)


def from_core_version(version: SecretVersion) -> wire.SecretVersion:
    return wire.SecretVersion(version.version, version.created_by, format_time(version.created_us))
