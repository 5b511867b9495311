"""Which devices a target includes, and words for severities on another scale."""

from __future__ import annotations

import pytest

from penstock.core.alerts.models import Target, matches, severity_of
from penstock.core.notifications.models import Severity
from penstock.kit.ids import DeviceId, ProjectId
from tests.core.alerts.watch import a_device

DEVICE = a_device(7, labels={"floor": "2", "wing": "a"})


@pytest.mark.parametrize(
    ("target", "included"),
    [
        (Target(devices=(DeviceId(6), DeviceId(7))), True),
        (Target(devices=(DeviceId(6),)), False),
        (Target(project_id=ProjectId(1)), True),
        (Target(project_id=ProjectId(2)), False),
        (Target(labels={"floor": "2"}), True),
        (Target(labels={"floor": "2", "wing": "b"}), False),
        (Target(labels={"room": ""}), False),
        (Target(all=True), True),
        (Target(), False),
    ],
)
def test_a_target_includes_a_device(target: Target, included: bool) -> None:
    assert matches(target, DEVICE) is included


@pytest.mark.parametrize(
    ("word", "severity"),
    [
        ("info", Severity.INFO),
        ("low", Severity.WARNING),
        ("medium", Severity.WARNING),
        ("warning", Severity.WARNING),
        ("high", Severity.CRITICAL),
        ("critical", Severity.CRITICAL),
    ],
)
def test_severities_by_any_of_their_names(word: str, severity: Severity) -> None:
    assert severity_of(word) is severity


def test_another_word_is_no_severity() -> None:
    with pytest.raises(ValueError, match="fatal"):
        severity_of("fatal")
