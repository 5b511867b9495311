"""Settings of outgoing mail."""

from __future__ import annotations

from typing import Literal

import msgspec

from penstock.kit.bounds import LongText, RemotePort, Seconds, ShortText
from penstock.kit.secret import hides


@hides("password")
class MailConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The server that accepts outgoing mail. Without a host, mail is written into a folder.

    Units: seconds.
    """

    host: ShortText
    port: RemotePort
    tls: Literal["none", "starttls", "implicit"]
    user: ShortText
    password: LongText
    sender: ShortText
    timeout_s: Seconds
    ca_file: LongText
