"""Iottly's webhook messages: a reading of a project in the vendor's envelope, or its payload alone; not signed.

The dates of the envelope are strings without a zone.
"""

from __future__ import annotations

from collections.abc import Sequence

from penstock.api.dialects.iottly.names import device_name
from penstock.api.dialects.iottly.translate import from_core_page
from penstock.api.dialects.iottly.wire import encode
from penstock.core.devices.models import Device
from penstock.core.telemetry.models import Reading
from penstock.core.tenancy.models import Project
from penstock.core.webhooks.formats import FormatTraits, Subject
from penstock.core.webhooks.models import Event
from penstock.core.webhooks.topics import TEST
from penstock.kit.errors import InvalidInput

MAX_PER_PROJECT = 5
MAX_HEADERS = 5


class IottlyFormat:
    """Implements `WebhookFormat`."""

    name = "iottly"
    traits = FormatTraits(
        signed=False,
        needs_device=True,
        of_project=True,
        readings_alone=True,
        has_payload_only=True,
        free_content_type=True,
        max_headers=MAX_HEADERS,
        max_per_project=MAX_PER_PROJECT,
    )

    def body(self, event: Event, subject: Subject) -> bytes | None:
        """The envelope as `msg`, or the payload alone. A test message is the same in all formats."""
        if event.topic == TEST:
            return event.data
        reading, device, project = event.reading, subject.device, subject.project
        if reading is None or device is None or project is None:
            return None
        if subject.endpoint.options.payload_only:
            return reading.payload
        return b'{"msg": ' + _envelope(reading, device, project) + b"}"

    def check_secret(self, secret: str, field: str) -> None:
        """This format has no secret."""
        raise InvalidInput.field(field, "messages of this format are not signed")

    def signature(self, signing: Sequence[str], message_id: str, body: bytes, now_s: int) -> list[tuple[str, str]]:
        """None."""
        return []


def _envelope(reading: Reading, device: Device, project: Project) -> bytes:
    """A reading as a message of a project: JSON."""
    return encode(from_core_page([reading], device_name(device), project.alias).messages[0])
