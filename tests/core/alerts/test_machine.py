"""What one alert on one device does, condition by condition and rule by rule."""

from __future__ import annotations

from typing import Any

import pytest

from penstock.core.alerts.actions import EscalationStep, WebhookAction
from penstock.core.alerts.conditions import (
    Condition,
    ConnectivityIs,
    Expression,
    Geofence,
    NoData,
    RateOfChange,
    Threshold,
    ValueChange,
    distance_m,
)
from penstock.core.alerts.machine import Raised, Repeated
from penstock.core.alerts.models import NOfM
from penstock.core.notifications.hours import ActiveHours
from penstock.kit.clock import SECOND_US

from .watch import Watch, a_device, us


def test_it_is_raised_once_and_cleared_once() -> None:
    watch = Watch().at(0, t=5).at(1, t=7).at(2, t=8).at(3, t=6).at(4, t=5).at(5, t=6.5)
    assert watch.told == ["raised 7 at 1", "cleared condition at 3", "raised 6.5 at 5"]


@pytest.mark.parametrize(
    ("operator", "bound", "yes", "no"),
    [
        (">", 6, [6.1, 7], [6, 5.9]),
        (">=", 6, [6, 7], [5.9]),
        ("<", 6, [5.9], [6, 7]),
        ("<=", 6, [6, 5], [6.1]),
        ("==", 6, [6, 6.0], [6.1]),
        ("!=", 6, [5], [6]),
        ("between", (2, 6), [2, 4, 6], [1.9, 6.1]),
        ("outside", (2, 6), [1.9, 6.1], [2, 4, 6]),
        ("==", "open", ["open"], ["shut"]),
        ("!=", True, [False], [True]),
    ],
)
def test_thresholds(operator: Any, bound: Any, yes: list[Any], no: list[Any]) -> None:
    for value in yes:
        assert Watch(Threshold("t", operator, bound)).at(0, t=value).told == [f"raised {value} at 0"]
    for value in no:
        assert Watch(Threshold("t", operator, bound)).at(0, t=value).told == []


@pytest.mark.parametrize("value", ["7", True, None, [7], {"t": 7}])
def test_what_cannot_be_compared_tells_nothing(value: Any) -> None:
    assert Watch().at(0, t=value).told == []
    assert Watch().at(0, t=7).at(1, t=value).told == ["raised 7 at 0"]
    assert Watch().at(0, u=7).told == []


def test_a_nested_field() -> None:
    assert Watch(Threshold("v.rms", ">", 1)).at(0, v={"rms": 2}).told == ["raised 2 at 0"]


@pytest.mark.parametrize(
    ("operator", "bound", "raises", "stays", "clears"),
    [(">", 6, 7, 5.6, 5.5), ("<", 6, 5, 6.4, 6.5), ("outside", (2, 6), 7, 5.6, 5.5), ("between", (2, 6), 5, 6.4, 6.6)],
)
def test_hysteresis_keeps_it_from_flapping(operator: Any, bound: Any, raises: float, stays: float, clears: float) -> None:
    watch = Watch(Threshold("t", operator, bound), hysteresis=0.5).at(0, t=raises).at(1, t=stays).at(2, t=raises)
    assert watch.told == [f"raised {raises} at 0"]
    assert watch.at(3, t=clears).told[1:] == ["cleared condition at 3"]
    assert watch.at(4, t=stays).told[2:] == ([f"raised {stays} at 4"] if operator == "==" else [])


def test_for_a_time() -> None:
    watch = Watch(for_s=60).at(0, t=7).at(30, t=7).at(59, t=7)
    assert watch.told == []
    assert watch.at(60, t=8).told == ["raised 8 at 60"]
    assert Watch(for_s=60).at(0, t=7).at(30, t=5).at(60, t=7).at(90, t=7).told == []


def test_a_gap_does_not_satisfy_it() -> None:
    silent = Watch(for_s=60).at(0, t=7).until(10_000)
    assert silent.told == []
    assert silent.at(10_000, t=7).told == [], "nobody knows what was in between"
    assert silent.at(10_060, t=7).told == ["raised 7 at 10060"]
    slow = Watch(for_s=60, device=a_device(expected_interval_us=600 * SECOND_US)).at(0, t=7).at(600, t=7)
    assert slow.told == ["raised 7 at 600"], "a device that reports slowly has no gap"
    assert Watch(for_s=60, max_gap_s=20).at(0, t=7).at(30, t=7).at(60, t=7).told == []


def test_n_of_m() -> None:
    watch = Watch(n_of_m=NOfM(3, 5))
    for second, value in enumerate([7, 5, 7, 5, 5, 7]):
        watch.at(second, t=value)
    assert watch.told == []
    assert watch.at(6, t=7).at(7, t=7).told == ["raised 7 at 6"]
    assert watch.at(8, t=5).at(9, t=5).told[1:] == []
    assert watch.at(10, t=5).told[1:] == ["cleared condition at 10"]


