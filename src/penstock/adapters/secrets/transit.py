"""A master key in the transit engine of HashiCorp Vault or OpenBao, which never leaves it.

Source: developer.hashicorp.com/vault/api-docs/secret/transit (`encrypt`, `decrypt`, `keys/:name/rotate`, `keys/:name/config`).
The bond is the `associated_data`, which both authenticate. To wrap again, a key is decrypted and encrypted: `rewrap` takes no
associated data.

The operator sets the address, so that it may be a private one, and it is called without the guard for users' addresses.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import re
import ssl
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from penstock.core.vault.config import TransitConfig
from penstock.core.vault.errors import MasterKeyUnreachable, MasterKeyWrong, VaultMisconfigured
from penstock.core.vault.models import WrappedKey
from penstock.kit.clock import Clock

if TYPE_CHECKING:
    import httpx

T = TypeVar("T")
CIPHERTEXT = re.compile(r"vault:v(\d{1,9}):[A-Za-z0-9+/=]+", re.ASCII)
REFRESH_S = 60.0
"""How often the engine is asked for its newest version, because it may rotate the key itself (`auto_rotate_period`)."""
MAX_ANSWER_BYTES = 65_536
PROBE, PROBE_BOND, OTHER_BOND = bytearray(b"penstock"), "check", "check of another"
REMEDIES = {
    403: "the token is missing, has ended or lacks the policy",
    404: "there is no such mount or key",
    429: "too many requests",
    503: "it is sealed or in maintenance",
}


class _Refused(Exception):
    """The engine refuses the input (400), such as a ciphertext of another key. Its text is the engine's reason."""


