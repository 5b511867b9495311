"""Callers of the API with some scopes, and secrets with names that no other test has."""

from __future__ import annotations

import secrets
from typing import Any

import httpx

PATH = "/api/v2/secrets"


def with_scopes(api: httpx.Client, *scopes: str) -> dict[str, str]:
    """The headers of a key that has only some scopes."""
    made = api.post("/api/v2/keys", json={"name": "narrow", "scopes": list(scopes)})
    assert made.status_code == 201, made.text
    return {"X-API-Key": made.json()["value"]}


def new_name(about: str = "secret") -> str:
    return f"{about}-{secrets.token_hex(4)}"


def make_secret(api: httpx.Client, value: str, name: str = "") -> dict[str, Any]:
    made = api.post(PATH, json={"name": name or new_name(), "value": value})
    assert made.status_code == 201, made.text
    return dict(made.json())
