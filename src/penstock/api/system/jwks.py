"""The public keys of users' access tokens, for programs that verify them."""

from __future__ import annotations

from msgspec import Struct

from penstock.api.shared.call import Answer, Call
from penstock.api.shared.routes import Routes
from penstock.core.people.signing import SigningKeys
from penstock.kit.operation import Example


class JwkSet(Struct, frozen=True):
    """JSON Web Keys, newest first. Source: RFC 7517, 8037."""

    keys: list[dict[str, str]]


class JwksEndpoints:
    """The published keys."""

    routes = Routes("/.well-known/jwks.json", surface="system", tag="System")

    def __init__(self, keys: SigningKeys) -> None:
        self._keys = keys

    @routes.get(
        scope=None,
        example=Example(
            answer={
                "keys": [
                    {
                        "kty": "OKP",
                        "crv": "Ed25519",
                        "use": "sig",
                        "alg": "EdDSA",
                        "kid": "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k",
                        "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
                    }
                ]
            }
        ),
    )
    async def jwks(self, call: Call[None, None]) -> Answer[JwkSet]:
        """Get the public keys of users' access tokens.

        A key is published before it signs the first token, and until the last token that it signed has expired.
        """
        keys = await self._keys.published()
        # Verifiers can cache the keys, because a key is published before it signs the first token.
        return Answer(body=JwkSet(keys), headers=[(b"cache-control", b"public, max-age=300")])
