"""The outcome of a downlink according to a network server's event. Pure.

A gateway's report that it sent a downlink does not show that the device received it. So if a command requires an acknowledgement,
the downlink is a confirmed one, and only the device's acknowledgement of the frame counts. If it requires none, the gateway's
report is the only evidence there will be.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from penstock.core.commands.models import Verification

REPORT_KINDS = ("ack", "nack", "txack", "failed", "log")
_DROPPED = ("DOWNLINK_PAYLOAD_SIZE", "EXPIRED", "F_CNT_DOWN", "DOWNLINK_FCNT")
"""The codes of ChirpStack 4 and 3 for an item that was removed from the queue without being sent."""
_COUNTED = "f_cnt:"
MAX_REASON = 300


class Verdict(msgspec.Struct, frozen=True):
    """The outcome of a downlink. `acknowledged`: the device itself confirmed it."""

    arrived: bool
    reason: str
    acknowledged: bool = False


def is_confirmed(verification: Verification) -> bool:
    """Whether the device must acknowledge the frame."""
    return verification is Verification.ACKNOWLEDGEMENT


def name_of_counter(counter: int) -> str:
    """The name of a downlink that its server identifies by its frame counter, as ChirpStack 3 does."""
    return f"{_COUNTED}{counter}"


def is_counted(name: str) -> bool:
    """Whether a name is a frame counter."""
    return name.startswith(_COUNTED)


def name_in(details: Mapping[str, object]) -> str | None:
    """The name of the downlink that an event refers to."""
    name = details.get("queue_item_id") or details.get("correlation_id")
    if isinstance(name, str):
        return name
    counter, code = details.get("f_cnt"), details.get("code")
    of_downlink = not isinstance(code, str) or code in _DROPPED  # an error may refer to an uplink, with its counter
    return name_of_counter(counter) if type(counter) is int and of_downlink else None


def verdict(kind: str, details: Mapping[str, object], verification: Verification) -> Verdict | None:
    """The outcome that an event implies for a command; None if it implies none."""
    if kind == "ack":
        return Verdict(True, "the device acknowledged the downlink", acknowledged=True)
    if kind == "nack":
        return Verdict(False, "the device did not acknowledge the downlink")
    # For a confirmed downlink the device's own acknowledgement follows, and only that is evidence.
    if kind == "txack" and not is_confirmed(verification):
        return Verdict(True, "sent by a gateway; an unconfirmed downlink has no further evidence")
    if kind == "failed" or (kind == "log" and details.get("code") in _DROPPED):
        return Verdict(False, f"the network server did not send it: {_why(details)}"[:MAX_REASON])
    return None


def _why(details: Mapping[str, object]) -> str:
    found = [text for name in ("code", "description") if isinstance(text := details.get(name), str)]
    return ": ".join(found) or "no reason was given"
