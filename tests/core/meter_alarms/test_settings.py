"""Settings of a device come before those of its profile, and these before the defaults: field by field."""

from __future__ import annotations

from penstock.core.meter_alarms.settings import DEFAULTS, AlarmSettings, Burst, ContinuousFlow, Tamper, combined, effective
from penstock.core.meters.models import MeterRole


def test_each_field_is_from_the_first_that_sets_it() -> None:
    own = AlarmSettings(continuous_flow=ContinuousFlow(hours=6), tamper=Tamper(enabled=False))
    of_profile = AlarmSettings(continuous_flow=ContinuousFlow(enabled=False, hours=12), burst=Burst(flow=1.5))
    found = combined(own, of_profile)
    assert found.continuous_flow == ContinuousFlow(enabled=False, hours=6)
    assert found.burst == Burst(enabled=True, flow=1.5)
    assert found.tamper == Tamper(enabled=False, fields=DEFAULTS.tamper.fields)
    assert combined(None, None) == DEFAULTS


def test_the_flow_into_a_whole_building_need_not_stop() -> None:
    for role in (MeterRole.PRINCIPAL, MeterRole.INTERMEDIATE):
        assert effective(None, None, role).continuous_flow == ContinuousFlow(enabled=False, hours=24)
        own = AlarmSettings(continuous_flow=ContinuousFlow(enabled=True))
        assert effective(own, None, role).continuous_flow.enabled is True
    assert effective(None, None, MeterRole.LEAF) == DEFAULTS
