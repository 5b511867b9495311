"""The OpenAPI document, made from the table of operations.

`document` puts it together, `schemas` turns wire structs into JSON Schema, `parameters` and `responses` do what goes into
and comes out of an operation, `words` holds the prose. It knows no endpoint and no dialect: surfaces come in as rules.
"""

from penstock.api.shared.openapi.document import openapi_document

__all__ = ["openapi_document"]
