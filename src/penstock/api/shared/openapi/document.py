"""The whole document: info, tags, security, components, and a path item per path."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from penstock.api.shared.openapi import words
from penstock.api.shared.openapi.headers import COMPONENTS
from penstock.api.shared.openapi.names import operation_name
from penstock.api.shared.openapi.paging import pagination
from penstock.api.shared.openapi.parameters import parameters, plain_path, request_body, takes_ticket
from penstock.api.shared.openapi.responses import (
    error_name,
    error_responses,
    other_answers,
    refusals,
    success,
)
from penstock.api.shared.openapi.schemas import Schemas, prefix_of
from penstock.api.shared.surface import SurfaceRules
from penstock.core.tenancy.scopes import CATALOGUE
from penstock.kit.operation import Operation

OPENAPI = "3.1.0"
_NATIVE = "v2"


def openapi_document(
    operations: Sequence[Operation],
    *,
    version: str,
    server: str,
    rules: Sequence[SurfaceRules],
    choices: Mapping[str, Sequence[str]] | None = None,
) -> dict[str, Any]:
    """Build one OpenAPI document over all surfaces.

    `rules` are those that the router uses, so that errors are described as they are returned. `choices` are the words that a
    server accepts, by the name of the choice. Component names start with the surface (`SystemHealth`), except for the native
    API's.

    Raises:
        ValueError: two operations have the same id.
    """
    found = _Document(rules, choices or {}, operations)
    for operation in operations:
        found.add(operation)
    return {
        "openapi": OPENAPI,
        "info": {
            "title": words.TITLE,
            "version": version,
            "description": words.DESCRIPTION,
            "contact": {"name": words.CONTACT},
            "license": {"name": "Apache License 2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": server, "description": "This server."}],
        "tags": [{"name": tag, "description": _tag(tag, surface)} for tag, surface in found.tags.items()],
        "x-tagGroups": _groups(found.tags),
        "paths": found.paths,
        "components": {
            "schemas": dict(sorted(found.schemas.components.items())),
            "responses": dict(sorted(found.responses.items())),
            "headers": COMPONENTS,
            "securitySchemes": words.SECURITY,
        },
    }


class _Document:
    def __init__(
        self, rules: Sequence[SurfaceRules], choices: Mapping[str, Sequence[str]], operations: Sequence[Operation]
    ) -> None:
        self._rules = {rule.surface: rule for rule in rules}
        self._read = {one.path: one.answer for one in operations if one.method == "GET"}
        self._errors: dict[str, dict[str, dict[str, Any]]] = {}
        self._ids: set[str] = set()
        self.schemas = Schemas(choices)
        self.tags: dict[str, str] = {}
        self.paths: dict[str, dict[str, Any]] = {}
        self.responses: dict[str, dict[str, Any]] = {}

    def add(self, operation: Operation) -> None:
        """Add an operation."""
        name = operation_name(operation)
        if name in self._ids:
            raise ValueError(f"two operations have the id {name}")
        self._ids.add(name)
        # The first operation of a tag determines the tag's place: the order of nouns is the order of the reference.
        self.tags.setdefault(operation.tag, operation.surface)
        item = self.paths.setdefault(plain_path(operation.path), {})
        item[operation.method.lower()] = self._described(operation)

    def _described(self, operation: Operation) -> dict[str, Any]:
        rule = self._rules[operation.surface]
        prefix = "" if operation.surface == _NATIVE else prefix_of(operation.surface)
        organization_required = rule.organization_required
        described: dict[str, Any] = {
            "operationId": operation_name(operation),
            "tags": [operation.tag],
            "summary": operation.summary,
            "description": _description(operation),
            "parameters": parameters(operation, self.schemas, organization_required=organization_required),
        }
        if operation.body is not None:
            described["requestBody"] = request_body(operation, self.schemas, prefix)
        done = success(operation, self.schemas, prefix, tagged=self._is_tagged(operation))
        described["responses"] = {
            str(operation.status): done,
            **{
                str(status): self._refusal(rule, status)
                for status in refusals(operation, organization_required=organization_required)
            },
            **other_answers(operation, done),
        }
        described["security"] = _security(operation)
        if "If-None-Match" in operation.headers:
            described["responses"]["304"] = {"description": words.NOT_MODIFIED, "headers": done["headers"]}
        if operation.scope is not None:
            described["x-penstock-scope"] = operation.scope
        return described | pagination(operation)

    def _is_tagged(self, operation: Operation) -> bool:
        """Whether a success has an `ETag`: a read that a change can depend on has, and a change that returns the same."""
        conditional = {"If-None-Match", "If-Match"} & operation.headers.keys()
        return bool(conditional) and operation.status == HTTPStatus.OK and operation.answer == self._read.get(operation.path)

    def _refusal(self, rule: SurfaceRules, status: int) -> dict[str, str]:
        if rule.surface not in self._errors:
            self._errors[rule.surface] = error_responses(rule, self.schemas)
        name = error_name(rule.surface, status)
        # Only errors that some operation refers to become components, so that the document has no unused ones.
        self.responses[name] = self._errors[rule.surface][name]
        return {"$ref": f"#/components/responses/{name}"}


def _description(operation: Operation) -> str:
    parts = [operation.description or f"{operation.summary}."]
    if operation.query is not None:
        parts.append(inspect.getdoc(operation.query) or "")
    if operation.scope is not None:
        parts.append(f"Requires the scope `{operation.scope}`: {CATALOGUE[operation.scope]}.")
    return "\n\n".join(part for part in parts if part)


def _security(operation: Operation) -> list[dict[str, list[str]]]:
    """The accepted credentials, any one of which suffices; none if the operation is public.

    A device call without a scope is secured by the token in its body, so the header is one of two options.
    """
    if operation.scope is None:
        return [{"DeviceToken": []}, {}] if operation.device_token else []
    names = list(words.KEY_SCHEMES)
    if operation.device_token:
        names.append("DeviceToken")
    if takes_ticket(operation):
        names.append("StreamTicket")
    return [{name: []} for name in names]


def _tag(tag: str, surface: str) -> str:
    if surface not in words.GROUPS:
        return f"The API of {tag} over the same devices and readings; docs/surfaces/{surface}.md lists what is covered."
    return words.TAGS.get(tag, f"{tag}.")


def _groups(tags: dict[str, str]) -> list[dict[str, Any]]:
    groups: dict[str, list[str]] = {name: [] for name in (words.NATIVE, words.OTHERS, words.SYSTEM)}
    for tag, surface in tags.items():
        groups[words.GROUPS.get(surface, words.OTHERS)].append(tag)
    return [{"name": name, "tags": members} for name, members in groups.items() if members]
