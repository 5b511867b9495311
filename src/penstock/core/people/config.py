"""Settings of people."""

from __future__ import annotations

import msgspec


class PeopleConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Lifetimes, and the number of free attempts.

    Units: seconds, attempts, characters. `issuer` is the tokens' `iss`; `app_url` is the base of links in mails, empty for none.
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
