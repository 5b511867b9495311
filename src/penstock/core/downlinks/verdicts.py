"""What a network server's event says of a downlink. Pure.

A gateway that sent a downlink says nothing of the device. So where a definition asks for an acknowledgement, the downlink is a
confirmed one, and only the device's acknowledgement of the frame counts; where it asks for none, what was sent is all that will
ever be known.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from penstock.core.commands.models import Verification

TOLD_BY = ("ack", "nack", "txack", "failed", "log")
_DROPPED = ("DOWNLINK_PAYLOAD_SIZE", "EXPIRED", "F_CNT_DOWN", "DOWNLINK_FCNT")
"""The words of ChirpStack 4 and 3 for an item that it took out of the queue without sending it."""
_COUNTED = "f_cnt:"
MAX_REASON = 300


class Verdict(msgspec.Struct, frozen=True):
    """What became of a downlink. `acknowledged`: the device itself has said so."""

    arrived: bool
    reason: str
    acknowledged: bool = False


def is_confirmed(verification: Verification) -> bool:
    """Whether the device is to acknowledge the frame."""
    return verification is Verification.ACKNOWLEDGEMENT


def name_of_counter(counter: int) -> str:
    """The name of a downlink that its server calls by its frame counter, as ChirpStack 3 does."""
    return f"{_COUNTED}{counter}"


def is_counted(name: str) -> bool:
    """Whether a name is a frame counter."""
    return name.startswith(_COUNTED)


def name_in(details: Mapping[str, object]) -> str | None:
    """The name of the downlink that an event is about."""
    name = details.get("queue_item_id") or details.get("correlation_id")
    if isinstance(name, str):
        return name
    counter, code = details.get("f_cnt"), details.get("code")
    of_downlink = not isinstance(code, str) or code in _DROPPED  # an error may be about an uplink, with its counter
    return name_of_counter(counter) if type(counter) is int and of_downlink else None


def verdict(kind: str, details: Mapping[str, object], verification: Verification) -> Verdict | None:
    """What an event means for a command; None when it means nothing."""
    if kind == "ack":
        return Verdict(True, "the device acknowledged the downlink", acknowledged=True)
    if kind == "nack":
        return Verdict(False, "the device did not acknowledge the downlink")
    if kind == "txack" and not is_confirmed(verification):
        return Verdict(True, "sent by a gateway, which is all that is known of an unconfirmed downlink")
    if kind == "failed" or (kind == "log" and details.get("code") in _DROPPED):
        return Verdict(False, f"the network server did not send it: {_why(details)}"[:MAX_REASON])
    return None


def _why(details: Mapping[str, object]) -> str:
    found = [text for name in ("code", "description") if isinstance(text := details.get(name), str)]
    return ": ".join(found) or "it gives no reason"