def test_cooldown_withholds_and_counts() -> None:
    watch = Watch(cooldown_s=100).at(0, t=7).at(10, t=5).at(20, t=7).at(30, t=7).at(40, t=5).at(50, t=7).at(99, t=7)
    assert watch.told == ["raised 7 at 0", "cleared condition at 10"]
    watch.at(100, t=7)
    raised = watch.effects[-1]
    assert isinstance(raised, Raised)
    assert (watch.told[-1], raised.suppressed) == ("raised 7 at 100", 2)


def repeats(watch: Watch) -> list[tuple[float, Any]]:
    return [((one.at_us - us(0)) / SECOND_US, one.value) for one in watch.effects if isinstance(one, Repeated)]


def test_it_fires_again_at_a_reading_after_its_cooldown_while_it_holds() -> None:
    watch = Watch(cooldown_s=100, hysteresis=2).at(0, t=7).at(50, t=8).at(99, t=8).until(150)
    assert repeats(watch) == [], "at a reading, and not before"
    watch.at(160, t=9).at(200, t=9).at(261, t=5).at(270, t=7)
    assert repeats(watch) == [(160, 9), (270, 7)], "hysteresis alone is no reason to fire"
    watch.at(280, t=1).at(290, t=7)
    assert watch.told == ["raised 7 at 0", "cleared condition at 280"], "the cooldown counts from the last time it fired"
    assert watch.at(370, t=7).told[-1] == "raised 7 at 370"


def test_without_a_cooldown_it_fires_once() -> None:
    assert repeats(Watch().at(0, t=7).at(1000, t=8).at(2000, t=9)) == []


def test_it_does_not_fire_again_in_maintenance() -> None:
    watch = Watch(cooldown_s=10, device=a_device(muted_from_us=us(5), muted_until_us=us(50))).at(0, t=7).at(20, t=7).at(50, t=7)
    assert repeats(watch) == [(50, 7)]


def test_active_hours_withhold() -> None:
    hours = ActiveHours(time_zone="Europe/Brussels", days=(6,), from_minute=15 * 60, to_minute=16 * 60)
    watch = Watch(hours=hours).at(0, t=7).at(60, t=7)
    assert watch.told == [], "noon in UTC is two o'clock in Brussels"
    assert watch.at(3600, t=7).told == ["raised 7 at 3600"]
    assert watch.at(8000, t=5).told[1:] == ["cleared condition at 8000"], "it is cleared at every hour"


def test_maintenance_withholds() -> None:
    watch = Watch(device=a_device(muted_until_us=us(50))).at(0, t=7)
    assert watch.told == []
    assert watch.at(50, t=7).told == ["raised 7 at 50"]


def test_auto_clear_after_quiet() -> None:
    watch = Watch(auto_clear_s=60).at(0, t=7).at(50, t=8).until(109)
    assert watch.told == ["raised 7 at 0"]
    assert watch.until(1000).told[1:] == ["cleared quiet at 110"]


def test_escalation_until_somebody_takes_note() -> None:
    steps = (EscalationStep(60 * SECOND_US, (WebhookAction(),)), EscalationStep(120 * SECOND_US, ()))
    watch = Watch(escalation=steps).at(0, t=7).until(60)
    assert watch.told[1:] == ["escalated 0 at 60"]
    assert watch.until(1000).told[1:] == ["escalated 0 at 60", "escalated 1 at 120"]
    known = Watch(escalation=steps).at(0, t=7).until(60)
    known.machine.acknowledged(999)
    known.machine.acknowledged(1)
    assert known.until(1000).told[1:] == ["escalated 0 at 60"]
    assert Watch(escalation=steps).at(0, t=7).at(59, t=5).until(1000).told[1:] == ["cleared condition at 59"]


def test_cleared_by_hand_it_comes_again() -> None:
    watch = Watch().at(0, t=7)
    watch.machine.cleared(999)
    assert watch.at(1, t=7).told == ["raised 7 at 0"]
    watch.machine.cleared(1)
    assert watch.at(2, t=7).told == ["raised 7 at 0", "raised 7 at 2"]


def test_no_data() -> None:
    watch = Watch(NoData(60 * SECOND_US)).at(0, t=1).at(59, t=1).until(118)
    assert watch.told == []
    assert watch.until(10_000).told == ["raised None at 119"]
    assert watch.at(10_000, u="anything").told[1:] == ["cleared condition at 10000"]
    assert watch.until(20_000).told[2:] == ["raised None at 10060"]


