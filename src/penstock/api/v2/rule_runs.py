"""What rules did, what they would have done, and hooks by which others make them look."""

from __future__ import annotations

from penstock.api.shared.call import Answer, Call
from penstock.api.shared.decoding import body_id, path_id
from penstock.api.shared.idempotency import idempotency_of
from penstock.api.v2 import rules_wire as wire
from penstock.api.v2.rule_examples import HOOK, HOOK_ID, REHEARSAL, REHEARSAL_ID, RULE_PATH, RUN, RUN_ID, TAG
from penstock.api.v2.rules import ONCE, ONE, READ, WRITE, rule_id_of
from penstock.api.v2.rules_translate import from_rehearsal, from_run, to_run_filter, to_time
from penstock.api.v2.wire import ListOf
from penstock.core.rules.rehearsals import Rehearser
from penstock.core.rules.runs import RunService
from penstock.core.rules.versions import VersionService
from penstock.core.telemetry.models import TimeRange
from penstock.kit.errors import InvalidInput
from penstock.kit.http import header
from penstock.kit.ids import DeviceId, Prefix, RehearsalId, encode
from penstock.kit.operation import Example, operation

RUNS = "/api/v2/rule-executions"
REHEARSALS = "/api/v2/rehearsals"
MAX_HOOK_BYTES = 65_536
_RUN_PAGE = {"data": [RUN], "next_cursor": None}


class RunEndpoints:
    """Runs of rules."""

    def __init__(self, runs: RunService) -> None:
        self._runs = runs

    @operation(
        "GET",
        RUNS,
        surface="v2",
        tag=TAG,
        summary="List runs of rules",
        description="Newest first: each time that a rule acted, or failed to. When a condition was not met, nothing is kept.",
        scope=READ,
        query=wire.RunOfAllQuery,
        answer=ListOf[wire.Run],
        example=Example(query={"limit": "2"}, answer=_RUN_PAGE),
    )
    async def list(self, call: Call[wire.RunOfAllQuery, None]) -> ListOf[wire.Run]:
        query = call.query
        rule_id = body_id(Prefix.RULE, query.rule_id, "rule_id") if query.rule_id else None
        wanted = to_run_filter(query, rule_id, _device_of(query))
        page = await self._runs.list(call.actor, wanted, query.limit, query.cursor)
        return ListOf([from_run(one) for one in page.items], page.next_cursor)

    @operation(
        "GET",
        f"{ONE}/executions",
        surface="v2",
        tag=TAG,
        summary="List runs of a rule",
        scope=READ,
        query=wire.RunQuery,
        answer=ListOf[wire.Run],
        example=Example(path=RULE_PATH, answer=_RUN_PAGE),
    )
    async def list_of_rule(self, call: Call[wire.RunQuery, None]) -> ListOf[wire.Run]:
        query = call.query
        wanted = to_run_filter(query, rule_id_of(call), _device_of(query))
        page = await self._runs.list_of_rule(call.actor, wanted, query.limit, query.cursor)
        return ListOf([from_run(one) for one in page.items], page.next_cursor)

    @operation(
        "GET",
        f"{RUNS}/{{run_id}}",
        surface="v2",
        tag=TAG,
        summary="Get a run of a rule",
        scope=READ,
        answer=wire.Run,
        example=Example(path={"run_id": RUN_ID}, answer=RUN),
    )
    async def get(self, call: Call[None, None]) -> wire.Run:
        return from_run(await self._runs.get(call.actor, path_id(Prefix.RUN, call.path["run_id"])))


