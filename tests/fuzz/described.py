"""The operations as the server's own OpenAPI document describes them, and whether an answer is as it is described."""

from __future__ import annotations

import functools
from typing import Any

import httpx
import schemathesis
from schemathesis.checks import not_a_server_error
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi import checks

from penstock.kit.operation import Operation
from tests.security.table import PARAMETER

CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]


@functools.cache
def described(base_url: str) -> dict[str, APIOperation[Any, Any, Any, Any]]:
    """The operations of the document that a server serves, by method and path."""
    schema = schemathesis.openapi.from_dict(httpx.get(f"{base_url}/openapi.json").json())
    return {found.label: found for result in schema.get_all_operations() if (found := result.ok())}


def label_of(operation: Operation) -> str:
    """What an operation is called in the document."""
    return f"{operation.method} " + PARAMETER.sub(r"{\1}", operation.path)
