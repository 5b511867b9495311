"""An endpoint for the tests of webhooks."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.api.v2.webhooks.hook import HOOK, PATH


@pytest.fixture
def webhook(api: httpx.Client) -> dict[str, Any]:
    made = api.post(PATH, json=HOOK | {"name": "Mine", "headers": {"Authorization": "Bearer s3cret-of-theirs"}})
    assert made.status_code == 201, made.text
    return dict(made.json()["webhook"])
