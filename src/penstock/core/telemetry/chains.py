"""The rules that led to a reading or call, as text: the channel of a derived reading, and a header of outgoing calls."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from penstock.core.telemetry.models import KIND_DERIVED, NewReading, Reading, Source
from penstock.kit.ids import Prefix, RuleId, decode, encode

CHAIN_HEADER = "Penstock-Chain"
"""The header of outgoing calls with the rules that led to them. A call to a Penstock server that has it continues the chain."""
CHAIN_FIELD = CHAIN_HEADER.lower().encode()
"""Its name as the server reads it."""
MAX_CHAIN = 100


def chain_text(chain: Iterable[RuleId]) -> str:
    """A chain of rules as text."""
    return "/".join(encode(Prefix.RULE, rule_id) for rule_id in chain)


def chain_from(text: str) -> tuple[RuleId, ...]:
    """The chain in a text; what is not the id of a rule is ignored."""
    return tuple(found for one in text.split("/")[:MAX_CHAIN] if (found := decode(Prefix.RULE, one)) is not None)


def chain_in_header(value: bytes | None) -> tuple[RuleId, ...]:
    """The chain in the header of a request; empty if it has none."""
    return () if value is None else chain_from(value.decode("latin-1"))


def led_by(chain: tuple[RuleId, ...], reading: NewReading) -> NewReading:
    """A reading that arrived in a call with this chain: if rules led to it, they computed it and the device did not send it."""
    if not chain:
        return reading
    return msgspec.structs.replace(reading, kind=KIND_DERIVED, channel=chain_text(chain), source=Source.RULE)


def chain_of(reading: Reading) -> tuple[RuleId, ...]:
    """The rules that led to a reading; empty for a reading sent by a device, whatever its channel contains."""
    if reading.source != Source.RULE or not reading.channel:
        return ()
    return chain_from(reading.channel)
