"""The rules that led to a reading, as its channel."""

from __future__ import annotations

from penstock.core.telemetry.chains import chain_of, chain_text
from penstock.core.telemetry.models import Source
from penstock.kit.ids import RuleId
from tests.core.rules.armed import a_reading


def test_a_chain_is_the_channel_of_a_derived_reading_alone() -> None:
    chain = (RuleId(3), RuleId(2**40))
    derived = a_reading(channel=chain_text(chain), source=Source.RULE)
    assert chain_of(derived) == chain
    assert chain_of(a_reading(channel=chain_text(chain))) == (), "whatever a device writes there"
    assert chain_of(a_reading(source=Source.RULE)) == ()
    assert chain_of(a_reading(channel="x/y", source=Source.RULE)) == ()
