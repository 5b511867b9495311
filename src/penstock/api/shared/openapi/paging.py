"""How a list continues, in the two extensions that generators of clients know.

OpenAPI has no word for pages. Of the extensions that describe a cursor which goes from a field of the response into a parameter
of the next request, two are documented by those who read them; each is read by one generator, so an operation has both.
Source: speakeasy.com/docs/customize-sdks/pagination, buildwithfern.com/learn/api-definitions/openapi/extensions/pagination.
"""

from __future__ import annotations

from typing import Any

import msgspec
import msgspec.inspect as mi

from penstock.kit.operation import Operation

_CURSOR, _NEXT, _ITEMS = "cursor", "next_cursor", "data"


def pagination(operation: Operation) -> dict[str, Any]:
    """The extensions of an operation whose query has a cursor, and whose answer is a page; empty for every other."""
    if not (_is_continued(operation) and _is_page(operation.answer)):
        return {}
    return {
        "x-speakeasy-pagination": {
            "type": "cursor",
            "inputs": [{"name": _CURSOR, "in": "parameters", "type": "cursor"}],
            "outputs": {"nextCursor": f"$.{_NEXT}", "results": f"$.{_ITEMS}"},
        },
        "x-fern-pagination": {
            "cursor": f"$request.{_CURSOR}",
            "next_cursor": f"$response.{_NEXT}",
            "results": f"$response.{_ITEMS}",
        },
    }


def _is_continued(operation: Operation) -> bool:
    query = operation.query
    return query is not None and any(field.encode_name == _CURSOR for field in msgspec.structs.fields(query))


def _is_page(answer: Any) -> bool:
    found = mi.type_info(answer) if answer is not None else None
    if not isinstance(found, mi.StructType):
        return False
    fields = {field.encode_name: field.type for field in found.fields}
    return _NEXT in fields and isinstance(fields.get(_ITEMS), mi.CollectionType)
