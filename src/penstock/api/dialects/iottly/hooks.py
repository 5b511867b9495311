"""The envelope in which Iottly's webhooks carry a message. Its dates are strings without a zone."""

from __future__ import annotations

from penstock.api.dialects.iottly.names import device_name
from penstock.api.dialects.iottly.translate import from_core_page
from penstock.api.dialects.iottly.wire import encode
from penstock.core.devices.models import Device
from penstock.core.telemetry.models import Reading
from penstock.core.tenancy.models import Project


def envelope(reading: Reading, device: Device, project: Project) -> bytes:
    """A reading as a message of a project: JSON."""
    return encode(from_core_page([reading], device_name(device), project.alias).messages[0])
