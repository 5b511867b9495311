"""Tokens over the native API."""

from __future__ import annotations

from penstock.api.shared.call import Call
from penstock.api.shared.routes import Routes
from penstock.api.shared.token_bodies import SeedToRotate, new_token, shown_seed
from penstock.api.v2.tokens import wire
from penstock.api.v2.tokens.examples import CODE, NEW_TOKEN, SHOWN, TOKEN, TOKEN_PATH
from penstock.api.v2.tokens.translate import from_core, from_core_code, to_core_filter, to_core_patch
from penstock.api.v2.wire import ListOf
from penstock.core.tokens.codes import CodeService
from penstock.core.tokens.models import ListedToken, TokenSort
from penstock.core.tokens.seeds import seed_from_text
from penstock.core.tokens.service import TokenService
from penstock.core.vault.keyring import wiped
from penstock.kit.fields import converted
from penstock.kit.operation import Example

READ, WRITE, CODES, SEEDS = "tokens:read", "tokens:write", "tokens:code", "tokens:seed"


class TokenEndpoints:
    """Create, list, change and delete tokens; get their codes, and show and replace their seeds."""

    routes = Routes("/api/v2/tokens", surface="v2", tag="Tokens")

    def __init__(self, tokens: TokenService, codes: CodeService) -> None:
        self._tokens = tokens
        self._codes = codes

    @routes.get(scope=READ, example=Example(query={"limit": "2"}, answer={"data": [TOKEN], "next_cursor": None}))
    async def list(self, call: Call[wire.TokenQuery, None]) -> ListOf[wire.Token]:
        """List tokens.

        By default from A to Z, without seeds and codes. A member sees those that are granted to them.
        """
        query = call.query
        page = await self._tokens.list(call.actor, to_core_filter(query), query.limit, query.cursor, TokenSort(query.sort))
        return ListOf([from_core(one) for one in page.items], page.next_cursor)

    @routes.post(scope=WRITE, status=201, refuses=(409, 429), example=Example(body=NEW_TOKEN, answer=TOKEN | {"groups": []}))
    async def create(self, call: Call[None, wire.TokenCreate]) -> wire.Token:
        """Create a token.

        From a secret in base32, as services show it below their QR code, or from an `otpauth://` URI. The secret is encrypted.
        """
        return from_core(ListedToken(await self._tokens.create(call.actor, new_token(call.body))))

    @routes.get("/{token}", scope=READ, example=Example(path=TOKEN_PATH, answer=TOKEN))
    async def get(self, call: Call[None, None]) -> wire.Token:
        """Get a token.

        By its name or id, without seed and code.
        """
        return from_core(await self._tokens.get(call.actor, call.path["token"]))

    @routes.patch(
        "/{token}",
        scope=WRITE,
        refuses=(409,),
        example=Example(path=TOKEN_PATH, body={"description": "Root account"}, answer=TOKEN | {"description": "Root account"}),
    )
    async def update(self, call: Call[None, wire.TokenPatch]) -> wire.Token:
        """Change a token.

        Omitted fields are unchanged. Algorithm, digits and period belong to the seed: create another token instead.
        """
        return from_core(await self._tokens.update(call.actor, call.path["token"], to_core_patch(call.body)))

    @routes.delete("/{token}", scope=WRITE, example=Example(path=TOKEN_PATH))
    async def delete(self, call: Call[None, None]) -> None:
        """Delete a token.

        Its seed and its grants are deleted with it.
        """
        await self._tokens.delete(call.actor, call.path["token"])

    @routes.get(
        "/{token}/code",
        scope=CODES,
        refuses=(409,),
        example=Example(path=TOKEN_PATH, answer=CODE),
    )
    async def code(self, call: Call[wire.CodeQuery, None]) -> wire.Code:
        """Get the current code of a token.

        Each call is recorded in the audit log before it is answered. With `consume` a code is returned to one call only, so that
        two pipelines never send the same one: the others are rejected with 409, and `Retry-After` says when the next code
        begins. A call without it returns the code in any case.
        """
        return from_core_code(await self._codes.current(call.actor, call.path["token"], consume=call.query.consume))

    @routes.get("/{token}/seed", scope=SEEDS, refuses=(403,), example=Example(path=TOKEN_PATH, answer=SHOWN))
    async def seed(self, call: Call[None, None]) -> wire.TokenSeed:
        """Show the seed of a token.

        The entry in the audit log is flagged. A grant for codes only is not sufficient.
        """
        found = await self._tokens.seed(call.actor, call.path["token"])
        with wiped(found.seed):
            return shown_seed(found, wire.TokenSeed)

    @routes.post(
        "/{token}/seed/rotate",
        scope=SEEDS,
        refuses=(403,),
        idempotent=False,
        example=Example(path=TOKEN_PATH, body={"secret": None}, answer=SHOWN),
    )
    async def rotate(self, call: Call[None, SeedToRotate]) -> wire.TokenSeed:
        """Replace the seed of a token.

        By the secret in the body, which the service shows, or by a new random one. The response shows it. The mark that says that
        the seed should be replaced is removed. The entry in the audit log is flagged. The response is not stored, so an
        `Idempotency-Key` has no effect: a repeated call replaces the seed again.
        """
        seed = converted(call.body.secret, seed_from_text)
        found = await self._tokens.rotate(call.actor, call.path["token"], seed)
        with wiped(found.seed):
            return shown_seed(found, wire.TokenSeed)
