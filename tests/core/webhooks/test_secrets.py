"""The secrets of endpoints by path, and their form before the vault."""

from __future__ import annotations

import msgspec
import pytest

from penstock.adapters.sealing import SealedBox
from penstock.core.webhooks.models import Secrets
from penstock.core.webhooks.secrets import header_paths, old_paths, open_old, paths_at, refers, secrets_of
from penstock.kit.secret import Pepper
from tests.core.webhooks.test_registry import endpoint

HEADERS = (("X-B", "b"), ("X-A", "a"))


def test_headers_are_sent_in_their_order() -> None:
    values = {"secret": "s", "previous": "p"} | header_paths(HEADERS)
    assert secrets_of(("X-B", "X-A"), values) == Secrets(secret="s", previous="p", headers=HEADERS)
    assert secrets_of((), {}) == Secrets()


def test_an_endpoint_refers_to_secrets_by_name() -> None:
    assert refers(endpoint(1, secret_paths={"secret": "", "headers.X-A": "key"}))
    assert not refers(endpoint(1, secret_paths={"secret": ""}))


def test_the_old_form_opens_for_its_own_endpoint_alone() -> None:
    box = SealedBox(Pepper(b"p" * 32))
    sealed = box.seal(msgspec.json.encode(Secrets(secret="s", headers=HEADERS)), "webhook:7")
    assert open_old(box, 7, sealed) == {"secret": "s", "headers.X-B": "b", "headers.X-A": "a"}
    with pytest.raises(ValueError, match="another owner"):
        open_old(box, 8, sealed)
    assert old_paths(sealed, '["X-B","X-A"]') == ["secret", "headers.X-B", "headers.X-A"]


def test_a_previous_secret_counts_until_its_overlap_ends() -> None:
    paths = {"secret": "", "previous": "old"}
    one = endpoint(1, secret_paths=paths)
    assert paths_at(one, 5) == {"secret": ""}
    one = msgspec.structs.replace(one, previous_until_us=6)
    assert (paths_at(one, 5), paths_at(one, 6)) == (paths, {"secret": ""})