def test_no_data_before_the_first_and_after_a_clear_by_hand() -> None:
    watch = Watch(NoData(60 * SECOND_US)).until(1000)
    assert watch.told == ["raised None at 50"], "counted from when it was made"
    watch.machine.cleared(1)
    assert watch.until(5000).told[1:] == [], "this silence was told"
    assert watch.at(5000, t=1).until(6000).told[1:] == ["raised None at 5060"]


def test_no_data_of_a_paused_or_muted_device() -> None:
    assert Watch(NoData(60 * SECOND_US), device=a_device(paused=True)).until(9000).told == []
    assert Watch(NoData(60 * SECOND_US), device=a_device(muted_until_us=us(300))).until(9000).told == ["raised None at 300"]


def test_connectivity() -> None:
    watch = Watch(ConnectivityIs("offline")).online(0, True).online(5, False).online(9, True)
    assert watch.told == ["raised offline at 5", "cleared condition at 9"]
    lost = Watch(ConnectivityIs("offline"), for_s=60).online(0, False).online(30, True).online(40, False).until(1000)
    assert lost.told == ["raised offline at 100"]
    assert Watch(ConnectivityIs("online")).online(0, False).online(1, True).told == ["raised online at 1"]


def test_change() -> None:
    watch = Watch(ValueChange("mode")).at(0, mode="a").at(1, mode="a").at(2, mode="b").at(3, mode="b").at(4, mode="a")
    assert watch.told == ["raised b at 2", "cleared condition at 3", "raised a at 4"]
    assert Watch(ValueChange("t", 2)).at(0, t=1).at(1, t=3).at(2, t=5.1).told == ["raised 5.1 at 2"]


def test_rate_of_change() -> None:
    watch = Watch(RateOfChange("t", ">", 1.5, 60 * SECOND_US)).at(0, t=10).at(60, t=11).at(120, t=13).at(120, t=20)
    assert watch.told == ["raised 2.0 at 120"]
    assert watch.at(240, t=13).told[1:] == ["cleared condition at 240"]


CIRCLE: dict[str, Any] = {"center": (51.0, 3.7), "radius_m": 1000.0}
IN, OUT = {"lat": 51.001, "lng": 3.7}, {"lat": 51.02, "lng": 3.7}


@pytest.mark.parametrize(
    ("when", "places", "told"),
    [
        ("enter", [IN, OUT, IN, IN, OUT], ["raised", "cleared"]),
        ("exit", [OUT, IN, OUT, OUT, IN], ["raised", "cleared"]),
        ("outside", [OUT, OUT, IN], ["raised", "cleared"]),
    ],
)
def test_geofence(when: Any, places: list[dict[str, float]], told: list[str]) -> None:
    watch = Watch(Geofence(when=when, **CIRCLE))
    for second, place in enumerate(places):
        watch.at(second, **place)
    assert [line.split()[0] for line in watch.told] == told


def test_a_polygon_and_bad_positions() -> None:
    square = ((0.0, 0.0), (0.0, 2.0), (2.0, 2.0), (2.0, 0.0))
    watch = Watch(Geofence(when="outside", polygon=square)).at(0, lat=1, lng=1).at(1, lat=91, lng=5).at(2, lat="1", lng=5)
    assert watch.told == []
    assert watch.at(3, lat=1, lng=3).told == ["raised 1.0,3.0 at 3"]


def test_a_distance() -> None:
    assert distance_m((51.0, 0.0), (51.0, 0.0)) == 0
    assert distance_m((0.0, 0.0), (0.0, 1.0)) == pytest.approx(111_195, rel=1e-4)
    assert distance_m((0.0, 179.5), (0.0, -179.5)) == pytest.approx(111_195, rel=1e-4)


def test_an_expression() -> None:
    wanted = Expression('reading.values.t > 6.0 && device.labels.site == "north"')
    watch = Watch(wanted, device=a_device(labels={"site": "north"})).at(0, u=1).at(1, t=7).at(2, t=5)
    assert watch.told == ["raised None at 1", "cleared condition at 2"]
    assert Watch(wanted).at(0, t=7).told == [], "without the label it comes to nothing"


def test_what_is_late_or_old_says_nothing() -> None:
    watch = Watch().at(100, t=5).at(50, arrives=101, t=7)
    assert watch.told == [], "the device was cooler since"
    assert Watch().at(-9000, arrives=0, late=True, t=7).told == []
    assert Watch(backfill=True).at(-9000, arrives=0, late=True, t=7).told == ["raised 7 at 0"]
    assert Watch().at(-20, t=7).told == [], "it came before the alert was made"


@pytest.mark.parametrize("condition", [Threshold("t", ">", 6), ValueChange("t"), NoData(SECOND_US), ConnectivityIs("online")])
def test_what_is_active_stays_so_without_a_word(condition: Condition) -> None:
    watch = Watch(condition).at(0, t=5).at(0.5, t=7).online(1, False).online(1.5, True)
    before = len(watch.told)
    assert len(watch.until(1.9).told) == before