class TransitMaster:
    """Implements `MasterKey`. `token` is called for each request, because an agent may renew the file that it is in.

    Raises:
        VaultMisconfigured: the file with certificate authorities cannot be used.
    """

    kind = "transit"

    def __init__(self, config: TransitConfig, token: Callable[[], str], clock: Clock) -> None:
        self._config = config
        self._token = token
        self._clock = clock
        self._place = f"transit:{config.mount}/{config.key}"
        self._version = 0
        self._refreshed_s = 0.0
        self._client: httpx.AsyncClient | None = None
        self._asked: dict[tuple[bytes, str], asyncio.Future[bytes | None]] = {}
        self._trust = _trust(config.ca_file)

    @property
    def name(self) -> str:
        return self._named(self._version)

    def knows(self, master: str) -> bool:
        return master.startswith(f"{self._place}:v")

    async def check(self) -> None:
        """Check that it encrypts, decrypts, and refuses what is bound to something else."""
        probe = await self.wrap(PROBE, PROBE_BOND)
        if await self.unwrap(probe.wrapped, probe.master, PROBE_BOND) != PROBE:
            raise MasterKeyUnreachable(reason=f"{self._place} does not decrypt what it encrypted")
        try:
            await self.unwrap(probe.wrapped, probe.master, OTHER_BOND)
        except MasterKeyWrong:
            self._refreshed_s = self._clock.monotonic()
            return
        raise VaultMisconfigured(
            reason=f"{self._place} ignores associated_data; use a key of type aes256-gcm96, and a newer server"
        )

    async def refresh(self) -> None:
        if self._clock.monotonic() - self._refreshed_s >= REFRESH_S:
            await self.wrap(PROBE, PROBE_BOND)
            self._refreshed_s = self._clock.monotonic()

    async def wrap(self, key: bytearray, bond: str) -> WrappedKey:
        body = {"plaintext": _text(key), "associated_data": _text(bond.encode())}
        try:
            found = _Encrypted.of(await self._call("encrypt/{key}", body))
        except _Refused as error:
            raise MasterKeyUnreachable(reason=f"{self._place} refused to encrypt: {error}") from None
        match = CIPHERTEXT.fullmatch(found)
        if match is None:
            raise MasterKeyUnreachable(reason=f"{self._place} answered without a ciphertext")
        version = int(match[1])
        self._version = max(self._version, version)
        return WrappedKey(self._named(version), found.encode())

    async def unwrap(self, wrapped: bytes, master: str, bond: str) -> bytearray:
        if not self.knows(master):
            raise MasterKeyWrong(reason=f"they need {master[:80]}, and this server has {self._place}")
        asked = self._asked.get((wrapped, bond))
        if asked is None:
            return bytearray(await self._unwrapped_for_all(wrapped, master, bond))
        # None, if the call that asks was cancelled.
        found = await asyncio.shield(asked)
        return await self.unwrap(wrapped, master, bond) if found is None else bytearray(found)

    async def _unwrapped_for_all(self, wrapped: bytes, master: str, bond: str) -> bytes:
        """Ask once for all calls that need the same key: they are many when it has left the memory."""
        asked = self._asked[wrapped, bond] = asyncio.get_running_loop().create_future()
        try:
            found = await self._unwrapped(wrapped, master, bond)
            asked.set_result(found)
            return found
        except Exception as error:
            asked.set_exception(error)
            asked.exception()  # perhaps no other call waits for it
            raise
        finally:
            if not asked.done():
                asked.set_result(None)
            del self._asked[wrapped, bond]

    async def _unwrapped(self, wrapped: bytes, master: str, bond: str) -> bytes:
        body = {"ciphertext": wrapped.decode("ascii", "replace"), "associated_data": _text(bond.encode())}
        try:
            return base64.b64decode(_Decrypted.of(await self._call("decrypt/{key}", body)), validate=True)
        except _Refused as error:
            raise MasterKeyWrong(reason=f"{self._place} refused to decrypt a key of {master}: {error}") from None
        except binascii.Error:
            raise MasterKeyUnreachable(reason=f"{self._place} answered without a key") from None

    async def rotate(self) -> None:
        await self._administer("keys/{key}/rotate", {})
        await self.wrap(PROBE, PROBE_BOND)  # names the new version

    async def forget(self) -> None:
        """Refuse older versions from now on. They stay in the engine, where an operator can allow them again."""
        await self.wrap(PROBE, PROBE_BOND)
        await self._administer("keys/{key}/config", {"min_decryption_version": self._version})

    async def close(self) -> None:
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    async def _administer(self, path: str, body: dict[str, Any]) -> None:
        try:
            await self._call(path, body)
        except _Refused as error:
            raise MasterKeyUnreachable(reason=f"{self._place} refused: {error}") from None

    def _named(self, version: int) -> str:
        return f"{self._place}:v{version}"

    async def _call(self, path: str, body: dict[str, Any]) -> bytes:
        import httpx  # here, because the import takes 0.1 s, which servers without transit need not wait for

        if self._client is None:
            self._client = httpx.AsyncClient(timeout=self._config.timeout_s, verify=self._trust, trust_env=False)
        headers = {"X-Vault-Token": self._token(), "X-Vault-Request": "true"}
        if self._config.namespace:
            headers["X-Vault-Namespace"] = self._config.namespace
        url = f"{self._config.url.rstrip('/')}/v1/{self._config.mount.strip('/')}/{path.format(key=self._config.key)}"
        try:
            answer = await self._client.post(url, headers=headers, content=msgspec.json.encode(body))
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            # Only the kind: the text of an error can contain the headers.
            raise MasterKeyUnreachable(reason=f"{self._config.url}: {_kind(error)}") from None
        if answer.status_code == 400:
            raise _Refused(_reason(answer.content) or "no reason given")
        if not answer.is_success or len(answer.content) > MAX_ANSWER_BYTES:
            why = REMEDIES.get(answer.status_code) or _reason(answer.content) or "no reason given"
            raise MasterKeyUnreachable(reason=f"{self._config.url} answered {answer.status_code} for {self._place}: {why}")
        return answer.content


class _Encrypted(msgspec.Struct):
    data: _Ciphertext

    @classmethod
    def of(cls, answer: bytes) -> str:
        return _decoded(answer, cls).data.ciphertext


class _Ciphertext(msgspec.Struct):
    ciphertext: str


class _Decrypted(msgspec.Struct):
    data: _Plaintext

    @classmethod
    def of(cls, answer: bytes) -> str:
        return _decoded(answer, cls).data.plaintext


class _Plaintext(msgspec.Struct):
    plaintext: str


class _Errors(msgspec.Struct):
    errors: list[str] = []


def _decoded(answer: bytes, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(answer, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise MasterKeyUnreachable(reason="its answer is not that of a transit engine") from None


def _reason(answer: bytes) -> str:
    try:
        errors = msgspec.json.decode(answer[:MAX_ANSWER_BYTES], type=_Errors).errors
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return ""
    return " ".join("; ".join(errors).split())[:200]


def _kind(error: Exception) -> str:
    names = {"ConnectError": "cannot be connected to", "ConnectTimeout": "does not accept the connection in time"}
    return names.get(type(error).__name__, f"failed ({type(error).__name__})")


def _text(content: bytes | bytearray) -> str:
    return base64.b64encode(content).decode()


def _trust(ca_file: str) -> ssl.SSLContext | bool:
    if not ca_file:
        return True
    try:
        return ssl.create_default_context(cafile=ca_file)
    except (OSError, ssl.SSLError):
        raise VaultMisconfigured(
            reason=f"vault.transit.ca_file {ca_file} has no certificate authorities that can be read"
        ) from None
