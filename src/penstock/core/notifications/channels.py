"""Use cases on chat channels, in CRUD order, and posting to them."""

from __future__ import annotations

import msgspec

from penstock.core.actor import Actor
from penstock.core.audit.models import Target
from penstock.core.audit.trail import AuditTrail
from penstock.core.database import OrganizationDatabase
from penstock.core.notifications.chat import call_of, wait_of
from penstock.core.notifications.config import NotificationsConfig
from penstock.core.notifications.credentials import TOKEN, hint_of, needed, owner_of, secret_parts
from penstock.core.notifications.errors import ChannelExists, ChannelFailed, ChannelLimitReached, ChannelNotFound
from penstock.core.notifications.models import Channel, ChannelKind, ChannelPatch, ChatMessage, Credentials, NewChannel, Severity
from penstock.core.notifications.rights import ChannelRights
from penstock.core.notifications.store import NotificationTransaction
from penstock.core.outbound.errors import CallFailed, TargetRefused
from penstock.core.outbound.ports import OutgoingHttp
from penstock.core.outbound.targets import TargetPolicy
from penstock.core.vault.errors import SecretsUnreadable
from penstock.core.vault.fields import SecretFields
from penstock.kit.clock import Clock
from penstock.kit.errors import InvalidInput, Unavailable
from penstock.kit.fields import changes_in
from penstock.kit.ids import ChannelId, IdSource, OrgId, Prefix, encode
from penstock.kit.ordering import WHOLE, Ordering, View, by_name
from penstock.kit.paging import Page
from penstock.kit.secret import mask_values

POSTED = frozenset({"alerts:read", "rules:read"})
"""The scopes of the texts that are posted to a channel."""
_REASON = 120
"""Maximum characters of a response that are stored as the reason of a failure."""
_ORDERING: Ordering[Channel] = by_name("-created_at")


