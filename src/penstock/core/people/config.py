"""Settings of people."""

from __future__ import annotations

import msgspec


class PeopleConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long things last, and how many attempts are free.

    Units: seconds, attempts, characters. `issuer` is the tokens' `iss`; `app_url` is where links in mails lead, empty for none.
    """

    issuer: str
    app_url: str
    access_token_s: int
    refresh_token_s: int
    session_s: int
    challenge_s: int
    invitation_s: int
    reset_token_s: int
    signing_key_s: int
    min_password_length: int
    attempts_per_account: int
    attempts_per_address: int
    max_wait_s: int
