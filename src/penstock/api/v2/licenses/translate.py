"""Converts licences between wire structs and core models."""

from __future__ import annotations

from penstock.api.v2.licenses.wire import License
from penstock.core.licenses.models import License as CoreLicense
from penstock.kit.clock import format_time
from penstock.kit.ids import Prefix, encode


def from_core_license(licence: CoreLicense) -> License:
    return License(
        id=licence.id,
        project_id=encode(Prefix.PROJECT, licence.project_id),
        status=licence.status.value,
        device_id=None if licence.device_id is None else encode(Prefix.DEVICE, licence.device_id),
        created_at=format_time(licence.created_us),
    )
