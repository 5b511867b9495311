"""Examples of grants and requests for the documentation."""

from __future__ import annotations

from typing import Any

TOKEN_PATH = {"token": "aws-prod"}
GRANT_ID, REQUEST_ID = "grn_0c2k9fq7w3g8k", "srq_0c2k9fq7w3r8k"
GRANT_PATH, REQUEST_PATH = TOKEN_PATH | {"grant_id": GRANT_ID}, TOKEN_PATH | {"request_id": REQUEST_ID}
GRANT: dict[str, Any] = {
    "id": GRANT_ID,
    "token": "aws-prod",
    "token_id": "tok_0c2k9fq7w3t8k",
    "subject": "grp_0c2k9fq7w3m1x",
    "subject_name": "Night shift",
    "permission": "code",
    "expires_at": "2026-06-01T00:00:00Z",
    "reason": "audit in May",
    "created_by": "usr_0c2k9fq7w3v5k",
    "created_at": "2026-05-02T09:00:00Z",
}
NEW_GRANT: dict[str, Any] = {
    "subject": "grp_0c2k9fq7w3m1x",
    "permission": "code",
    "expires_in_s": 2592000,
    "reason": "audit in May",
}
ELEVATED = GRANT | {
    "id": "grn_0c2k9fq7w3h2m",
    "permission": "seed",
    "expires_at": "2026-05-02T11:00:00Z",
    "reason": "new phone",
}
REQUEST: dict[str, Any] = {
    "id": REQUEST_ID,
    "token": "aws-prod",
    "token_id": "tok_0c2k9fq7w3t8k",
    "purpose": "read",
    "reason": "new phone",
    "state": "open",
    "requested_by": "lena@example.org",
    "created_at": "2026-05-02T09:00:00Z",
    "until": "2026-05-03T09:00:00Z",
    "decided_by": None,
    "decided_at": None,
    "used_at": None,
}
DECIDED = {"decided_by": "ada@example.org", "decided_at": "2026-05-02T09:05:00Z"}
APPROVED = REQUEST | DECIDED | {"state": "approved", "until": "2026-05-02T09:20:00Z"}
DENIED = REQUEST | DECIDED | {"state": "denied", "until": "2026-05-02T09:05:00Z"}
