"""Examples of tokens for the documentation."""

from __future__ import annotations

from typing import Any

TOKEN_PATH = {"token": "aws-prod"}
_BASE32 = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
"""That of the vectors in RFC 6238."""
NEW_TOKEN: dict[str, Any] = {"name": "aws-prod", "secret": _BASE32, "issuer": "AWS", "account": "root@example.org"}
TOKEN: dict[str, Any] = {
    "id": "tok_0c2k9fq7w3t4n",
    "name": "aws-prod",
    "issuer": "AWS",
    "account": "root@example.org",
    "description": "",
    "algorithm": "SHA1",
    "digits": 6,
    "period_s": 30,
    "four_eyes": False,
    "rotate_reason": None,
    "groups": [{"id": "grp_0c2k9fq7w3g1p", "name": "Operations"}],
    "created_by": "usr_0c2k9fq7w3u4d",
    "created_at": "2026-05-02T09:00:00Z",
    "updated_at": "2026-05-02T09:00:00Z",
}
CODE = {"code": "497539", "expires_in_s": 26, "period_s": 30}
SHOWN = {
    "name": "aws-prod",
    "secret": _BASE32,
    "uri": f"otpauth://totp/AWS:root@example.org?secret={_BASE32}&issuer=AWS&algorithm=SHA1&digits=6&period=30",
    "algorithm": "SHA1",
    "digits": 6,
    "period_s": 30,
}
