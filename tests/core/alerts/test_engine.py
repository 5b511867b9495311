"""The engine, which holds the machines of all organisations."""

from __future__ import annotations

import itertools

import pytest

from penstock.core.alerts.engine import Engine
from penstock.core.expressions.error_counts import EvaluationErrors
from penstock.core.telemetry.models import Reading
from tests.core.alerts.watch import a_device, an_alert, us
from tests.support.days import HeldClock


@pytest.mark.parametrize(("org_id", "effects"), [(1, 1), (2, 0)])
def test_a_reading_counts_for_the_organisation_that_stored_it(org_id: int, effects: int) -> None:
    engine = Engine(itertools.count(1).__next__, EvaluationErrors(HeldClock()))
    engine.put_device(a_device(), us(-10))
    engine.put_alert(an_alert())
    engine.read(Reading(org_id, 7, us(0), us(0), b'{"t": 99}', seq=1))
    assert len(engine.effects) == effects
