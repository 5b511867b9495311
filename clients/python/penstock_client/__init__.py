"""A typed client of Penstock.

    from penstock_client import Client

    with Client("https://iot.example.org", api_key) as client:
        for device in client.devices.list(q="cold room"):
            print(device["name"], client.telemetry.latest(device["id"])["data"])

`AsyncClient` has the same resources and methods. `penstock_client.types` has the types of bodies and answers, and
`penstock_client.webhooks` verifies what the server sends.
"""

from ._answers import Answer, etag_of, request_id_of
from ._client import AsyncClient, Client
from ._downloads import AsyncDownload, Download
from ._pages import AsyncPages, Page, Pages
from ._request import UNSET, Retries, Unset
from .batches import AsyncBatch, Batch, RejectedRow
from .errors import (
    ApiError,
    ConfigurationInvalid,
    Conflict,
    ConnectionFailed,
    Forbidden,
    IdempotencyMismatch,
    InvalidField,
    NotFound,
    PenstockError,
    PreconditionFailed,
    RateLimited,
    ServerError,
    TimedOut,
    TooLarge,
    Unauthenticated,
    Unavailable,
    ValidationFailed,
)
from .streams import AsyncEventStream, Event, EventStream

__version__ = "1.0.0"
__all__ = [
    "UNSET",
    "Answer",
    "ApiError",
    "AsyncBatch",
    "AsyncClient",
    "AsyncDownload",
    "AsyncEventStream",
    "AsyncPages",
    "Batch",
    "Client",
    "ConfigurationInvalid",
    "Conflict",
    "ConnectionFailed",
    "Download",
    "Event",
    "EventStream",
    "Forbidden",
    "IdempotencyMismatch",
    "InvalidField",
    "NotFound",
    "Page",
    "Pages",
    "PenstockError",
    "PreconditionFailed",
    "RateLimited",
    "RejectedRow",
    "Retries",
    "ServerError",
    "TimedOut",
    "TooLarge",
    "Unauthenticated",
    "Unavailable",
    "Unset",
    "ValidationFailed",
    "__version__",
    "etag_of",
    "request_id_of",
]
