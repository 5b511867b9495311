"""Use cases on bringing tokens in: files of other apps, our own, and pictures of QR codes."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from penstock.core.actor import Actor
from penstock.core.audit.models import Target
from penstock.core.audit.trail import AuditTrail, id_of
from penstock.core.database import HoldingDatabase
from penstock.core.tokens.errors import SeedNotGranted, TokenExists, TokenNotFound
from penstock.core.tokens.formats import aegis, exported, scanned, twofas
from penstock.core.tokens.formats.entries import Entry, Found, LeftOut, free_slug, slugs_of
from penstock.core.tokens.formats.passphrases import Opener
from penstock.core.tokens.models import SEED, NewToken, Permission, Token
from penstock.core.tokens.pictures import FIELD, PictureReader
from penstock.core.tokens.ports import TokenAccess
from penstock.core.tokens.seeds import check_token
from penstock.core.tokens.service import OnChange, TokenService, target_of
from penstock.core.tokens.store import TokenTransaction
from penstock.core.tokens.transfer_models import Conflict, EntryOutcome, ImportedEntry, ImportResult, TokenImport, TransferFormat
from penstock.core.vault.vault import Vault
from penstock.kit.clock import Clock
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import Prefix, encode

MAX_NAMES_TRIED = 100
"""Numbers that are tried at the end of a name that exists."""
SEED_SCOPE = "tokens:seed"
_PARSERS = {TransferFormat.AEGIS: aegis.parse, TransferFormat.TWOFAS: twofas.parse, TransferFormat.PENSTOCK: exported.parse}


class _Planned(msgspec.Struct, frozen=True):
    """What will become of an entry. `before` is the token whose seed it replaces."""

    result: ImportedEntry
    entry: Entry
    before: Token | None = None


class TokenImports:
    """Brings tokens in. An import is one transaction: all that is created and replaced, or nothing."""

    def __init__(
        self,
        *,
        database: HoldingDatabase[TokenTransaction],
        tokens: TokenService,
        access: TokenAccess[TokenTransaction],
        vault: Vault,
        trail: AuditTrail,
        opener: Opener,
        pictures: PictureReader,
        clock: Clock,
        on_change: OnChange,
    ) -> None:
        self._database = database
        self._tokens = tokens
        self._access = access
        self._vault = vault
        self._trail = trail
        self._opener = opener
        self._pictures = pictures
        self._clock = clock
        self._on_change = on_change

    async def import_file(self, actor: Actor, request: TokenImport) -> ImportResult:
        """Import a file, or with `dry_run` find out what would become of its entries.

        Raises:
            InvalidInput: the content is not of this format, or the passphrase is missing or wrong.
            ScopeMissing: to replace seeds, the caller must be allowed to rotate them.
            TokenLimitReached, Unavailable.
        """
        if request.conflict is Conflict.REPLACE:
            actor.require(SEED_SCOPE)
        found = await self._read(request)
        return await self._import(actor, found, request.form.value, request.conflict, dry_run=request.dry_run)

    async def import_picture(self, actor: Actor, picture: bytes, conflict: Conflict, *, dry_run: bool = False) -> ImportResult:
        """Import all tokens in a picture, which may have several QR codes.

        Raises:
            InvalidInput: it is not a picture of a QR code with a token.
            ScopeMissing, TokenLimitReached, Unavailable.
        """
        if conflict is Conflict.REPLACE:
            actor.require(SEED_SCOPE)
        found = await self._in_picture(picture)
        return await self._import(actor, found, FIELD, conflict, dry_run=dry_run)

    async def enrol(self, actor: Actor, picture: bytes, name: str | None) -> Token:
        """Create the one token in a picture, with a name, or one made of its issuer and account that does not exist.

        Raises:
            InvalidInput: it is not a picture with exactly one token, or the name is not valid.
            TokenExists, TokenLimitReached, Unavailable.
        """
        entry = await self._one_in_picture(picture)
        return await self._tokens.create(actor, _new(entry, await self._free(actor, entry) if name is None else name))

    async def check_enrol(self, actor: Actor, picture: bytes, name: str) -> ImportedEntry:
        """What `enrol` would create now; the limit of tokens is not checked.

        Raises:
            InvalidInput, TokenExists, Unavailable: as `enrol`.
        """
        entry = await self._one_in_picture(picture)
        check_token(_new(entry, name))
        async with self._database.snapshot(actor.org_id) as tx:
            if await tx.tokens.find_by_name(name) is not None:
                raise TokenExists(name=name)
        return ImportedEntry(position=1, name=name, issuer=entry.issuer, account=entry.account, outcome=EntryOutcome.CREATED)

    async def _free(self, actor: Actor, entry: Entry) -> str:
        """A name for an entry. Another caller may use it before this one does, who then gets the error that it exists."""
        (name,) = slugs_of([entry])
        async with self._database.snapshot(actor.org_id) as tx:
            return await _free_name(tx, name, set()) or name

    async def _read(self, request: TokenImport) -> Found:
        parser = _PARSERS.get(request.form)
        if parser is None:
            return scanned.parse_lines(request.content)
        return await parser(request.content, request.passphrase, self._opener)

    async def _in_picture(self, picture: bytes) -> Found:
        """The tokens in a picture, at least one."""
        texts = await self._pictures.read(picture)
        if not texts:
            raise InvalidInput.field(FIELD, "has no QR code that can be read", "no_code")
        found = scanned.parse_texts(texts, FIELD)
        if not found.entries:
            raise InvalidInput.field(FIELD, found.left_out[0].reason, "no_token")
        return found

    async def _one_in_picture(self, picture: bytes) -> Entry:
        found = await self._in_picture(picture)
        if len(found.entries) > 1:
            count = len(found.entries)
            raise InvalidInput.field(FIELD, f"has {count} tokens; import it, or send a picture with one", "many")
        return found.entries[0]

    async def _import(self, actor: Actor, found: Found, source: str, conflict: Conflict, *, dry_run: bool) -> ImportResult:
        if dry_run:
            async with self._database.snapshot(actor.org_id) as tx:
                planned = await self._plan(tx, actor, found, conflict)
            return _result(planned, found.left_out, dry_run=True)
        # The key is fetched before the transaction: it may be in another process, for which the one writer must not wait.
        await self._vault.box(actor.org_id)
        async with self._database.held(actor.org_id, _nothing_first) as begin:
            tx = await begin()
            planned = await self._plan(tx, actor, found, conflict)
            created = (EntryOutcome.CREATED, EntryOutcome.RENAMED)
            new = [_new(one.entry, one.result.name) for one in planned if one.result.outcome in created]
            if new:
                await self._tokens.create_all(actor, new)
            replaced = [await self._replace(tx, actor, one.before, one.entry) for one in planned if one.before is not None]
            result = _result(planned, found.left_out, dry_run=False)
            await self._trail.record(
                tx, actor, "token.import", _organization(actor), format=source, conflict=conflict.value, counts=result.counts
            )
        for token in replaced:
            self._on_change(actor.org_id, token)
        return result

    async def _plan(self, tx: TokenTransaction, actor: Actor, found: Found, conflict: Conflict) -> list[_Planned]:
        names = slugs_of(found.entries)
        used = set(names)
        return [
            await self._planned(tx, actor, entry, position, name, conflict, used)
            for entry, position, name in zip(found.entries, found.positions, names, strict=True)
        ]

    async def _planned(
        self, tx: TokenTransaction, actor: Actor, entry: Entry, position: int, name: str, conflict: Conflict, used: set[str]
    ) -> _Planned:
        def outcome(kind: EntryOutcome, name: str = name, reason: str = "", before: Token | None = None) -> _Planned:
            entry_result = ImportedEntry(
                position=position, name=name, issuer=entry.issuer, account=entry.account, outcome=kind, reason=reason
            )
            return _Planned(entry_result, entry, before)

        existing = await tx.tokens.find_by_name(name)
        if existing is None:
            return outcome(EntryOutcome.CREATED)
        if conflict is Conflict.REPLACE:
            obstacle = await self._obstacle(tx, actor, existing)
            if obstacle is None:
                return outcome(EntryOutcome.REPLACED, before=existing)
            return outcome(EntryOutcome.SKIPPED, reason=f"a token with this name exists, {obstacle}")
        if conflict is Conflict.RENAME:
            free = await _free_name(tx, name, used)
            if free is not None:
                return outcome(EntryOutcome.RENAMED, free)
        return outcome(EntryOutcome.SKIPPED, reason="a token with this name exists")

    async def _obstacle(self, tx: TokenTransaction, actor: Actor, token: Token) -> str | None:
        """Why the caller may not replace the seed of a token; None if they may."""
        if self._access.is_restricted(actor):
            try:
                await self._access.require(tx, actor, token, Permission.SEED)
            except (TokenNotFound, SeedNotGranted):
                return "and its seed is not granted to you"
        # Approvals are for one token each, and are used by rotating its seed.
        return "and a second person must approve that its seed is replaced: rotate it" if token.four_eyes else None

    async def _replace(self, tx: TokenTransaction, actor: Actor, before: Token, entry: Entry) -> Token:
        """Give a token another seed, with the parameters that belong to it. Its grants stay."""
        token = msgspec.structs.replace(
            before,
            issuer=entry.issuer or before.issuer,
            account=entry.account or before.account,
            algorithm=entry.algorithm,
            digits=entry.digits,
            period_s=entry.period_s,
            last_step=0,
            rotate_reason=None,
            updated_us=self._clock.now_us(),
        )
        box = await self._vault.box(actor.org_id)
        await self._vault.put(tx, box, token.owner, SEED, entry.seed, id_of(actor))
        await tx.tokens.update(token)
        await tx.tokens.reseed(token)
        await self._trail.record(tx, actor, "token.seed.rotate", target_of(token), flagged=True, supplied=True)
        return token


async def _free_name(tx: TokenTransaction, name: str, used: set[str]) -> str | None:
    """The name with the first number that makes it free; None if none of those tried is."""
    for _ in range(MAX_NAMES_TRIED):
        candidate = free_slug(name, used)
        if await tx.tokens.find_by_name(candidate) is None:
            return candidate
    return None


async def _nothing_first(tx: TokenTransaction) -> None:
    """Nothing has to be in the transaction before an import."""


def _new(entry: Entry, name: str) -> NewToken:
    return NewToken(
        name=name,
        seed=bytes(entry.seed),
        issuer=entry.issuer,
        account=entry.account,
        description=entry.description,
        algorithm=entry.algorithm,
        digits=entry.digits,
        period_s=entry.period_s,
        four_eyes=entry.four_eyes,
    )


def _result(planned: Sequence[_Planned], left_out: Sequence[LeftOut], *, dry_run: bool) -> ImportResult:
    entries = [one.result for one in planned]
    entries += [
        ImportedEntry(position=one.position, name=one.name, outcome=EntryOutcome.LEFT_OUT, reason=one.reason) for one in left_out
    ]
    return ImportResult(dry_run, sorted(entries, key=lambda one: one.position))


def _organization(actor: Actor) -> Target:
    return Target("organization", encode(Prefix.ORGANIZATION, actor.org_id), "")
