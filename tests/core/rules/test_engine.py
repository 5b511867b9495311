"""The engine: which rules a trigger concerns, what runs, and what is stopped because it costs too much."""

from __future__ import annotations

import msgspec
import pytest

from penstock.core.rules.contexts import EvaluationContext
from penstock.core.rules.definition import (
    ConnectivityTrigger,
    Definition,
    EventTrigger,
    HookTrigger,
    LabelAction,
    ReadingTrigger,
)
from penstock.core.rules.engine import (
    Armed,
    RuleEngine,
    concerns_device,
    concerns_reading,
    concerns_sensors,
    concerns_state,
    concerns_topic,
)
from penstock.core.rules.models import Outcome
from penstock.kit.ids import DeviceId, IdSource, OrgId, Prefix, RuleId, encode
from penstock.settings import load_settings
from tests.core.rules.armed import a_reading, armed, definition, us

CONFIG = load_settings(environment={}).rules
LABEL = LabelAction(key="k", value="v")


def engine(**limits: int) -> RuleEngine:
    return RuleEngine(IdSource(lambda: us(0)), msgspec.structs.replace(CONFIG, **limits))


def context(at: float = 0, chain: tuple[int, ...] = (), **values: object) -> EvaluationContext:
    return EvaluationContext(
        org_id=OrgId(1),
        cause=f"reading:{at}",
        device_id=DeviceId(10),
        at_us=us(at),
        arrived_us=us(at),
        parts={"reading": {"values": values}},
        chain=tuple(RuleId(one) for one in chain),
    )


def outcomes(one: Armed, *contexts: EvaluationContext, **limits: int) -> list[Outcome | None]:
    judge = engine(**limits)
    return [run.outcome if (run := judge.evaluate(one, each, us(0))) else None for each in contexts]


def test_a_condition_decides_and_a_missing_value_is_no_failure() -> None:
    one = armed(definition("reading.values.t > 6.0", LABEL))
    assert outcomes(one, context(t=7.0), context(t=5.0), context(n=1.0)) == [Outcome.PENDING, None, None]
    assert one.failures == 0
    assert outcomes(armed(definition()), context()) == [Outcome.DONE], "without actions there is nothing to wait for"


def test_failures_in_a_row_stop_a_rule_and_a_success_begins_anew() -> None:
    one = armed(definition("reading.values.t > true", LABEL))
    bad, limit = context(t=1.0), {"max_failures_in_a_row": 2}
    assert outcomes(one, bad, **limit) == [Outcome.FAILED]
    one.failures = 0
    assert outcomes(one, bad, bad, bad, **limit) == [Outcome.FAILED, Outcome.FAILED, None]
    assert one.stop_reason.startswith("it failed 2 times in a row; the last reason: condition: ")


def test_a_rule_runs_so_often_in_a_minute_and_no_more() -> None:
    one = armed(definition("", LABEL))
    within = [context(at) for at in (0, 1, 2)]
    assert outcomes(one, *within[:2], context(60), context(61), max_runs_per_minute=2) == [Outcome.PENDING] * 4
    assert (
        outcomes(armed(definition("", LABEL)), *within, context(60), max_runs_per_minute=2) == [Outcome.PENDING] * 2 + [None] * 2
    )


def test_a_rule_that_led_to_itself_is_stopped_and_a_long_chain_fails() -> None:
    one, other = armed(definition("", LABEL)), armed(definition("", LABEL), 4)
    assert outcomes(one, context(chain=(3, 9))) == [Outcome.FAILED]
    assert one.stop_reason == f"it triggers itself: {' → '.join(encode(Prefix.RULE, RuleId(n)) for n in (3, 9, 3))}"
    assert outcomes(other, context(chain=(8,)), context(chain=(8, 9)), max_chain=2) == [Outcome.PENDING, Outcome.FAILED]
    assert other.stop_reason == ""


def test_counters_go_on_with_the_version_and_begin_anew_when_it_is_deployed_again() -> None:
    judge, document = engine(), definition("", LABEL)
    judge.arm([armed(document)])
    (first,) = judge.for_organization(OrgId(1), ReadingTrigger)
    first.failures = 2
    judge.arm([armed(document, name="renamed")])
    assert [(one.failures, one.rule.name) for one in judge.all()] == [(2, "renamed")]
    judge.arm([armed(document, from_seq=9)])
    assert [one.failures for one in judge.all()] == [0]
    assert judge.for_organization(OrgId(2), ReadingTrigger) == judge.for_organization(OrgId(1), HookTrigger) == []
    (again,) = judge.all()
    again.stop_reason = "because"
    assert judge.stopped() == [again]
    assert judge.for_organization(OrgId(1), ReadingTrigger) == []


def of(trigger: object) -> Definition:
    return Definition(trigger=trigger)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("topics", "topic", "concerned"),
    [
        (("alert.raised",), "alert.raised", True),
        (("alert.raised",), "alert.raised.more", False),
        (("alert.*",), "alert.raised", True),
        (("alert.*",), "alerts", False),
        (("x", "*"), "anything", True),
    ],
)
def test_topics(topics: tuple[str, ...], topic: str, concerned: bool) -> None:
    assert concerns_topic(armed(of(EventTrigger(topics=topics))), topic) is concerned


def test_states_sensors_and_devices() -> None:
    assert concerns_state(armed(of(ConnectivityTrigger())), "online")
    assert not concerns_state(armed(of(ConnectivityTrigger(states=("offline",)))), "online")
    assert concerns_sensors(armed(of(ReadingTrigger())), set())
    assert concerns_sensors(armed(of(ReadingTrigger(sensors=("t", "u")))), {"u"})
    assert not concerns_sensors(armed(of(ReadingTrigger(sensors=("t",)))), {"u"})
    ten = encode(Prefix.DEVICE, DeviceId(10))
    one = armed(of(ReadingTrigger(device_ids=(ten,), device_type="pump")))
    assert concerns_device(one, DeviceId(10), {"type": "pump"})
    assert not concerns_device(one, DeviceId(10), {"type": "valve"})
    assert not concerns_device(one, DeviceId(11), {"type": "pump"})


def test_readings_count_from_the_deployment_on_and_old_ones_only_if_wanted() -> None:
    one, late = armed(definition(), from_seq=5), armed(of(ReadingTrigger(backfill=True)))
    assert [concerns_reading(one, a_reading(seq=seq)) for seq in (5, 6)] == [False, True]
    old = a_reading(seq=9)
    old.backfill = True
    assert [concerns_reading(each, old) for each in (one, late)] == [False, True]
    assert not concerns_reading(armed(of(HookTrigger())), a_reading())
