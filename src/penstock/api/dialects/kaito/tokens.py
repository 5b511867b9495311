"""Kaito's endpoints for tokens: decode, call, encode. Source: surfaces/kaito.md 3."""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from penstock.api.shared.call import Answer, Call
from penstock.api.shared.routes import Routes
from penstock.api.shared.token_bodies import (
    SeedToRotate,
    ShownSeed,
    Title,
    TokenName,
    TokenToCreate,
    new_token,
    shown_seed,
)
from penstock.core.tokens.codes import CodeService
from penstock.core.tokens.models import ListedToken, TokenFilter, TokenPatch
from penstock.core.tokens.seeds import seed_from_text
from penstock.core.tokens.service import TokenService
from penstock.core.vault.keyring import wiped
from penstock.kit.clock import format_time
from penstock.kit.fields import converted, same_fields
from penstock.kit.ids import Prefix, encode
from penstock.kit.operation import Example
from penstock.kit.secret import hides

_PATH = {"token": "aws-prod"}
_BASE32 = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
"""That of the vectors in RFC 6238."""
EXAMPLE = {
    "id": "tok_0c2k9fq7w3t4n",
    "name": "aws-prod",
    "issuer": "AWS",
    "account": "root@example.org",
    "algorithm": "SHA1",
    "digits": 6,
    "period": 30,
    "groups": ["Operations"],
    "created_at": "2026-05-02T09:00:00Z",
    "updated_at": "2026-05-02T09:00:00Z",
}
_SHOWN = {
    "name": "aws-prod",
    "secret": _BASE32,
    "uri": f"otpauth://totp/AWS:root@example.org?secret={_BASE32}&issuer=AWS&algorithm=SHA1&digits=6&period=30",
    "algorithm": "SHA1",
    "digits": 6,
    "period": 30,
}


class KaitoToken(Struct, frozen=True):
    """A token in Kaito's format, without seed and code. `groups` are the names of those to which it is granted."""

    id: str
    name: str
    issuer: str
    account: str
    algorithm: str
    digits: int
    period: int
    groups: list[str]
    created_at: str
    updated_at: str


class KaitoTokenQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """A page of tokens. `search` is found in name, issuer, account and description."""

    search: Annotated[str, Meta(min_length=1, max_length=200)] | None = None
    limit: Annotated[int, Meta(ge=1, le=1000)] = 100
    cursor: Annotated[str, Meta(max_length=512)] | None = None


class KaitoTokenPatch(Struct, frozen=True, forbid_unknown_fields=True):
    """A change of a token: omitted fields are unchanged."""

    name: TokenName | UnsetType = UNSET
    issuer: Title | UnsetType = UNSET
    account: Title | UnsetType = UNSET


class KaitoCodeQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """With `consume` a code is returned to one call only."""

    consume: bool = False


@hides("code")
class KaitoCode(Struct, frozen=True):
    """A code, and for how many seconds it is valid."""

    code: str
    expires_in: int
    period: int


