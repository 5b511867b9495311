"""The chain: what an entry's hash is made of, and how a chain is verified. Pure.

hash = SHA-256(previous hash as 64 hex digits ‖ the entry as JSON with sorted keys, no white space, without its hashes). The
JSON is the one that exports show, so that anybody can verify an export with nothing but this sentence.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from penstock.core.audit.models import AuditEntry
from penstock.kit.clock import format_time

FIRST_HASH = "0" * 64
_HASHES = ("prev_hash", "hash")


class Verdict(msgspec.Struct, kw_only=True):
    """What verifying rows found. `broken` names the first row at fault and why; `gaps` counts missing stretches."""

    rows: int = 0
    gaps: int = 0
    first_seq: int = 0
    last_seq: int = 0
    last_hash: str = FIRST_HASH
    broken: str | None = None


def document(entry: AuditEntry) -> dict[str, Any]:
    """An entry as exports show it."""
    return {
        "seq": entry.seq,
        "ts": format_time(entry.time_us),
        "action": entry.action,
        "actor_kind": entry.actor_kind,
        "actor_id": entry.actor_id,
        "user": entry.actor_name,
        "ip": entry.address,
        "target_type": entry.target.kind,
        "target_id": entry.target.id,
        "target_name": entry.target.name,
        "outcome": entry.outcome.value,
        "details": entry.details,
        "prev_hash": entry.prev_hash,
        "hash": entry.hash,
    }


def hash_of(row: Mapping[str, Any], prev_hash: str) -> str:
    """The hash of an entry's document, given the one before it."""
    bare = {name: value for name, value in row.items() if name not in _HASHES}
    return hashlib.sha256(prev_hash.encode() + msgspec.json.encode(bare, order="sorted")).hexdigest()


def chained(entry: AuditEntry, prev_hash: str) -> AuditEntry:
    """The entry with its place in the chain."""
    return msgspec.structs.replace(entry, prev_hash=prev_hash, hash=hash_of(document(entry), prev_hash))


def verify(rows: Iterable[Mapping[str, Any]]) -> Verdict:
    """Verify rows in ascending order of `seq`.

    Rows may begin anywhere (older ones were dropped after their time) and may leave stretches out (an export was filtered):
    each row must fit its own `prev_hash`, and each row that follows the one before it directly must continue from it.
    """
    verdict = Verdict()
    for row in rows:
        seq, prev_hash = row["seq"], row["prev_hash"]
        if row["hash"] != hash_of(row, prev_hash):
            verdict.broken = f"row {seq} was changed: its hash does not fit what it says"
        elif verdict.rows and seq <= verdict.last_seq:
            verdict.broken = f"row {seq} stands after row {verdict.last_seq}"
        elif verdict.rows and seq == verdict.last_seq + 1 and prev_hash != verdict.last_hash:
            verdict.broken = f"row {seq} does not continue from row {seq - 1}"
        elif seq == 1 and prev_hash != FIRST_HASH:
            verdict.broken = "row 1 does not begin the chain"
        if verdict.broken:
            return verdict
        verdict.gaps += bool(verdict.rows and seq > verdict.last_seq + 1)
        verdict.first_seq = verdict.first_seq or seq
        verdict.rows += 1
        verdict.last_seq, verdict.last_hash = seq, row["hash"]
    return verdict
