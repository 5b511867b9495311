"""Rules as the engine has them, of documents that a test writes."""

from __future__ import annotations

from typing import Any

from penstock.core.rules.compiling import compile_definition
from penstock.core.rules.definition import Action, Definition, ReadingTrigger, Trigger, Window
from penstock.core.rules.engine import Armed
from penstock.core.rules.models import Outcome, Rule, RuleState, Run, Version
from penstock.core.telemetry.models import Reading
from penstock.kit.clock import SECOND_US
from penstock.kit.ids import OrgId, RuleId, RunId, VersionId
from tests.support.days import NOON_US


def us(seconds: float) -> int:
    """Seconds after noon."""
    return NOON_US + round(seconds * SECOND_US)


def definition(
    condition: str = "", *actions: Action, trigger: Trigger | None = None, windows: tuple[Window, ...] = ()
) -> Definition:
    return Definition(trigger=trigger or ReadingTrigger(), condition=condition, actions=actions, windows=windows)


def armed(document: Definition, rule_id: int = 3, **about: Any) -> Armed:
    known: dict[str, Any] = {"id": RuleId(rule_id), "org_id": OrgId(1), "name": "frost", "description": "", "reason": ""}
    known |= {"state": RuleState.RUNNING, "last_number": 1, "version_id": VersionId(rule_id + 100), "from_seq": 0}
    known |= {"next_us": None, "failures": 0, "hook_id": None, "hook_digest": None, "trashed_us": None}
    rule = Rule(**known | {"created_us": 1, "updated_us": 1} | about)
    version = Version(
        id=VersionId(rule_id + 100),
        org_id=OrgId(1),
        rule_id=rule.id,
        number=2,
        name="",
        author="",
        author_name="",
        note="",
        restored_number=None,
        definition=document,
        created_us=1,
    )
    return Armed(rule=rule, version=version, compiled=compile_definition(document))


def a_run(**about: Any) -> Run:
    known: dict[str, Any] = {"id": RunId(5), "org_id": OrgId(1), "rule_id": RuleId(3), "version_id": VersionId(103), "number": 2}
    known |= {"cause": "reading:7", "device_id": None, "outcome": Outcome.PENDING, "reason": "", "inputs": {}, "results": []}
    return Run(**known | {"step": 0, "chain": (RuleId(3),), "at_us": us(0), "created_us": us(0)} | about)


def a_reading(payload: bytes = b'{"t": 7}', *, seq: int = 1, device_id: int = 10, at: float = 0, **about: Any) -> Reading:
    return Reading(1, device_id, us(at), us(at), payload, seq=seq, **about)  # type: ignore[arg-type]
