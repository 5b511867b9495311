"""The gate in front of a seed."""

from __future__ import annotations

import msgspec
import pytest

from penstock.core.audit.trail import AuditTrail
from penstock.core.tokens.errors import ApprovalRequired
from penstock.core.tokens.grant_models import Purpose, RequestState, SeedRequest
from penstock.core.tokens.requests import SeedGate, new_request
from penstock.kit.ids import SeedRequestId
from tests.core.tokens.fakes import NOW_US, TOKEN, Requests, Transaction, key, user
from tests.support.days import HeldClock

GATED = msgspec.structs.replace(TOKEN, four_eyes=True)
CLOCK = HeldClock(NOW_US)
GATE = SeedGate(AuditTrail(CLOCK), CLOCK)


def approved(**about: object) -> SeedRequest:
    made = new_request(SeedRequestId(5), user(), GATED, Purpose.READ, "new phone", NOW_US - 1, NOW_US + 1)
    return msgspec.structs.replace(made, **{"state": RequestState.APPROVED} | about)


async def test_an_approval_is_used_once_and_recorded() -> None:
    tx = Transaction(requests=Requests(approved()))
    await GATE.check(tx, user(), GATED, Purpose.READ)
    (entry,) = tx.audit.entries
    assert (entry.action, entry.details["reason"], entry.target.name) == ("token.seed.approval.use", "new phone", "aws-prod")
    with pytest.raises(ApprovalRequired):
        await GATE.check(tx, user(), GATED, Purpose.READ)


@pytest.mark.parametrize(
    "request_",
    [
        approved(state=RequestState.OPEN),
        approved(state=RequestState.DENIED),
        approved(until_us=NOW_US),
        approved(purpose=Purpose.END_FOUR_EYES),
        approved(token_id=2),
        approved(actor_id=12),
        approved(actor_kind=key().kind),
    ],
)
async def test_other_requests_do_not_count(request_: SeedRequest) -> None:
    tx = Transaction(requests=Requests(request_))
    with pytest.raises(ApprovalRequired):
        await GATE.check(tx, user(), GATED, Purpose.READ)
    assert tx.audit.entries == []


async def test_the_loser_of_a_race_is_refused() -> None:
    tx = Transaction(requests=Requests(approved()))
    tx.seed_requests.lose = True
    with pytest.raises(ApprovalRequired):
        await GATE.check(tx, user(), GATED, Purpose.READ)


async def test_a_token_without_four_eyes_needs_no_approval() -> None:
    await GATE.check(Transaction(), user(), TOKEN, Purpose.READ)