class RehearsalEndpoints:
    """Rehearsals of versions."""

    def __init__(self, rehearsals: Rehearser) -> None:
        self._rehearsals = rehearsals

    @operation(
        "POST",
        f"{ONE}/rehearse",
        surface="v2",
        tag=TAG,
        summary="Rehearse a rule against stored readings",
        description="Shows a version the readings of a range of event times, and tells what it would have done. Nothing is "
        "done. Ask for the rehearsal until it is done. It is forgotten when the server starts again.",
        scope=WRITE,
        status=202,
        body=wire.Rehearse,
        answer=wire.Rehearsal,
        headers=ONCE,
        refuses=(409, 429),
        example=Example(
            path=RULE_PATH,
            body={"from": "2026-04-25T00:00:00Z", "to": "2026-05-03T00:00:00Z"},
            answer=REHEARSAL | {"state": "running", "progress": 0.0, "finished_at": None},
        ),
    )
    async def start(self, call: Call[None, wire.Rehearse]) -> wire.Rehearsal:
        sent = call.body
        span = TimeRange(from_us=to_time(sent.from_, "from"), to_us=to_time(sent.to, "to"))
        if span.to_us <= span.from_us:
            raise InvalidInput.field("to", "lies after from")
        version_id = body_id(Prefix.VERSION, sent.version_id, "version_id") if sent.version_id else None
        found = await self._rehearsals.start(call.actor, rule_id_of(call), version_id, span, idempotency_of(call))
        return from_rehearsal(found)

    @operation(
        "GET",
        f"{REHEARSALS}/{{rehearsal_id}}",
        surface="v2",
        tag=TAG,
        summary="Get a rehearsal",
        scope=READ,
        answer=wire.Rehearsal,
        example=Example(path={"rehearsal_id": REHEARSAL_ID}, answer=REHEARSAL),
    )
    async def get(self, call: Call[None, None]) -> wire.Rehearsal:
        return from_rehearsal(self._rehearsals.get(call.actor, _rehearsal_id(call.path)))

    @operation(
        "DELETE",
        f"{REHEARSALS}/{{rehearsal_id}}",
        surface="v2",
        tag=TAG,
        summary="Cancel a rehearsal",
        description="What it has found so far can still be asked for.",
        scope=WRITE,
        status=204,
        example=Example(path={"rehearsal_id": REHEARSAL_ID}),
    )
    async def cancel(self, call: Call[None, None]) -> Answer:
        self._rehearsals.cancel(call.actor, _rehearsal_id(call.path))
        return Answer()


class HookEndpoints:
    """Hooks of rules."""

    def __init__(self, versions: VersionService) -> None:
        self._versions = versions

    @operation(
        "POST",
        f"{ONE}/hook",
        surface="v2",
        tag=TAG,
        summary="Give a rule a hook, or another secret",
        description="The secret is shown once; the one before is good no more.",
        scope=WRITE,
        status=201,
        answer=wire.Hook,
        refuses=(409,),
        example=Example(path=RULE_PATH, answer=HOOK),
    )
    async def renew(self, call: Call[None, None]) -> wire.Hook:
        hook = await self._versions.new_hook(call.actor, rule_id_of(call))
        hook_id = encode(Prefix.HOOK, hook.hook_id)
        return wire.Hook(hook_id=hook_id, path=f"/api/v2/hooks/{hook_id}", secret=hook.secret)

    @operation(
        "POST",
        "/api/v2/hooks/{hook_id}",
        surface="v2",
        tag=TAG,
        summary="Call a rule's hook",
        description="Needs no key but the hook's secret, in `X-Hook-Secret`. Any JSON object is taken; the rule sees it as "
        "`hook.body`. The answer means that the call is on disk.",
        status=202,
        body=dict[str, object],
        answer=wire.HookCall,
        headers={"X-Hook-Secret": "The hook's secret."},
        max_body_bytes=MAX_HOOK_BYTES,
        refuses=(404,),
        example=Example(path={"hook_id": HOOK_ID}, body={"door": "open"}, answer={"call_id": "evt_0c2k9fq7w3f6g"}),
    )
    async def call(self, call: Call[None, dict[str, object]]) -> wire.HookCall:
        secret = (header(call.scope, b"x-hook-secret") or b"").decode("latin-1")
        call_id = await self._versions.call_hook(path_id(Prefix.HOOK, call.path["hook_id"]), secret, call.body)
        return wire.HookCall(call_id=encode(Prefix.EVENT, call_id))


def _device_of(query: wire.RunQuery) -> DeviceId | None:
    return body_id(Prefix.DEVICE, query.device_id, "device_id") if query.device_id else None


def _rehearsal_id(path: dict[str, str]) -> RehearsalId:
    return path_id(Prefix.REHEARSAL, path["rehearsal_id"])