class ChannelService:
    """Chat channels of an organisation. Their credentials are in the vault and never shown again."""

    def __init__(
        self,
        *,
        database: OrganizationDatabase[NotificationTransaction],
        http: OutgoingHttp,
        policy: TargetPolicy,
        secrets: SecretFields,
        rights: ChannelRights,
        trail: AuditTrail,
        ids: IdSource,
        clock: Clock,
        config: NotificationsConfig,
    ) -> None:
        self._database = database
        self._http = http
        self._policy = policy
        self._secrets = secrets
        self._rights = rights
        self._trail = trail
        self._ids = ids
        self._clock = clock
        self._config = config

    async def create(self, actor: Actor, new: NewChannel) -> Channel:
        """Create a channel.

        Raises:
            InvalidInput: a field that the service requires is missing, or calls to the URL are not allowed; the field is named.
            ScopeMissing: the caller must not read what alerts and rules post; or a field refers to a secret, and the caller must
            not read secrets.
            ChannelExists, ChannelLimitReached, ChannelNotInPlan, SecretsUnreadable, Unavailable.
        """
        actor.require_all(POSTED)  # alerts and rules name a channel, and post to whichever has the name
        sent = {name: value for name in Credentials.__struct_fields__ if (value := getattr(new, name))}
        given = await self._secrets.given(actor, sent)
        credentials = Credentials(**given.values)
        self._check(new.kind, credentials)
        await self._rights.check(actor.org_id, "chat")
        now_us, channel_id = self._clock.now_us(), self._ids.next(ChannelId)
        channel = Channel(
            id=channel_id,
            org_id=actor.org_id,
            name=new.name,
            kind=new.kind,
            secret_paths=given.paths,
            hint=hint_of(credentials, given.names),
            created_us=now_us,
            updated_us=now_us,
        )
        async with self._database.transaction(actor.org_id) as tx:
            if await tx.channels.find_by_name(new.name) is not None:
                raise ChannelExists(name=new.name)
            if await tx.channels.count() >= self._config.max_channels:
                raise ChannelLimitReached(limit=self._config.max_channels)
            await tx.channels.create(channel)
            await self._secrets.store(tx, actor, owner_of(channel_id), given)
            await self._trail.record(tx, actor, "notification_channel.create", _target(channel), kind=new.kind.value)
        return channel

    async def get(self, actor: Actor, channel_id: ChannelId) -> Channel:
        """Return a channel.

        Raises:
            ChannelNotFound: the caller's organisation has no channel with this id.
        """
        async with self._database.snapshot(actor.org_id) as tx:
            return await _get(tx, channel_id)

    async def list(self, actor: Actor, limit: int, cursor: str | None, view: View = WHOLE) -> Page[Channel]:
        """Return a page of channels, newest first."""
        place = _ORDERING.place(view, cursor)
        async with self._database.snapshot(actor.org_id) as tx:
            found = await tx.channels.list(limit + 1, place)
        return _ORDERING.page(found, limit, view)

    async def update(self, actor: Actor, channel_id: ChannelId, patch: ChannelPatch) -> Channel:
        """Change the address or the credentials of a channel. Earlier failures are reset.

        Raises:
            ChannelNotFound, InvalidInput, SecretsUnreadable, Unavailable.
            ScopeMissing: the caller must not read what alerts and rules post; or a field refers to a secret, and the caller must
            not read secrets.
        """
        actor.require_all(POSTED)
        changes = changes_in(patch)
        cleared = [name for name, value in changes.items() if not value]
        given = await self._secrets.given(actor, {name: value for name, value in changes.items() if value})
        owner, kept = owner_of(channel_id), await self._kept(actor.org_id, channel_id)
        async with self._database.transaction(actor.org_id) as tx:
            before = await _get(tx, channel_id)
            paths = {path: name for path, name in before.secret_paths.items() if path not in cleared} | given.paths
            values = {path: kept[path] for path in paths if path in kept} | given.values
            credentials = Credentials(**values)
            self._check(before.kind, credentials)
            channel = msgspec.structs.replace(
                before,
                secret_paths=paths,
                hint=hint_of(credentials, paths),
                updated_us=self._clock.now_us(),
                failures=0,
                last_error=None,
                last_error_us=None,
            )
            await tx.channels.update(channel)
            await self._secrets.drop(tx, owner, cleared)
            await self._secrets.store(tx, actor, owner, given)
            await self._trail.record(tx, actor, "notification_channel.update", _target(channel), changed=sorted(changes))
        self._secrets.forget(actor.org_id, owner)
        return channel

    async def delete(self, actor: Actor, channel_id: ChannelId) -> None:
        """Delete a channel. Alerts and rules that name it can no longer post to it.

        Raises:
            ChannelNotFound.
        """
        async with self._database.transaction(actor.org_id) as tx:
            channel = await _get(tx, channel_id)
            await tx.channels.delete(channel_id)
            await self._secrets.drop_all(tx, owner_of(channel_id))
            await self._trail.record(tx, actor, "notification_channel.delete", _target(channel))
        self._secrets.forget(actor.org_id, owner_of(channel_id))

    async def test(self, actor: Actor, channel_id: ChannelId) -> str:
        """Post a test message to a channel; return the reason if the service rejected it, otherwise an empty string.

        Raises:
            ChannelNotFound, ChannelNotInPlan.
        """
        async with self._database.transaction(actor.org_id) as tx:
            channel = await _get(tx, channel_id)
            await self._trail.record(tx, actor, "notification_channel.test", _target(channel))
        message = ChatMessage(title="Test", text=f"Penstock can post to this channel, {channel.name}.", severity=Severity.INFO)
        try:
            await self.send(actor.org_id, channel.name, message)
        except ChannelFailed as error:
            return str(error.facts["reason"])
        return ""

    async def send(self, org_id: OrgId, name: str, message: ChatMessage) -> None:
        """Post to the channel with this name. The services have no message ids, so a repeated message appears twice.

        Raises:
            ChannelNotFound, ChannelNotInPlan.
            ChannelFailed: the service did not accept it; the channel's `last_error` has the reason.
        """
        await self.post(await self.find(org_id, name), message)

    async def find(self, org_id: OrgId, name: str) -> Channel:
        """The channel with this name, if the plan allows chats.

        Raises:
            ChannelNotFound, ChannelNotInPlan.
        """
        await self._rights.check(org_id, "chat")
        async with self._database.snapshot(org_id) as tx:
            channel = await tx.channels.find_by_name(name)
        if channel is None:
            raise ChannelNotFound(channel_id=name)
        return channel

    async def post(self, channel: Channel, message: ChatMessage) -> None:
        """Post to a channel. The services have no message ids, so a repeated message appears twice.

        Raises:
            ChannelFailed: the service did not accept it; the channel's `last_error` has the reason.
        """
        # Outside a transaction: a slow service must not hold the one writer.
        reason, wait_us = await self._send(channel, message)
        await self._record(channel, reason)
        if reason:
            raise ChannelFailed(name=channel.name, reason=reason, wait_us=wait_us)

    async def _send(self, channel: Channel, message: ChatMessage) -> tuple[str, int]:
        """Return why the service did not accept the message, otherwise an empty string; and how long it asks to wait."""
        credentials = Credentials()
        try:
            credentials = Credentials(**await self._secrets.read(channel.org_id, owner_of(channel.id), channel.secret_paths))
            if any(channel.secret_paths.values()):  # the secret may have another version than when this was set
                self._check(channel.kind, credentials)
            answer = await self._http.send(call_of(channel.kind, credentials, message, self._config.telegram_url))
        except (CallFailed, TargetRefused, SecretsUnreadable, Unavailable, InvalidInput) as error:
            return error.detail, 0
        if 200 <= answer.status < 300:
            return "", 0
        # A response could repeat the secret, or the path that was called, and users see this reason.
        answered = mask_values(answer.body.decode("utf-8", "replace"), secret_parts(credentials, channel.secret_paths))
        text = "".join(sign for sign in answered if sign.isprintable())
        return f"answered {answer.status} {text[:_REASON]}".strip(), wait_of(answer, self._clock.now_us())

    async def _record(self, channel: Channel, reason: str) -> None:
        now_us = self._clock.now_us()
        async with self._database.transaction(channel.org_id) as tx:
            found = await tx.channels.find(channel.id)
            if found is None or found.updated_us != channel.updated_us:
                return  # it was deleted or replaced in the meantime
            if reason:
                after = msgspec.structs.replace(found, failures=found.failures + 1, last_error=reason, last_error_us=now_us)
            else:
                after = msgspec.structs.replace(found, failures=0, last_sent_us=now_us)
            await tx.channels.update(after)

    def _check(self, kind: ChannelKind, credentials: Credentials) -> None:
        for name in credentials.__struct_fields__:
            given = bool(getattr(credentials, name))
            if name in needed(kind) and not given:
                raise InvalidInput.field(name, f"is required for {kind.value}")
            if given and name not in needed(kind):
                raise InvalidInput.field(name, f"is not used by {kind.value}")
        if credentials.token and not TOKEN.fullmatch(credentials.token):
            raise InvalidInput.field("token", "must be a bot's token")
        if credentials.url:
            self._policy.check_url(credentials.url)

    async def _kept(self, org_id: OrgId, channel_id: ChannelId) -> dict[str, str]:
        """The credentials of a channel as far as they can be read: what a change leaves out must fit to the rest."""
        async with self._database.snapshot(org_id) as tx:
            channel = await _get(tx, channel_id)
        try:
            return await self._secrets.read(org_id, owner_of(channel_id), channel.secret_paths)
        except SecretsUnreadable:
            return {}


async def _get(tx: NotificationTransaction, channel_id: ChannelId) -> Channel:
    channel = await tx.channels.find(channel_id)
    if channel is None:
        raise ChannelNotFound(channel_id=encode(Prefix.CHANNEL, channel_id))
    return channel


def _target(channel: Channel) -> Target:
    return Target("notification_channel", encode(Prefix.CHANNEL, channel.id), channel.name)
