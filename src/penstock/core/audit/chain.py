"""The hash chain: how an entry's hash is computed, and how a chain is verified. Pure.

hash = SHA-256(previous hash as 64 hex digits ‖ the entry as JSON with sorted keys, no white space, without its hashes). The
JSON is the one in exports, so anyone can verify an export with only this description.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from penstock.core.audit.models import AuditEntry
from penstock.kit.clock import format_time
from penstock.kit.ids import AuditSeq

FIRST_HASH = "0" * 64
QUOTE = "'"
"""Begins a cell of an export in CSV whose value begins with it, or would be evaluated by a spreadsheet."""
_HASHES = ("prev_hash", "hash")


class Verdict(msgspec.Struct, kw_only=True):
    """The result of verifying rows. `broken` describes the first invalid row; `gaps` counts missing ranges, `gap` is the first.

    `head_found` says whether a row has the hash that was given as the head.
    """

    rows: int = 0
    gaps: int = 0
    gap: tuple[int, int] | None = None
    first_seq: AuditSeq = AuditSeq(0)
    last_seq: AuditSeq = AuditSeq(0)
    last_hash: str = FIRST_HASH
    head_found: bool = False
    broken: str | None = None


def document(entry: AuditEntry) -> dict[str, Any]:
    """An entry in the form of exports."""
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
    """The hash of an entry's document, computed with the previous hash."""
    bare = {name: value for name, value in row.items() if name not in _HASHES}
    return hashlib.sha256(prev_hash.encode() + msgspec.json.encode(bare, order="sorted")).hexdigest()


def chained(entry: AuditEntry, prev_hash: str) -> AuditEntry:
    """The entry with its hashes."""
    return msgspec.structs.replace(entry, prev_hash=prev_hash, hash=hash_of(document(entry), prev_hash))


def verify(rows: Iterable[Mapping[str, Any]], head: str = "") -> Verdict:
    """Verify rows in ascending order of `seq`.

    Rows can start anywhere (older ones may have been deleted after their retention) and can have gaps (an export may be
    filtered): each row must match its own `prev_hash`, and each row that directly follows the previous one must continue from
    it.
    """
    return extend(Verdict(), rows, head)


def extend(verdict: Verdict, rows: Iterable[Mapping[str, Any]], head: str = "") -> Verdict:
    """Verify the rows that follow those of a verdict, which is updated."""
    for row in rows:
        seq, prev_hash = row["seq"], row["prev_hash"]
        if row["hash"] != hash_of(row, prev_hash):
            verdict.broken = f"row {seq} was changed: its hash does not match its content"
        elif verdict.rows and seq <= verdict.last_seq:
            verdict.broken = f"row {seq} comes after row {verdict.last_seq}"
        elif verdict.rows and seq == verdict.last_seq + 1 and prev_hash != verdict.last_hash:
            verdict.broken = f"row {seq} does not continue from row {seq - 1}"
        # Otherwise someone who rewrites the whole log could choose the hash that it starts from.
        elif seq == 1 and prev_hash != FIRST_HASH:
            verdict.broken = "row 1 does not start the chain"
        if verdict.broken:
            return verdict
        if verdict.rows and seq > verdict.last_seq + 1:
            verdict.gaps += 1
            verdict.gap = verdict.gap or (verdict.last_seq + 1, seq - 1)
        verdict.first_seq = verdict.first_seq or seq
        verdict.rows += 1
        verdict.last_seq, verdict.last_hash = seq, row["hash"]
        verdict.head_found = verdict.head_found or row["hash"] == head
    return verdict
