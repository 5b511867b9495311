"""Kaito's endpoints for bringing tokens in: decode, call, encode. Paths and bodies are Penstock's; the vendor documents none."""

from __future__ import annotations

from msgspec import Struct

from penstock.api.dialects.kaito.tokens import EXAMPLE, KaitoToken, from_core_token
from penstock.api.shared.call import Answer, Call
from penstock.api.shared.routes import Routes
from penstock.api.shared.token_bodies import TokenName
from penstock.api.shared.token_transfers import (
    EXAMPLE_PICTURE,
    MAX_IMPORT_BODY_BYTES,
    MAX_PICTURE_BODY_BYTES,
    PICTURE_TYPES,
    ImportedToken,
    TokenFile,
    TokenPicture,
    from_core_entries,
    to_core_import,
)
from penstock.core.tokens.models import ListedToken
from penstock.core.tokens.transfer import TokenImports
from penstock.kit.operation import Example

_URI = "otpauth://totp/AWS:root@example.org?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=AWS"
_ENTRY = {"position": 1, "name": "aws-root", "issuer": "AWS", "account": "root@example.org", "outcome": "created", "reason": ""}


class EnrolQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """The name of the token; without it, one is made of issuer and account, with a number if it exists."""

    name: TokenName | None = None


class KaitoTokenTransferEndpoints:
    """Imports of tokens in Kaito's format."""

    routes = Routes("/v1/tokens", surface="kaito", tag="Kaito")

    def __init__(self, imports: TokenImports) -> None:
        self._imports = imports

    @routes.post(
        "/qr",
        scope="tokens:write",
        status=201,
        body_types=PICTURE_TYPES,
        max_body_bytes=MAX_PICTURE_BODY_BYTES,
        refuses=(409, 429),
        example=Example(body={"picture": EXAMPLE_PICTURE}, answer=EXAMPLE | {"name": "aws-root", "groups": []}),
    )
    async def enrol(self, call: Call[EnrolQuery, TokenPicture]) -> Answer[KaitoToken]:
        """Create a token from a picture of its QR code (Kaito).

        A PNG or JPEG of at most 1 MiB and 16 million pixels, sent as it is or in base64.
        """
        token = await self._imports.enrol(call.actor, call.body.picture, call.query.name)
        return Answer(body=from_core_token(ListedToken(token)))

    @routes.post(
        "/import",
        scope="tokens:write",
        max_body_bytes=MAX_IMPORT_BODY_BYTES,
        refuses=(429,),
        example=Example(body={"format": "otpauth", "content": _URI}, answer=[_ENTRY]),
    )
    async def import_tokens(self, call: Call[None, TokenFile]) -> Answer[list[ImportedToken]]:
        """Import tokens from a file (Kaito).

        A bare array with the outcome of each entry. All tokens are created together, or none; with `dry_run` nothing is.
        """
        return Answer(body=from_core_entries(await self._imports.import_file(call.actor, to_core_import(call.body))))
