"""Bugs in the API's admission."""

from __future__ import annotations

from mutants.mutant import Mutant

MUTANTS = (
    Mutant(
        name="deleting devices requires only the scope for reading",
        layer="api",
        old=(
            'scope="devices:write",\n        of_project=True,\n        example=Example(path=examples.DEVICE_PATH),\n    )\n'
            "    async def delete("
        ),
        new=(
            'scope="devices:read",\n        of_project=True,\n        example=Example(path=examples.DEVICE_PATH),\n    )\n'
            "    async def delete("
        ),
        why="A key with read access could delete.",
        hints=("security/test_policy",),
    ),
    Mutant(
        name="no scope is required",
        layer="api",
        old=("else:\n            actor.require(operation.scope)\n        if actor.project_id"),
        new="if actor.project_id",
        why="Every key could do everything.",
        hints=("security/test_scopes",),
    ),
    Mutant(
        name="a session is not required",
        layer="api",
        old=("if operation.session:\n            check_person(actor)"),
        new="pass",
        why="A key could act as a user.",
        hints=("security/test_scopes",),
    ),
    Mutant(
        name="a resident sees every device",
        layer="api",
        old=(
            "raise ResidentBound()\n"
            "        actor.require(operation.scope if operation.session else OWN_DEVICES)\n"
            '        device_id = scope["path_params"].get("device_id")\n'
            "        return actor if device_id is None else "
        ),
        new=(
            "raise ResidentBound()\n"
            "        actor.require(operation.scope if operation.session else OWN_DEVICES)\n"
            '        device_id = scope["path_params"].get("device_id")\n'
            "        return actor if device_id is not None else "
        ),
        why="A tenant could read the neighbour's meter.",
        hints=("security/test_resident",),
    ),
    Mutant(
        name="a bound key reaches the organisation",
        layer="api",
        old=("if not operation.of_project:\n            raise ProjectBound()"),
        new="pass",
        why="A contractor's key would have access to everything.",
        hints=("security/test_bound_project",),
    ),
    Mutant(
        name="an exceeded limit is not reported",
        layer="api",
        old="left += [(state.limit, state.remaining) for state in await self.peek(actor, surface, scope)]",
        new="left += []",
        why="A limited client would not learn how many calls remain.",
        hints=("api/v2/usage/test_routes", "api/shared/test_executor"),
    ),
    Mutant(
        name="the same Idempotency-Key for two requests",
        layer="api",
        old='scope["query_string"], media_type, call.raw)',
        new='scope["query_string"], media_type)',
        why="A second request would receive the response to the first.",
        hints=("api/v2/devices/test_routes", "openapi/test_document", "e2e/test_sequence_numbers", "api/v2/commands/test_routes"),
    ),
    Mutant(
        name="caches are allowed to store responses",
        layer="api",
        old='NO_STORE = (b"cache-control", b"no-store")',
        new='NO_STORE = (b"cache-control", b"private")',
        why="A proxy would store a key that is shown once.",
        hints=("security/test_headers",),
    ),
    Mutant(
        name="pages of every origin are allowed",
        layer="api",
        old="return self.any or origin in self._named",
        new="return origin is not None",
        why="Any web page could act with its visitor's credentials.",
        hints=("test_cors",),
    ),
)
