"""Runs and rehearsals of rules over the native API, and the hooks that trigger rules."""

from __future__ import annotations

from penstock.api.shared.admission import chain_in
from penstock.api.shared.call import Call
from penstock.api.shared.decoding import body_id, path_id
from penstock.api.shared.idempotency import idempotency_of
from penstock.api.shared.routes import IDEMPOTENCY_HEADER, Routes
from penstock.api.v2.rules import wire
from penstock.api.v2.rules.examples import HOOK, HOOK_ID, REHEARSAL, REHEARSAL_ID, RULE_PATH, RUN, RUN_ID, RUN_PAGE
from penstock.api.v2.rules.routes import READ, WRITE, rule_id_of
from penstock.api.v2.rules.translate import from_rehearsal, from_run, to_run_filter, to_time
from penstock.api.v2.wire import ListOf
from penstock.core.rules.rehearsals import Rehearser
from penstock.core.rules.runs import RunService
from penstock.core.rules.versions import VersionService
from penstock.core.telemetry.models import TimeRange
from penstock.kit.errors import InvalidInput
from penstock.kit.http import header
from penstock.kit.ids import DeviceId, Prefix, RehearsalId, encode
from penstock.kit.operation import Example

MAX_HOOK_BYTES = 65_536


class RunEndpoints:
    """Runs of rules."""

    routes = Routes("/api/v2", surface="v2", tag="Rules")

    def __init__(self, runs: RunService) -> None:
        self._runs = runs

    @routes.get(
        "/rule-executions",
        scope=READ,
        example=Example(query={"limit": "2"}, answer=RUN_PAGE),
    )
    async def list(self, call: Call[wire.AnyRunQuery, None]) -> ListOf[wire.Run]:
        """List the runs of all rules.

        Newest first: each time that a rule executed its actions, or failed to. Nothing is stored if a condition was false. An
        input is null if the caller does not have the scope of its source, such as `telemetry:read` for a reading.
        """
        query = call.query
        rule_id = body_id(Prefix.RULE, query.rule_id, "rule_id") if query.rule_id else None
        requested = to_run_filter(query, rule_id, _device_of(query))
        page = await self._runs.list(call.actor, requested, query.limit, query.cursor)
        return ListOf([from_run(one, call.actor) for one in page.items], page.next_cursor)

    @routes.get(
        "/rules/{rule_id}/executions",
        scope=READ,
        example=Example(path=RULE_PATH, answer=RUN_PAGE),
    )
    async def list_of_rule(self, call: Call[wire.RunQuery, None]) -> ListOf[wire.Run]:
        """List the runs of a rule."""
        query = call.query
        requested = to_run_filter(query, rule_id_of(call), _device_of(query))
        page = await self._runs.list_by_rule(call.actor, requested, query.limit, query.cursor)
        return ListOf([from_run(one, call.actor) for one in page.items], page.next_cursor)

    @routes.get(
        "/rule-executions/{run_id}",
        scope=READ,
        example=Example(path={"run_id": RUN_ID}, answer=RUN),
    )
    async def get(self, call: Call[None, None]) -> wire.Run:
        """Get a run of a rule."""
        return from_run(await self._runs.get(call.actor, path_id(Prefix.RUN, call.path["run_id"])), call.actor)


