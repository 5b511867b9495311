"""Message formats: how bodies are built, how they are signed, and what they require of an endpoint.

The `standard` format is Penstock's own (`standard.py`); a dialect may add its vendor's. An endpoint stores the name of its
format.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol, runtime_checkable

import msgspec

from penstock.core.devices.models import Device
from penstock.core.tenancy.models import Project
from penstock.core.webhooks.models import Endpoint, Event
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import WebhookMessageId

MAX_HEADERS = 16


class FormatTraits(msgspec.Struct, frozen=True, kw_only=True):
    """The properties of a format that the use cases need.

    `needs_device`: bodies describe the device, so it is looked up. `of_project`: its endpoints belong to a project, which can
    have at most `max_per_project`. `own_headers` are prefixes, in lower case, of the headers that the format sets; no endpoint of
    any format may set such a header.
    """

    signed: bool = True
    needs_device: bool = False
    of_project: bool = False
    readings_alone: bool = False
    has_payload_only: bool = False
    free_content_type: bool = False
    max_headers: int = MAX_HEADERS
    max_per_project: int | None = None
    own_headers: tuple[str, ...] = ()


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """The endpoint a message is sent to, and its device and project, each if the format needs it and the event has one."""

    endpoint: Endpoint
    message_id: WebhookMessageId
    device: Device | None = None
    project: Project | None = None


class WebhookFormat(Protocol):
    """A message format."""

    @property
    def name(self) -> str:
        """The name of the format, as stored and as in the native API."""

    @property
    def traits(self) -> FormatTraits:
        """The properties that the use cases need."""

    def body(self, event: Event, subject: Subject) -> bytes | None:
        """The body of a message; None if the format has no message for this event."""

    def check_secret(self, secret: str, field: str) -> None:
        """Check a secret that a user supplies.

        Raises:
            InvalidInput: it is too short, or not in the form that the format requires; or messages are not signed.
        """

    def signature(self, signing: Sequence[str], message_id: str, body: bytes, now_s: int) -> list[tuple[str, str]]:
        """The headers that prove the origin of a message. `signing` are the secret and, after a rotation, the previous one."""


@runtime_checkable
class BatchingFormat(WebhookFormat, Protocol):
    """A format that can combine several readings in one message."""

    def batch(self, message_id: WebhookMessageId, at_us: int, readings: Sequence[bytes]) -> bytes:
        """The body of a message with several readings, in the order of the log."""


class WebhookFormats:
    """All formats by name.

    Raises:
        ValueError: two formats have the same name.
    """

    def __init__(self, formats: Iterable[WebhookFormat]) -> None:
        self._by_name: dict[str, WebhookFormat] = {}
        for form in formats:
            if form.name in self._by_name:
                raise ValueError(f"webhook format {form.name} must not be defined twice")
            self._by_name[form.name] = form
        self.own_headers = tuple(prefix for form in self for prefix in form.traits.own_headers)

    def __iter__(self) -> Iterator[WebhookFormat]:
        return iter(self._by_name.values())

    def find(self, name: str) -> WebhookFormat | None:
        """The format with this name. A stored endpoint may have one whose dialect was removed."""
        return self._by_name.get(name)

    def get(self, name: str) -> WebhookFormat:
        """The format with this name.

        Raises:
            InvalidInput: no format has this name.
        """
        found = self.find(name)
        if found is None:
            raise InvalidInput.field("format", f"must be one of {', '.join(self._by_name)}")
        return found
