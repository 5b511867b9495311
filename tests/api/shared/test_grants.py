"""Subjects and times of grants, as requests name them."""

from __future__ import annotations

import pytest

from penstock.api.shared.grants import moment, subject_of
from penstock.core.tokens.grant_models import Subject
from penstock.core.tokens.models import SubjectKind
from penstock.kit.errors import InvalidInput


@pytest.mark.parametrize("kind", SubjectKind)
def test_a_subject_is_a_group_user_or_key(kind: SubjectKind) -> None:
    assert subject_of(Subject(kind, 5).text, "subject") == Subject(kind, 5)


@pytest.mark.parametrize("text", ["", "dev_0c2k9fq7w3m1x", "grp_", "grp_0c2k9fq7w3m1", "Contractors"])
def test_anything_else_is_rejected(text: str) -> None:
    with pytest.raises(InvalidInput, match="subject"):
        subject_of(text, "subject")


def test_times() -> None:
    assert moment(None, "expires_at") is None
    assert moment("2026-05-02T09:15:04Z", "expires_at") == 1_777_713_304_000_000
    with pytest.raises(InvalidInput, match="expires_at"):
        moment("soon", "expires_at")