class RehearsalEndpoints:
    """Rehearsals of rule versions."""

    routes = Routes("/api/v2", surface="v2", tag="Rules")

    def __init__(self, rehearsals: Rehearser) -> None:
        self._rehearsals = rehearsals

    @routes.post(
        "/rules/{rule_id}/rehearse",
        scope=WRITE,
        status=202,
        refuses=(409, 429),
        example=Example(
            path=RULE_PATH,
            body={"from": "2026-04-25T00:00:00Z", "to": "2026-05-03T00:00:00Z"},
            answer=REHEARSAL | {"state": "running", "progress": 0.0, "finished_at": None},
        ),
    )
    async def start(self, call: Call[None, wire.Rehearse]) -> wire.Rehearsal:
        """Rehearse a rule against stored readings.

        Evaluates a version with the readings of a range of event times, and reports the actions it would have executed. No
        action is executed. Poll the rehearsal until it is done. Rehearsals do not survive a restart of the server.
        """
        sent = call.body
        span = TimeRange(from_us=to_time(sent.from_, "from"), to_us=to_time(sent.to, "to"))
        # Stricter than `parse_range`: there is nothing to rehearse in an empty range.
        if span.to_us <= span.from_us:
            raise InvalidInput.field("to", "must be after from")
        version_id = body_id(Prefix.VERSION, sent.version_id, "version_id") if sent.version_id else None
        found = await self._rehearsals.start(call.actor, rule_id_of(call), version_id, span)
        return from_rehearsal(found, call.actor)

    @routes.get(
        "/rehearsals/{rehearsal_id}",
        scope=READ,
        example=Example(path={"rehearsal_id": REHEARSAL_ID}, answer=REHEARSAL),
    )
    async def get(self, call: Call[None, None]) -> wire.Rehearsal:
        """Get a rehearsal."""
        return from_rehearsal(self._rehearsals.get(call.actor, _rehearsal_id(call.path)), call.actor)

    @routes.delete(
        "/rehearsals/{rehearsal_id}",
        scope=WRITE,
        example=Example(path={"rehearsal_id": REHEARSAL_ID}),
    )
    async def cancel(self, call: Call[None, None]) -> None:
        """Cancel a rehearsal.

        The results to date remain available.
        """
        self._rehearsals.cancel(call.actor, _rehearsal_id(call.path))


class HookEndpoints:
    """The hook of a rule, and calls to it."""

    routes = Routes("/api/v2", surface="v2", tag="Rules")

    def __init__(self, versions: VersionService) -> None:
        self._versions = versions

    @routes.post(
        "/rules/{rule_id}/hook",
        scope=WRITE,
        status=201,
        refuses=(409,),
        example=Example(path=RULE_PATH, answer=HOOK),
    )
    async def renew(self, call: Call[None, None]) -> wire.Hook:
        """Create a rule's hook, or renew its secret.

        The secret is returned once; the previous one becomes invalid. It requires the same scopes as saving the rule.
        """
        hook = await self._versions.new_hook(call.actor, rule_id_of(call))
        hook_id = encode(Prefix.HOOK, hook.hook_id)
        return wire.Hook(hook_id=hook_id, path=f"/api/v2/hooks/{hook_id}", secret=hook.secret)

    @routes.post(
        "/hooks/{hook_id}",
        scope=None,
        status=202,
        headers={"X-Hook-Secret": "The hook's secret.", **IDEMPOTENCY_HEADER},
        max_body_bytes=MAX_HOOK_BYTES,
        refuses=(404,),
        example=Example(path={"hook_id": HOOK_ID}, body={"door": "open"}, answer={"call_id": "evt_0c2k9fq7w3f6g"}),
    )
    async def call(self, call: Call[None, dict[str, object]]) -> wire.HookCall:
        """Call a rule's hook.

        Requires no key, only the hook's secret in `X-Hook-Secret`. Any JSON object is accepted; expressions can read it as
        `hook.body`. The response confirms that the call is on disk.
        """
        # A missing secret is a wrong one: the response must not reveal whether the hook exists.
        secret = (header(call.scope, b"x-hook-secret") or b"").decode("latin-1")
        hook_id = path_id(Prefix.HOOK, call.path["hook_id"])
        chain = chain_in(call.scope)
        call_id = await self._versions.call_hook(hook_id, secret, call.body, chain, idempotency_of(call))
        return wire.HookCall(call_id=encode(Prefix.EVENT, call_id))


def _device_of(query: wire.RunQuery) -> DeviceId | None:
    return body_id(Prefix.DEVICE, query.device_id, "device_id") if query.device_id else None


def _rehearsal_id(path: dict[str, str]) -> RehearsalId:
    return path_id(Prefix.REHEARSAL, path["rehearsal_id"])
