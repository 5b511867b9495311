"""Use cases on SMS accounts, in CRUD order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec
from msgspec import UNSET

from penstock.core.actor import Actor
from penstock.core.audit.models import Target
from penstock.core.audit.trail import AuditTrail
from penstock.core.database import OrganizationDatabase, repeated_after_commit
from penstock.core.inboxes.access import check_manages
from penstock.core.inboxes.account_errors import SmsAccountCredentialsMissing, SmsAccountInUse, SmsAccountLimitReached
from penstock.core.inboxes.account_models import (
    FITTING,
    SECRET_PATHS,
    SETTINGS,
    TARGETS,
    AccountCheck,
    AccountPatch,
    AccountSettings,
    NewAccount,
    OpenAccount,
    SmppSettings,
    SmsAccount,
    TwilioSettings,
)
from penstock.core.inboxes.account_ports import AccountProber
from penstock.core.inboxes.account_store import HasSmsAccounts, SmsAccountTransaction
from penstock.core.inboxes.errors import SmsAccountNotFound
from penstock.core.inboxes.models import AccountRef
from penstock.core.outbound.errors import TargetRefused
from penstock.core.outbound.targets import TargetPolicy
from penstock.core.vault.errors import SecretsUnreadable
from penstock.core.vault.fields import Given, SecretFields
from penstock.core.vault.models import Owner, SecretPaths
from penstock.core.vault.owners import SMS_ACCOUNT
from penstock.kit.clock import Clock
from penstock.kit.errors import InvalidInput
from penstock.kit.field_errors import invalid_input
from penstock.kit.ids import MAX_ID, IdSource, Prefix, SmsAccountId, encode
from penstock.kit.paging import Page, decode_cursor, page_of

MAX_ACCOUNTS = 100
"""Per organisation."""
WITHIN = "settings."
NAMED_NUMBERS = 5
"""How many of the numbers that use an account an error names."""


class SmsAccountService:
    """SMS accounts of an organisation. `on_change` is called with the id of each that was changed or deleted."""

    def __init__(
        self,
        *,
        database: OrganizationDatabase[SmsAccountTransaction],
        secrets: SecretFields,
        policy: TargetPolicy,
        trail: AuditTrail,
        ids: IdSource,
        clock: Clock,
    ) -> None:
        self._database = database
        self._secrets = secrets
        self._policy = policy
        self._trail = trail
        self._ids = ids
        self._clock = clock
        self._listeners: list[Callable[[SmsAccountId], None]] = []
        self._changed = repeated_after_commit(self._notify)

    def subscribe(self, listener: Callable[[SmsAccountId], None]) -> None:
        """Register a function to call with the id of each account that was changed or deleted."""
        self._listeners.append(listener)

    async def create(self, actor: Actor, request: NewAccount) -> SmsAccount:
        """Create an account. Its credentials are in no response.

        Raises:
            InvalidInput: a setting is invalid, or its address is not allowed; the error names the field.
            ScopeMissing: a setting refers to a secret, and the caller must not read secrets.
            GrantedOnly, SmsAccountLimitReached, SecretsUnreadable.
            Unavailable: the vault's master key cannot be reached; retry later.
        """
        check_manages(actor)
        self._check(request.settings)
        settings, sent = _split(request.settings)
        _require(request.settings, sent)
        given = await self._given(actor, sent)
        now_us = self._clock.now_us()
        account = SmsAccount(
            id=self._ids.next(SmsAccountId),
            org_id=actor.org_id,
            name=request.name,
            kind=request.kind,
            settings=settings,
            secret_paths=given.paths,
            created_us=now_us,
            updated_us=now_us,
        )
        async with self._database.transaction(actor.org_id) as tx:
            if await tx.sms_accounts.count() >= MAX_ACCOUNTS:
                raise SmsAccountLimitReached(limit=MAX_ACCOUNTS)
            await tx.sms_accounts.create(account)
            await self._secrets.store(tx, actor, owner_of(account.id), given)
            await self._trail.record(tx, actor, "sms_account.create", target_of(account), after=_facts(account))
        self._changed(account)
        return account

    async def get(self, actor: Actor, account_id: SmsAccountId) -> SmsAccount:
        """One account.

        Raises:
            SmsAccountNotFound: the caller's organisation has no account with this id.
        """
        async with self._database.snapshot(actor.org_id) as tx:
            return await _get(tx, account_id)

    async def list(self, actor: Actor, limit: int, cursor: str | None) -> Page[SmsAccount]:
        """A page of accounts, newest first."""
        before = decode_cursor(cursor, tuple[int])
        async with self._database.snapshot(actor.org_id) as tx:
            found = await tx.sms_accounts.list(limit + 1, before[0] if before else MAX_ID)
        return page_of(list(found), limit, lambda one: (one.id,))

    async def open(self, ref: AccountRef) -> OpenAccount:
        """An account with its secrets: for its provider.

        Raises:
            SmsAccountNotFound: it was deleted.
            SmsAccountCredentialsMissing: its credentials were destroyed, cannot be decrypted, or the new version of a secret
            does not fit.
            Unavailable: the vault's master key cannot be reached; retry later.
        """
        async with self._database.snapshot(ref.org_id) as tx:
            account = await _get(tx, ref.id)
        try:
            values = await self._secrets.read(ref.org_id, owner_of(ref.id), account.secret_paths)
        except SecretsUnreadable:
            raise SmsAccountCredentialsMissing(account_id=encode(Prefix.SMS_ACCOUNT, ref.id)) from None
        if not all(FITTING[path].fullmatch(value) for path, value in values.items()):
            # The secret that it refers to may have another version than when this was set.
            raise SmsAccountCredentialsMissing(account_id=encode(Prefix.SMS_ACCOUNT, ref.id))
        return OpenAccount(account=account, settings=msgspec.structs.replace(account.settings, **values))

    async def check(self, actor: Actor, account_id: SmsAccountId, prober: AccountProber) -> AccountCheck:
        """Ask the provider whether it accepts the account's credentials. Nothing is sent.

        Raises:
            GrantedOnly, SmsAccountNotFound, SmsAccountCredentialsMissing, Unavailable.
        """
        check_manages(actor)
        opened = await self.open(AccountRef(actor.org_id, account_id))
        found = await prober.probe(opened)
        async with self._database.transaction(actor.org_id) as tx:
            await self._trail.record(tx, actor, "sms_account.check", target_of(opened.account), ok=found.ok)
        return found

    async def update(self, actor: Actor, account_id: SmsAccountId, patch: AccountPatch) -> SmsAccount:
        """Update the fields in the patch. The kind never changes.

        Raises:
            InvalidInput: a setting is invalid, or would send a stored secret to another address; the error names the field.
            ScopeMissing: a setting refers to a secret, and the caller must not read secrets.
            GrantedOnly, SmsAccountNotFound, SecretsUnreadable.
            Unavailable: the vault's master key cannot be reached; retry later.
        """
        check_manages(actor)
        given = await self._given(actor, _sent(patch))
        owner = owner_of(account_id)
        async with self._database.transaction(actor.org_id) as tx:
            before = await _get(tx, account_id)
            name = before.name if patch.name is UNSET else patch.name
            after = msgspec.structs.replace(before, name=name, updated_us=self._clock.now_us())
            if patch.settings is not UNSET:
                settings, _ = _split(read_settings(before, patch.settings))
                paths = _kept(before, settings, patch.settings, given) | given.paths
                _require(settings, paths)
                after = msgspec.structs.replace(after, settings=settings, secret_paths=paths)
                self._check(settings)
                await self._secrets.drop(tx, owner, before.secret_paths.keys() - paths.keys())
                await self._secrets.store(tx, actor, owner, given)
            await tx.sms_accounts.update(after)
            await self._record_change(tx, actor, before, after, given.values)
        self._changed(after)
        return after

    async def delete(self, actor: Actor, account_id: SmsAccountId) -> None:
        """Delete an account and its credentials.

        Raises:
            GrantedOnly, SmsAccountNotFound.
            SmsAccountInUse: numbers that are not released use it; the error names them.
        """
        check_manages(actor)
        async with self._database.transaction(actor.org_id) as tx:
            account = await _get(tx, account_id)
            numbers = await tx.sms_accounts.numbers_of(account_id, NAMED_NUMBERS + 1)
            if numbers:
                raise SmsAccountInUse(account_id=encode(Prefix.SMS_ACCOUNT, account_id), numbers=_named(numbers))
            await self._secrets.drop_all(tx, owner_of(account_id))
            await tx.sms_accounts.delete(account_id)
            await self._trail.record(tx, actor, "sms_account.delete", target_of(account), before=_facts(account))
        self._changed(account)

    async def _record_change(
        self, tx: SmsAccountTransaction, actor: Actor, before: SmsAccount, after: SmsAccount, secrets: Mapping[str, str]
    ) -> None:
        old, new = _facts(before), _facts(after)
        names = [name for name in new if old[name] != new[name]]
        await self._trail.record(
            tx,
            actor,
            "sms_account.update",
            target_of(after),
            before={name: old[name] for name in names},
            after={name: new[name] for name in names},
            secrets=sorted(secrets) or None,
        )

    def announce(self, account_id: SmsAccountId) -> None:
        """An account, or a secret that it refers to, has changed."""
        for listener in self._listeners:
            listener(account_id)

    def _notify(self, account: SmsAccount) -> None:
        self._secrets.forget(account.org_id, owner_of(account.id))
        self.announce(account.id)

    async def _given(self, actor: Actor, sent: Mapping[str, str]) -> Given:
        given = await self._secrets.given(actor, sent, WITHIN)
        for path in given.names:
            if not FITTING[path].fullmatch(given.values[path]):
                raise InvalidInput.field(f"{WITHIN}{path}", "must refer to a secret that the provider can accept")
        return given

    def _check(self, settings: AccountSettings) -> None:
        """Check the address of a provider, as far as it can be without a look-up of its name."""
        if isinstance(settings, TwilioSettings):
            target = self._policy.check_url(settings.base_url, "settings.base_url")
            if target.path != "/":
                raise InvalidInput.field("settings.base_url", "must have no path")
        if isinstance(settings, SmppSettings):
            _check_host(self._policy, settings.host)


def _named(numbers: Sequence[str]) -> str:
    return ", ".join(numbers[:NAMED_NUMBERS]) + (" and others" if len(numbers) > NAMED_NUMBERS else "")


class KnownAccounts:
    """Implements `AccountCheck`: the accounts of the organisation."""

    async def check(self, tx: HasSmsAccounts, account_id: SmsAccountId) -> None:
        if await tx.sms_accounts.find(account_id) is None:
            raise SmsAccountNotFound(account_id=encode(Prefix.SMS_ACCOUNT, account_id))


def _check_host(policy: TargetPolicy, host: str) -> None:
    try:
        # A name is checked when it is resolved; of an address, its form says what it is.
        if host.replace(".", "").isdigit() or ":" in host:
            policy.check_addresses(host, [host])
    except TargetRefused as error:
        raise InvalidInput.field("settings.host", error.facts["reason"], "target_refused") from None
    if not host.isascii() or any(character.isspace() or character in "/@?#" for character in host):
        raise InvalidInput.field("settings.host", "must be the name or the address of a host")


def read_settings(account: SmsAccount, sent: Mapping[str, Any]) -> AccountSettings:
    """The settings of an account after a change, with the secrets that were sent.

    Raises:
        InvalidInput: a setting is invalid; the error names the field.
    """
    merged: dict[str, Any] = msgspec.to_builtins(account.settings) | dict(sent)
    plain = {name: value for name, value in merged.items() if value is not None}
    try:
        return msgspec.convert(plain, SETTINGS[account.kind])
    except msgspec.ValidationError:
        raise invalid_input(plain, SETTINGS[account.kind], within="settings") from None


def _split(settings: AccountSettings) -> tuple[AccountSettings, dict[str, str]]:
    """Settings without their secrets, and the secrets by path."""
    secrets = {path: value for path in SECRET_PATHS if isinstance(value := getattr(settings, path, None), str)}
    return msgspec.structs.replace(settings, **dict.fromkeys(secrets)), secrets


def _sent(patch: AccountPatch) -> dict[str, str]:
    """The secrets that a change contains, by path."""
    settings: Mapping[str, Any] = {} if patch.settings is UNSET else patch.settings
    return {path: value for path in SECRET_PATHS if isinstance(value := settings.get(path), str)}


def _kept(before: SmsAccount, settings: AccountSettings, sent: Mapping[str, Any], given: Given) -> SecretPaths:
    """The stored secrets that a change keeps: those that it does not mention.

    Raises:
        InvalidInput: such a secret would be sent to another address.
    """
    kept = {path: name for path, name in before.secret_paths.items() if path not in given.values and path not in sent}
    for path in kept:
        if any(getattr(before.settings, name) != getattr(settings, name) for name in TARGETS[path]):
            raise InvalidInput.field(f"settings.{path}", "is required again for the other address or account", "required")
    return kept


def _require(settings: AccountSettings, secrets: Mapping[str, str]) -> None:
    if isinstance(settings, TwilioSettings) and "auth_token" not in secrets:
        raise InvalidInput.field("settings.auth_token", "is required", "required")


async def _get(tx: SmsAccountTransaction, account_id: SmsAccountId) -> SmsAccount:
    account = await tx.sms_accounts.find(account_id)
    if account is None:
        raise SmsAccountNotFound(account_id=encode(Prefix.SMS_ACCOUNT, account_id))
    return account


def owner_of(account_id: SmsAccountId) -> Owner:
    """The account as the owner of its secrets."""
    return Owner(SMS_ACCOUNT, account_id)


def target_of(account: SmsAccount) -> Target:
    """The account as the target of an audit entry."""
    return Target("sms_account", encode(Prefix.SMS_ACCOUNT, account.id), account.name)


def _facts(account: SmsAccount) -> dict[str, Any]:
    """The facts about an account in the audit log, without secrets."""
    return {"name": account.name, "kind": account.kind.value, "settings": msgspec.to_builtins(account.settings)}
