"""Rooms for the tests of alerts."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from tests.api.v2.alerts.room import Room


@pytest.fixture
def room(api: httpx.Client) -> Callable[..., Room]:
    return lambda **about: Room(api, **about)
