"""What a format of messages is: how bodies look, how they are signed, and what it asks of an endpoint.

The `standard` format is ours (`standard.py`); a dialect may add that of its vendor. An endpoint holds the name of its format.
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
    """What the use cases need to know of a format.

    `needs_device`: bodies describe the device, so that it is looked up.
    `of_project`: its endpoints belong to a project, of which there may be `max_per_project`. `own_headers` are prefixes of
    the headers that it sets, in lower case; no endpoint may set such a header, whatever its format.
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
    """The endpoint a message is for, and its device and project, each if the format needs it and the event has one."""

    endpoint: Endpoint
    message_id: WebhookMessageId
    device: Device | None = None
    project: Project | None = None


class WebhookFormat(Protocol):
    """A format of messages."""

    @property
    def name(self) -> str:
        """The word for it, as stored and as in the native API."""

    @property
    def traits(self) -> FormatTraits:
        """What the use cases need to know."""

    def body(self, event: Event, subject: Subject) -> bytes | None:
        """The body of a message; None if the format has no message for this event."""

    def check_secret(self, secret: str, field: str) -> None:
        """Check a secret that a user supplies.

        Raises:
            InvalidInput: it is too short, or not written as the format wants it; or messages are not signed.
        """

    def signature(self, signing: Sequence[str], message_id: str, body: bytes, now_s: int) -> list[tuple[str, str]]:
        """The headers that prove where a message is from. `signing` are the secret and, for a while, the one before it."""


@runtime_checkable
class BatchingFormat(WebhookFormat, Protocol):
    """A format that has a form for several readings at once."""

    def batch(self, message_id: WebhookMessageId, at_us: int, readings: Sequence[bytes]) -> bytes:
        """The body of a message with several readings, in the order of the log."""


class WebhookFormats:
    """All formats by name.

    Raises:
        ValueError: two have the same name.
    """

    def __init__(self, formats: Iterable[WebhookFormat]) -> None:
        self._by_name: dict[str, WebhookFormat] = {}
        for form in formats:
            if form.name in self._by_name:
                raise ValueError(f"two webhook formats are called {form.name}")
            self._by_name[form.name] = form
        self.own_headers = tuple(prefix for form in self for prefix in form.traits.own_headers)

    def __iter__(self) -> Iterator[WebhookFormat]:
        return iter(self._by_name.values())

    def find(self, name: str) -> WebhookFormat | None:
        """The format with this name. A stored endpoint may have one whose dialect was deleted."""
        return self._by_name.get(name)

    def get(self, name: str) -> WebhookFormat:
        """The format with this name.

        Raises:
            InvalidInput: none.
        """
        found = self.find(name)
        if found is None:
            raise InvalidInput.field("format", f"no such webhook format: {name[:64]}", "unknown")
        return found
