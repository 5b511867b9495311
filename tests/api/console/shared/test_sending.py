"""Steps that tell people something are offered by alerts and by rules, with the fields that the API needs."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from penstock.api.console.alerts import forms as alerts
from penstock.api.console.rules import forms as rules
from penstock.api.console.shared.sending import chat, email, sms
from penstock.api.console.shared.steps import StepKind


@pytest.mark.parametrize("kinds", [alerts.ACTION_KINDS, rules.ACTION_KINDS])
def test_whom_to_tell_is_the_same_everywhere(kinds: Mapping[str, StepKind]) -> None:
    for step in (email(), sms(), chat()):
        found = kinds[step.kind]
        assert (found.label, found.icon, found.scope) == (step.label, step.icon, step.scope)
        assert found.fields[0] == step.fields[0]
        assert len(found.fields) > 1, "what it says is missing"
