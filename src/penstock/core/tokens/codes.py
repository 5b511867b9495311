"""Codes of tokens: the hot path, from memory except for the audit log.

Theory of operation. A token and its encrypted seed stay in memory until they change; the seed is decrypted for each call and
then overwritten. Each code has an entry in the audit log, which is committed before the answer (`ActTrail`). A code and the
seconds for which it is valid are computed from one reading of the clock, after that commit.

With `consume` a code is given to one call only: the store compares its time step with the last one that was consumed, and
stores it, in one statement. A call without it gets the code, whether it was consumed or not.
"""

from __future__ import annotations

import msgspec

from penstock.core.actor import Actor
from penstock.core.audit.trail import ActTrail, AuditTrail
from penstock.core.database import OrganizationDatabase, repeated_after_commit
from penstock.core.tokens.errors import CodeConsumed, TokenNotFound
from penstock.core.tokens.models import SEED, Code, Permission, Token
from penstock.core.tokens.ports import TokenAccess
from penstock.core.tokens.service import check_reached, get_token, target_of
from penstock.core.tokens.store import TokenTransaction
from penstock.core.vault.keyring import wiped
from penstock.core.vault.store import Held
from penstock.core.vault.totp import code_at
from penstock.core.vault.vault import Vault
from penstock.kit.clock import SECOND_US, Clock
from penstock.kit.ids import OrgId, TokenId

CODE_READ = "token.code.generate"
MAX_CACHED = 20_000
"""Tokens in memory, each with its encrypted seed: about 1 KB."""


class _Known(msgspec.Struct, frozen=True):
    """A token and its encrypted seed."""

    token: Token
    held: Held


class CodeService:
    """The codes of an organisation's tokens."""

    def __init__(
        self,
        *,
        database: OrganizationDatabase[TokenTransaction],
        vault: Vault,
        access: TokenAccess[TokenTransaction],
        acts: ActTrail,
        trail: AuditTrail,
        clock: Clock,
    ) -> None:
        self._database = database
        self._vault = vault
        self._access = access
        self._acts = acts
        self._trail = trail
        self._clock = clock
        self._known: dict[tuple[OrgId, str], _Known] = {}
        self._refs: dict[tuple[OrgId, TokenId], set[str]] = {}
        self._generation = 0

    async def current(self, actor: Actor, ref: str, *, consume: bool = False) -> Code:
        """The code of a token now. `consume`: it was not consumed before, and no other call consumes it.

        Raises:
            TokenNotFound: it does not exist, or is not granted to the caller.
            CodeConsumed.
            SecretShredded, SecretDamaged, KeysMissing.
            Unavailable: the master key cannot be reached, or the audit log cannot be written.
        """
        known = self._known.get((actor.org_id, ref)) or await self._load(actor.org_id, ref)
        if consume:
            return await self._consumed(actor, ref, known)
        if self._access.is_restricted(actor):
            async with self._database.snapshot(actor.org_id) as tx:
                await check_reached(self._access, tx, actor, known.token, ref, Permission.CODE)
        step = self._step(known.token)
        code = await self._code(actor.org_id, known, step)
        await self._acts.record(actor, CODE_READ, target_of(known.token))
        if self._known.get((actor.org_id, ref)) is not known:  # it was changed or deleted during the commit
            known, step = await self._again(actor.org_id, ref, known.token), -1
        now_s = self._clock.now_us() // SECOND_US
        if now_s // known.token.period_s != step:  # so was the code
            code = await self._code(actor.org_id, known, now_s // known.token.period_s)
        return _answer(known.token, code, now_s)

    @repeated_after_commit
    def forget(self, org_id: OrgId, token: Token) -> None:
        """Read a token again the next time: after a commit that changed it or its seed."""
        self._generation += 1
        for ref in self._refs.pop((org_id, token.id), ()):
            self._known.pop((org_id, ref), None)

    @repeated_after_commit
    def clear(self) -> None:
        """Read all tokens again: another process may have changed any."""
        self._generation += 1
        self._known.clear()
        self._refs.clear()

    async def _load(self, org_id: OrgId, ref: str) -> _Known:
        generation = self._generation
        async with self._database.snapshot(org_id) as tx:
            token = await get_token(tx, ref)
            held = [one for one in await tx.secrets.held(token.owner) if one.path == SEED]
        if not held:
            raise TokenNotFound(token=ref[:64])  # not by its name, which the caller may not know
        known = _Known(token, held[0])
        # A token that changed since the snapshot must not stay in memory as it was.
        if generation == self._generation:
            if len(self._known) >= MAX_CACHED:
                self.clear()
            self._known[org_id, ref] = known
            self._refs.setdefault((org_id, token.id), set()).add(ref)
        return known

    async def _again(self, org_id: OrgId, ref: str, token: Token) -> _Known:
        """A token that may have changed, unless another has its name now, which the caller may not be allowed to use."""
        known = self._known.get((org_id, ref)) or await self._load(org_id, ref)
        if known.token.id != token.id:
            raise TokenNotFound(token=ref[:64])
        return known

    def _step(self, token: Token) -> int:
        return self._clock.now_us() // SECOND_US // token.period_s

    async def _code(self, org_id: OrgId, known: _Known, step: int) -> str:
        token, opened = known.token, await self._vault.opened(org_id, [known.held])
        with wiped(opened[SEED]) as seed:
            return code_at(seed, step, token.algorithm, token.digits)

    async def _consumed(self, actor: Actor, ref: str, known: _Known) -> Code:
        while True:
            found = await self._consume(actor, ref, known)
            if found is not None:
                return found
            known = await self._load(actor.org_id, ref)

    async def _consume(self, actor: Actor, ref: str, known: _Known) -> Code | None:
        """Consume the current code; None if the token has another seed by now, or another time step has begun meanwhile."""
        token, step = known.token, self._step(known.token)
        code = await self._code(actor.org_id, known, step)
        async with self._database.transaction(actor.org_id) as tx:
            stored = await get_token(tx, ref)
            secret = await tx.secrets.find_owned(stored.owner, SEED)
            await check_reached(self._access, tx, actor, stored, ref, Permission.CODE)
            now_s = self._clock.now_us() // SECOND_US
            same = stored.id == token.id and secret is not None and secret.version == known.held.version.version
            if not same or now_s // token.period_s != step:
                self.forget(actor.org_id, token)
                return None
            if not await tx.tokens.consume(token.id, step):
                raise CodeConsumed(token=stored.name, retry_after_s=(max(stored.last_step, step) + 1) * token.period_s - now_s)
            await self._trail.record(tx, actor, CODE_READ, target_of(stored), consumed=True)
        return _answer(token, code, now_s)


def _answer(token: Token, code: str, now_s: int) -> Code:
    return Code(code=code, expires_in_s=token.period_s - now_s % token.period_s, period_s=token.period_s)
