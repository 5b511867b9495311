"""One call of a service as it came in, whichever protocol carried it."""

from __future__ import annotations

from urllib.parse import unquote

import msgspec

from penstock.api.shared.in_process import CONDITION_HEADERS, CREDENTIAL_HEADERS, ORIGIN_HEADERS
from penstock.core.telemetry.chains import CHAIN_FIELD
from penstock.kit.http import Headers, Scope
from penstock.kit.request_id import new_request_id
from penstock.kit.secret import hides

PASSED_ON = CREDENTIAL_HEADERS | CONDITION_HEADERS | ORIGIN_HEADERS | {CHAIN_FIELD, b"accept-language"}
"""The metadata that says something to the API; names are in lower case."""


@hides("headers")
class Exchange(msgspec.Struct, kw_only=True):
    """A call: its metadata and its peer, and what it is answered with besides messages.

    `trailers` are for the end of the call, such as what is left of the caller's limits.
    """

    headers: Headers
    client: tuple[str, int] | None
    request_id: str = msgspec.field(default_factory=new_request_id)
    trailers: Headers = []

    def scope(
        self, method: str, path: str, *, query: str = "", params: dict[str, str] | None = None, more: Headers | None = None
    ) -> Scope:
        """The request of HTTP that says the same. `path` and `query` are encoded; `params` are those of the path."""
        return {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "2",
            "scheme": "http",
            "client": self.client,
            "server": None,
            "method": method,
            "path": unquote(path),
            "raw_path": path.encode(),
            "root_path": "",
            "path_params": params or {},
            "query_string": query.encode(),
            "headers": [*self.headers, *more] if more else self.headers,
            "extensions": {},
            "penstock.request_id": self.request_id,
        }
