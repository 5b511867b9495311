"""The OpenAPI document, generated from the table of operations.

`document` assembles it, `schemas` converts wire structs to JSON Schema, `parameters` and `responses` describe the input and
output of an operation, `words` contains the prose. It depends on no endpoint and no dialect: surfaces are passed in as rules.
"""

from penstock.api.shared.openapi.document import openapi_document

__all__ = ["openapi_document"]
