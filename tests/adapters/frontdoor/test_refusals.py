"""What the front door answers by itself: whole responses, with the codes that clients know."""

from __future__ import annotations

import json

import pytest

from penstock.adapters.frontdoor import refusals
from penstock.adapters.frontdoor.refusals import HEADER_TOO_LARGE, Refusal, Refused

ALL = [one for one in vars(refusals).values() if isinstance(one, Refusal)]


@pytest.mark.parametrize("refusal", ALL, ids=lambda one: f"{one.status} {one.code}")
def test_each_is_a_whole_problem(refusal: Refusal) -> None:
    head, _, body = refusal.render([(b"server", b"penstock")]).partition(b"\r\n\r\n")
    status, *lines = head.split(b"\r\n")
    headers = dict(line.split(b": ", 1) for line in lines)
    assert status.startswith(f"HTTP/1.1 {refusal.status} ".encode())
    assert headers[b"server"] == b"penstock"
    assert headers[b"connection"] == b"close"
    assert int(headers[b"content-length"]) == len(body)
    problem = json.loads(body)
    assert (problem["status"], problem["code"], problem["detail"]) == (refusal.status, refusal.code, refusal.detail)
    assert problem["type"].endswith(refusal.code)
    assert (refusal.status == 503) == (b"retry-after" in headers)


def test_a_more_exact_sentence_changes_nothing_else() -> None:
    exact = HEADER_TOO_LARGE.because("the header has more than 64 lines")
    assert (exact.status, exact.code, exact.detail) == (431, HEADER_TOO_LARGE.code, "the header has more than 64 lines")
    assert str(Refused(exact)) == exact.detail
