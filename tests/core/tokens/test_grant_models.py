"""Subjects, requests and the persons behind callers."""

from __future__ import annotations

import msgspec
import pytest

from penstock.core.actor import Actor
from penstock.core.tokens.grant_models import OPERATOR, PREFIXES, Purpose, RequestState, Subject, person_of
from penstock.core.tokens.models import SubjectKind
from penstock.core.tokens.requests import new_request
from penstock.kit.ids import SeedRequestId, decode
from tests.core.tokens.fakes import NOW_US, ORG, TOKEN, key, user


@pytest.mark.parametrize("kind", SubjectKind)
def test_a_subject_has_an_id(kind: SubjectKind) -> None:
    assert decode(PREFIXES[kind], Subject(kind, 5).text) == 5


def test_a_person_answers_for_keys_and_the_operator_for_the_rest() -> None:
    assert [person_of(one) for one in (user(11), key(root=11), key(root=None), Actor.system(ORG))] == [11, 11, OPERATOR, OPERATOR]


@pytest.mark.parametrize("state", RequestState)
def test_only_what_can_still_be_used_expires(state: RequestState) -> None:
    made = new_request(SeedRequestId(5), user(), TOKEN, Purpose.READ, "", NOW_US, NOW_US + 1)
    request = msgspec.structs.replace(made, state=state)
    assert request.state_at(NOW_US) is state
    ends = state in (RequestState.OPEN, RequestState.APPROVED)
    assert request.state_at(NOW_US + 1) is (RequestState.EXPIRED if ends else state)
