"""The chain of the audit log: any change to any row is found, by our verifier and by one written from the description."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest

from penstock.core.audit.chain import FIRST_HASH, chained, document, verify
from penstock.core.audit.models import AuditEntry, Target


def rows(count: int = 6) -> list[dict[str, Any]]:
    found, previous = [], FIRST_HASH
    for seq in range(1, count + 1):
        entry = AuditEntry(
            org_id=7,
            seq=seq,
            time_us=1_777_713_304_000_000 + seq,
            action="apikey.create",
            actor_kind="user",
            actor_id="usr_0c2k9fq7w3c2k",
            actor_name="lena@example.org",
            address="198.51.100.24",
            target=Target("key", f"key_{seq:013}", "Grüße"),
            details={"scopes": ["devices:read"], "n": seq, "ratio": 1.5, "none": None},
        )
        chain = chained(entry, previous)
        previous = chain.hash
        found.append(document(chain))
    return found


def test_a_whole_chain_verifies() -> None:
    verdict = verify(rows())
    assert (verdict.broken, verdict.rows, verdict.gaps, verdict.last_seq) == (None, 6, 0, 6)
    assert verdict.last_hash == rows()[-1]["hash"]


def test_the_description_is_enough_to_verify() -> None:
    """Independent of our encoder: Python's json with sorted keys and no white space."""
    for row in rows():
        bare = {key: value for key, value in row.items() if key not in ("hash", "prev_hash")}
        text = json.dumps(bare, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert hashlib.sha256(row["prev_hash"].encode() + text.encode()).hexdigest() == row["hash"]


@pytest.mark.parametrize("place", range(6))
@pytest.mark.parametrize("field", sorted(rows()[0]))
def test_any_changed_field_is_found(place: int, field: str) -> None:
    changed = rows()
    value = changed[place][field]
    changed[place][field] = value + 1 if isinstance(value, int) else {"x": 1} if isinstance(value, dict) else f"{value}x"
    assert verify(changed).broken is not None


def test_a_row_taken_out_leaves_a_gap_and_one_put_in_breaks() -> None:
    found = rows()
    assert verify(found[:2] + found[3:]).gaps == 1
    assert verify([*found[:3], found[2], *found[3:]]).broken is not None
    assert verify([found[1], found[0]]).broken is not None


def test_rows_hashed_anew_no_longer_continue_from_the_one_before() -> None:
    found = rows()
    forged = rows()
    forged[2]["user"] = "nobody@example.org"
    bare = {key: value for key, value in forged[2].items() if key not in ("hash", "prev_hash")}
    text = json.dumps(bare, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    forged[2]["hash"] = hashlib.sha256(forged[2]["prev_hash"].encode() + text.encode()).hexdigest()
    assert "continue" in (verify(forged).broken or "")
    assert verify(found[3:]).broken is None


def chained_from(start: str) -> list[dict[str, Any]]:
    """Rows whose hashes all fit, over a first one that continues from somewhere."""
    found, previous = [], start
    for row in rows():
        bare = {key: value for key, value in row.items() if key not in ("hash", "prev_hash")}
        text = json.dumps(bare, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        forged = row | {"prev_hash": previous, "hash": hashlib.sha256(previous.encode() + text.encode()).hexdigest()}
        previous = forged["hash"]
        found.append(forged)
    return found


def test_a_first_row_that_does_not_begin_the_chain_is_found() -> None:
    """Whoever rewrites the whole log, or removes what came before and numbers anew, cannot choose where it begins."""
    assert verify(chained_from(FIRST_HASH)).broken is None
    for start in ("f" * 64, rows()[2]["hash"], ""):
        assert verify(chained_from(start)).broken == "row 1 does not start the chain"
    assert verify(chained_from("f" * 64)[1:]).broken is None, "an export may begin anywhere but before the first row"
