"""Settings of outgoing mail."""

from __future__ import annotations

from typing import Literal

import msgspec

from penstock.kit.secret import hides


@hides("password")
class MailConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The server that accepts outgoing mail. Without a host, mail is written into a folder.

    Units: seconds.
    """

    host: str
    port: int
    tls: Literal["none", "starttls", "implicit"]
    user: str
    password: str
    sender: str
    timeout_s: float
    ca_file: str
