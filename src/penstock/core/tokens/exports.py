"""The use case of taking tokens out: all of them with their seeds, in one file."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from penstock.core.actor import Actor
from penstock.core.audit.models import Target
from penstock.core.audit.trail import AuditTrail
from penstock.core.database import OrganizationDatabase
from penstock.core.tokens.formats import exported, otpauth
from penstock.core.tokens.formats.entries import MAX_ENTRIES, Entry
from penstock.core.tokens.formats.passphrases import Opener, check_passphrase
from penstock.core.tokens.models import SEED, Permission, Token, TokenFilter, TokenSort
from penstock.core.tokens.ports import TokenAccess
from penstock.core.tokens.service import check_reached, get_token
from penstock.core.tokens.store import TokenTransaction
from penstock.core.tokens.transfer_models import TokenExport, TransferFormat
from penstock.core.vault.keyring import wipe
from penstock.core.vault.store import Held
from penstock.core.vault.vault import Vault
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import Prefix, encode

MIN_PASSPHRASE = 12
"""Characters."""
FORMATS = (TransferFormat.PENSTOCK, TransferFormat.OTPAUTH)


class TokenExports:
    """Takes tokens out. The caller must be allowed to read the seed of each."""

    def __init__(
        self,
        *,
        database: OrganizationDatabase[TokenTransaction],
        access: TokenAccess[TokenTransaction],
        vault: Vault,
        trail: AuditTrail,
        opener: Opener,
    ) -> None:
        self._database = database
        self._access = access
        self._vault = vault
        self._trail = trail
        self._opener = opener

    async def export(self, actor: Actor, request: TokenExport) -> bytes:
        """The file. The API layer checks the caller's scope.

        Raises:
            InvalidInput: the passphrase is missing or too short, or there are too many tokens for one file.
            TokenNotFound: a requested one does not exist, or is not granted to the caller.
            SeedNotGranted: one is granted to the caller for its codes only.
            PenstockError: a second person must approve reading the seed of one.
            SecretShredded, SecretDamaged, KeysMissing, Unavailable.
        """
        passphrase = _passphrase(request)
        held = await self._held(actor, request)
        entries: list[Entry] = []
        try:
            for token, secrets_of_token in held:
                seed = (await self._vault.opened(actor.org_id, secrets_of_token))[SEED]
                entries.append(_entry(token, seed))
            if passphrase is None:
                return otpauth.format_list(entries).encode()
            return await exported.format_file(entries, passphrase, secrets.token_bytes(exported.SALT_BYTES), self._opener)
        finally:
            for entry in entries:
                if isinstance(entry.seed, bytearray):
                    wipe(entry.seed)

    async def _held(self, actor: Actor, request: TokenExport) -> list[tuple[Token, Sequence[Held]]]:
        """The tokens with their encrypted seeds, after everything is checked and recorded."""
        async with self._database.transaction(actor.org_id) as tx:
            selected = await self._selected(tx, actor, request.names)
            for ref, token in selected:
                await check_reached(self._access, tx, actor, token, ref, Permission.SEED)
                await self._access.require_approval(tx, actor, token)
            tokens = [token for _, token in selected]
            found = [(token, await tx.secrets.held(token.owner)) for token in tokens]
            target = Target("organization", encode(Prefix.ORGANIZATION, actor.org_id), "")
            names = [token.name for token in tokens]
            await self._trail.record(tx, actor, "token.export", target, flagged=True, format=request.form.value, names=names)
        return found

    async def _selected(self, tx: TokenTransaction, actor: Actor, names: Sequence[str] | None) -> list[tuple[str, Token]]:
        """The tokens, each with the caller's reference: its name or id."""
        if names is not None:
            return [(name, await get_token(tx, name)) for name in dict.fromkeys(names)]
        subjects = await self._access.subjects(tx, actor) if self._access.is_restricted(actor) else None
        tokens = await tx.tokens.list(TokenFilter(), MAX_ENTRIES + 1, None, TokenSort.NAME, subjects)
        if len(tokens) > MAX_ENTRIES:
            raise InvalidInput.field("names", f"is required, because there are more than {MAX_ENTRIES:,} tokens", "required")
        return [(token.name, token) for token in tokens]


def _entry(token: Token, seed: bytearray) -> Entry:
    return Entry(
        seed=seed,
        name=token.name,
        description=token.description,
        four_eyes=token.four_eyes,
        issuer=token.issuer,
        account=token.account,
        algorithm=token.algorithm,
        digits=token.digits,
        period_s=token.period_s,
    )


def _passphrase(request: TokenExport) -> str | None:
    """The passphrase of the file; None if it is not encrypted, which the caller must ask for."""
    if request.form not in FORMATS:
        raise InvalidInput.field("format", f"must be one of {', '.join(FORMATS)}")
    if request.form is TransferFormat.OTPAUTH:
        if request.passphrase is not None:
            raise InvalidInput.field("passphrase", "must not be set for format otpauth, which is not encrypted")
        return None
    if request.passphrase is None:
        raise InvalidInput.field("passphrase", "is required", "required")
    if len(request.passphrase) < MIN_PASSPHRASE:
        raise InvalidInput.field("passphrase", f"must have at least {MIN_PASSPHRASE} characters")
    check_passphrase(request.passphrase)
    return request.passphrase
