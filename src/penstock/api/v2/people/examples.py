"""Examples of users for the documentation."""

from __future__ import annotations

from typing import Any

USER_PATH = {"user_id": "usr_0c2k9fq7w3u4d"}
GROUP_PATH = {"group_id": "grp_0c2k9fq7w3g6d"}
INVITATION_PATH = {"invitation_id": "inv_0c2k9fq7w3n8d"}
MEMBER = {
    "user_id": "usr_0c2k9fq7w3u4d",
    "email": "ada@example.org",
    "name": "Ada",
    "role": "member",
    "mfa": True,
    "joined_at": "2026-04-14T06:00:00Z",
}
GROUP = {"id": "grp_0c2k9fq7w3g6d", "name": "Night shift", "members": 2, "created_at": "2026-04-14T06:00:00Z"}
INVITATION = {
    "id": "inv_0c2k9fq7w3n8d",
    "email": "grace@example.org",
    "role": "member",
    "status": "pending",
    "invited_by": "ada@example.org",
    "created_at": "2026-05-02T09:15:04Z",
    "sent_at": "2026-05-02T09:15:04Z",
    "expires_at": "2026-05-09T09:15:04Z",
    "accepted_at": None,
}
SETTINGS = {"id": "org_0c2k9fq7w3a0d", "name": "North Pumps", "plan": "enterprise", "require_mfa": False}
PROFILE: dict[str, Any] = {
    "user_id": "usr_0c2k9fq7w3u4d",
    "email": "ada@example.org",
    "name": "Ada",
    "role": "owner",
    "mfa": True,
    "recovery_codes_left": 10,
    "created_at": "2026-04-14T06:00:00Z",
    "memberships": [
        {
            "organization_id": "org_0c2k9fq7w3a0d",
            "organization_name": "North Pumps",
            "role": "owner",
            "suspended": False,
            "require_mfa": False,
            "joined_at": "2026-04-14T06:00:00Z",
        }
    ],
    "operator": False,
}
SESSION = {
    "id": "ses_0c2k9fq7w3s5d",
    "user_id": "usr_0c2k9fq7w3u4d",
    "current": True,
    "methods": ["pwd", "otp"],
    "address": "192.0.2.7",
    "user_agent": "Mozilla/5.0",
    "created_at": "2026-05-02T09:15:04Z",
    "last_used_at": "2026-05-02T09:15:04Z",
    "expires_at": "2026-07-31T09:15:04Z",
}
TOKENS = {
    "mfa_required": False,
    "access_token": "eyJhbGciOiJFZERTQSIsImtpZCI6Ii4uLiIsInR5cCI6IkpXVCJ9.e30.c2ln",
    "token_type": "Bearer",
    "expires_in": 900,
    "refresh_token": "prt_Q2mXo8vYt1Lk5RzB7NcWd3EpGh9Js60AfUixTe",
    "session_id": "ses_0c2k9fq7w3s5d",
    "organization_id": "org_0c2k9fq7w3a0d",
    "user_id": "usr_0c2k9fq7w3u4d",
    "role": "owner",
    "enrolment_required": False,
    "mfa_token": None,
}
