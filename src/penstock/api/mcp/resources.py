"""Resources: devices and dashboards as JSON, and the documentation of the API.

Addresses: `penstock://devices/{id}`, `penstock://dashboards/{id}`, `penstock://docs/{name}`.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from penstock.api.mcp.answers import MAX_CHARS, cut, error_text, text_of
from penstock.api.mcp.calling import ApiCalls
from penstock.api.mcp.catalogue import Catalogue
from penstock.api.mcp.errors import ResourceUnknown
from penstock.api.shared.in_process import ApiAnswer, encode_query

SCHEME = "penstock://"
DOCS = "docs"
OPENAPI = "openapi.json"
JSON, MARKDOWN = "application/json", "text/markdown"
ITEMS = 50
"""How many things of a kind one page of the list has."""
KINDS = {"devices": "Devices", "dashboards": "Dashboards"}
"""The nouns whose things are resources: each has `/api/v2/<noun>` and `/api/v2/<noun>/{id}`, and its things have names."""
_ADDRESS = re.compile(rf"{SCHEME}(\w+)/([A-Za-z0-9._-]{{1,64}})")
_END = "-"
"""In a cursor: a kind of which everything was listed."""


class ResourceFailed(Exception):
    """The API rejected a call for resources. Its text is that of the API's error, for the assistant."""


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """A resource in the list."""

    uri: str
    name: str
    about: str
    media_type: str


class ListedPage(msgspec.Struct, frozen=True, kw_only=True):
    """A page of the list of resources. `next_cursor` is None on the last one."""

    resources: list[Listed]
    next_cursor: str | None


class Content(msgspec.Struct, frozen=True, kw_only=True):
    """The content of a resource."""

    text: str
    media_type: str


async def list_resources(catalogue: Catalogue, calls: ApiCalls, cursor: str | None) -> ListedPage:
    """A page of the list: first the documentation and the first things of each kind, then more of those.

    Raises:
        ResourceFailed: the API rejected a call, such as for an invalid cursor.
    """
    found = [] if cursor else _documents(catalogue)
    # The cursor has that of each kind, in order.
    given = cursor.split(",") if cursor else [""] * len(KINDS)
    if len(given) != len(KINDS):
        raise ResourceFailed("the cursor is not one of this list")
    allowed = await calls.allowed()
    following = []
    for kind, place in zip(KINDS, given, strict=True):
        tool = catalogue.tools.get(f"{kind.removesuffix('s')}_list")
        if place == _END or tool is None or not allowed(tool.operation):
            following.append(_END)
            continue
        query = encode_query({"limit": str(ITEMS), "cursor": place or None})
        answer = await calls.call("GET", f"/api/v2/{kind}", query)
        page = _value(answer)
        found += [_thing(kind, one) for one in page["data"]]
        following.append(page["next_cursor"] or _END)
    more = any(place != _END for place in following)
    return ListedPage(resources=found, next_cursor=",".join(following) if more else None)


async def read_resource(catalogue: Catalogue, calls: ApiCalls, uri: str) -> Content:
    """The content of a resource.

    Raises:
        ResourceUnknown: no resource has this address.
        ResourceFailed: the API rejected the call.
    """
    found = _ADDRESS.fullmatch(uri)
    kind, name = found.groups() if found else ("", "")
    if kind == DOCS and name == OPENAPI:
        answer = await calls.call("GET", f"/{OPENAPI}")
        return Content(text=_text(answer, len(answer.body)), media_type=JSON)  # whole: half a document is none
    if kind == DOCS and name in catalogue.pages:
        return Content(text=cut(catalogue.pages[name].text, MAX_CHARS), media_type=MARKDOWN)
    if kind in KINDS:
        return Content(text=_text(await calls.call("GET", f"/api/v2/{kind}/{name}")), media_type=JSON)
    raise ResourceUnknown(uri=uri[:200])


def _documents(catalogue: Catalogue) -> list[Listed]:
    document = Listed(
        uri=f"{SCHEME}{DOCS}/{OPENAPI}", name="OpenAPI document", about="The whole API; very large.", media_type=JSON
    )
    pages = [
        Listed(uri=f"{SCHEME}{DOCS}/{name}", name=f"API: {page.title}", about=page.about, media_type=MARKDOWN)
        for name, page in catalogue.pages.items()
    ]
    return [*pages, document]


def _thing(kind: str, value: dict[str, Any]) -> Listed:
    about = value.get("description") or KINDS[kind].removesuffix("s")
    return Listed(uri=f"{SCHEME}{kind}/{value['id']}", name=value["name"], about=about, media_type=JSON)


def _text(answer: ApiAnswer, most: int = MAX_CHARS) -> str:
    if not answer.ok:
        raise ResourceFailed(error_text(answer))
    return text_of(answer, most=most)


def _value(answer: ApiAnswer) -> Any:
    if not answer.ok:
        raise ResourceFailed(error_text(answer))
    return answer.value
