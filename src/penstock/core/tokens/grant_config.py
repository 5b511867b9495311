"""Settings of grants of tokens, and of approvals by a second person."""

from __future__ import annotations

from typing import Annotated

import msgspec

from penstock.kit.bounds import Seconds, WholeSeconds


class GrantsConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long elevations, requests and approvals last, and how often ended grants are removed. Units: seconds."""

    max_elevation_s: Annotated[int, msgspec.Meta(ge=60, le=31_536_000)]
    request_s: WholeSeconds
    approval_s: WholeSeconds
    interval_s: Seconds