class KaitoTokenEndpoints:
    """Tokens in Kaito's format."""

    routes = Routes("/v1/tokens", surface="kaito", tag="Kaito")

    def __init__(self, tokens: TokenService, codes: CodeService) -> None:
        self._tokens = tokens
        self._codes = codes

    @routes.get(scope="tokens:read", example=Example(answer=[EXAMPLE]))
    async def list(self, call: Call[KaitoTokenQuery, None]) -> Answer[list[KaitoToken]]:
        """List tokens (Kaito).

        A bare array from A to Z, without seeds and codes; the cursor of the next page is in `X-Next-Cursor`.
        """
        query = call.query
        page = await self._tokens.list(call.actor, TokenFilter(text=query.search), query.limit, query.cursor)
        headers = [(b"x-next-cursor", page.next_cursor.encode())] if page.next_cursor else []
        return Answer(body=[from_core_token(one) for one in page.items], headers=headers)

    @routes.post(
        scope="tokens:write",
        status=201,
        refuses=(409, 429),
        example=Example(
            body={"name": "aws-prod", "secret": _BASE32}, answer=EXAMPLE | {"issuer": "", "account": "", "groups": []}
        ),
    )
    async def create(self, call: Call[None, TokenToCreate]) -> Answer[KaitoToken]:
        """Create a token (Kaito).

        From a secret in base32 or an `otpauth://` URI.
        """
        return Answer(body=from_core_token(ListedToken(await self._tokens.create(call.actor, new_token(call.body)))))

    @routes.get("/{token}", scope="tokens:read", example=Example(path=_PATH, answer=EXAMPLE))
    async def get(self, call: Call[None, None]) -> Answer[KaitoToken]:
        """Get a token (Kaito).

        Without seed and code.
        """
        return Answer(body=from_core_token(await self._tokens.get(call.actor, call.path["token"])))

    @routes.patch(
        "/{token}",
        scope="tokens:write",
        refuses=(409,),
        example=Example(path=_PATH, body={"issuer": "Amazon"}, answer=EXAMPLE | {"issuer": "Amazon"}),
    )
    async def update(self, call: Call[None, KaitoTokenPatch]) -> Answer[KaitoToken]:
        """Change a token (Kaito).

        Omitted fields are unchanged.
        """
        return Answer(body=from_core_token(await self._tokens.update(call.actor, call.path["token"], _to_core_patch(call.body))))

    @routes.delete("/{token}", scope="tokens:write", example=Example(path=_PATH))
    async def delete(self, call: Call[None, None]) -> None:
        """Delete a token (Kaito).

        Its seed and its grants are deleted with it.
        """
        await self._tokens.delete(call.actor, call.path["token"])

    @routes.get(
        "/{token}/code",
        scope="tokens:code",
        refuses=(409,),
        example=Example(path=_PATH, answer={"code": "497539", "expires_in": 26, "period": 30}),
    )
    async def code(self, call: Call[KaitoCodeQuery, None]) -> Answer[KaitoCode]:
        """Get the current code of a token (Kaito).

        Recorded in the audit log. With `consume` a code is returned to one call only; the others are rejected with 409, and
        `Retry-After` says when the next code begins.
        """
        found = await self._codes.current(call.actor, call.path["token"], consume=call.query.consume)
        return Answer(body=KaitoCode(found.code, found.expires_in_s, found.period_s))

    @routes.get("/{token}/seed", scope="tokens:seed", refuses=(403,), example=Example(path=_PATH, answer=_SHOWN))
    async def seed(self, call: Call[None, None]) -> Answer[ShownSeed]:
        """Show the seed of a token (Kaito).

        Flagged in the audit log.
        """
        found = await self._tokens.seed(call.actor, call.path["token"])
        with wiped(found.seed):
            return Answer(body=shown_seed(found, ShownSeed))

    @routes.post(
        "/{token}/seed/rotate",
        scope="tokens:seed",
        refuses=(403,),
        idempotent=False,
        example=Example(path=_PATH, body={"secret": None}, answer=_SHOWN),
    )
    async def rotate(self, call: Call[None, SeedToRotate]) -> Answer[ShownSeed]:
        """Replace the seed of a token (Kaito).

        By the secret in the body or a new random one, which the response shows. Flagged in the audit log.
        """
        seed = converted(call.body.secret, seed_from_text)
        found = await self._tokens.rotate(call.actor, call.path["token"], seed)
        with wiped(found.seed):
            return Answer(body=shown_seed(found, ShownSeed))


def _to_core_patch(patch: KaitoTokenPatch) -> TokenPatch:
    return TokenPatch(**same_fields(patch, TokenPatch))


def from_core_token(listed: ListedToken) -> KaitoToken:
    token = listed.token
    return KaitoToken(
        id=encode(Prefix.TOKEN, token.id),
        name=token.name,
        issuer=token.issuer,
        account=token.account,
        algorithm=token.algorithm,
        digits=token.digits,
        period=token.period_s,
        groups=[one.name for one in listed.groups],
        created_at=format_time(token.created_us),
        updated_at=format_time(token.updated_us),
    )
