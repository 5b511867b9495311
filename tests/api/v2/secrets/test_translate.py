"""Secrets on the wire."""

from __future__ import annotations

from penstock.api.v2.secrets import wire
from penstock.api.v2.secrets.translate import from_core_secret, from_core_use, to_core_filter
from penstock.core.vault.models import Owner, Secret, SecretUse, UsedSecret
from penstock.kit.ids import Prefix, SecretId, WebhookId, encode

SECRET = Secret(
    id=SecretId(7), path="secret", owner=Owner("webhook", 3), version=2, created_by="usr_1", created_us=0, updated_us=0
)


def test_a_managed_secret_has_its_owner_and_no_name() -> None:
    shown = from_core_secret(UsedSecret(SECRET, (SecretUse(Owner("webhook", 3), "secret"),), 1))
    assert (shown.id, shown.name, shown.managed, shown.version) == (encode(Prefix.SECRET, SecretId(7)), None, True, 2)
    assert shown.used_by == [wire.SecretUse("webhook", encode(Prefix.WEBHOOK, WebhookId(3)), "secret")]


def test_an_owner_of_an_unknown_kind_is_shown_by_number() -> None:
    assert from_core_use(SecretUse(Owner("test", 9), "seed")) == wire.SecretUse("test", "9", "seed")


def test_filters_are_those_of_the_query() -> None:
    found = to_core_filter(wire.SecretQuery(q="a", managed=False, owner_kind="webhook"))
    assert (found.text, found.name, found.managed, found.owner_kind) == ("a", None, False, "webhook")
