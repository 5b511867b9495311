"""What a network server's events mean for the downlink that they name."""

from __future__ import annotations

import pytest

from penstock.core.commands.models import Verification
from penstock.core.downlinks.verdicts import name_in, verdict


@pytest.mark.parametrize("verification", list(Verification))
def test_what_events_mean(verification: Verification) -> None:
    def said(kind: str, **details: object) -> tuple[bool, bool] | None:
        found = verdict(kind, details, verification)
        return None if found is None else (found.arrived, found.acknowledged)

    assert said("ack") == (True, True)
    assert said("nack") == said("failed") == said("log", code="EXPIRED") == (False, False)
    assert said("txack") == (None if verification is Verification.ACKNOWLEDGEMENT else (True, False))
    assert said("log", code="DOWNLINK_GATEWAY") is None, "a gateway could not; the server tries another"
    assert said("queued") is said("join") is None
    assert name_in({"queue_item_id": 7}) is None
    assert name_in({"f_cnt": 7}) == name_in({"f_cnt": 7, "code": "DOWNLINK_FCNT"}) == "f_cnt:7"
    assert name_in({"f_cnt": 7, "code": "UPLINK_MIC"}) is None, "that is an uplink's counter"
    assert name_in({"f_cnt": 7, "queue_item_id": "q"}) == "q"
    assert len(verdict("failed", {"description": "x" * 1_000}, verification).reason) <= 300  # type: ignore[union-attr]
