"""Settings of people."""

from __future__ import annotations

from typing import Annotated

import msgspec

from penstock.kit.bounds import Count, LongText, ShortText, WholeSeconds, WholeSecondsFromZero


class PeopleConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Lifetimes, and the number of free attempts.

    Units: seconds, attempts, characters, and invitations per organisation. `issuer` is the tokens' `iss`; `app_url` is the base
    of links in mails, empty for none.
    """

    issuer: ShortText
    app_url: LongText
    access_token_s: WholeSeconds
    refresh_token_s: WholeSeconds
    session_s: WholeSeconds
    challenge_s: WholeSeconds
    invitation_s: WholeSeconds
    invitations_per_day: Count
    reset_token_s: WholeSeconds
    signing_key_s: WholeSeconds
    min_password_length: Annotated[int, msgspec.Meta(ge=8, le=256)]
    attempts_per_account: Count
    attempts_per_address: Count
    max_wait_s: WholeSecondsFromZero
