"""Use cases on endpoints, in CRUD order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from penstock.core.actor import Actor
from penstock.core.audit.models import Target
from penstock.core.audit.trail import AuditTrail
from penstock.core.database import OrganizationDatabase
from penstock.core.devices.errors import DeviceNotFound
from penstock.core.expressions.error_counts import EvaluationErrors, Use
from penstock.core.outbound.targets import TargetPolicy
from penstock.core.tenancy.errors import ProjectNotFound
from penstock.core.vault.fields import REVEAL, Given, SecretFields
from penstock.core.webhooks.bodies import check_topics
from penstock.core.webhooks.config import WebhooksConfig
from penstock.core.webhooks.errors import EndpointLimitReached, EndpointNotFound, NotSigned
from penstock.core.webhooks.filters import Shapes, check_filters
from penstock.core.webhooks.formats import BatchingFormat, WebhookFormat, WebhookFormats
from penstock.core.webhooks.models import (
    CreatedEndpoint,
    Endpoint,
    EndpointPatch,
    Headers,
    Health,
    MessageFilter,
    MessageStatus,
    NewEndpoint,
)
from penstock.core.webhooks.registry import EndpointRegistry
from penstock.core.webhooks.secrets import HEADER, PREVIOUS, SECRET, header_paths, owner_of, paths_at, refers
from penstock.core.webhooks.signing import check_headers, new_secret
from penstock.core.webhooks.store import WebhookTransaction
from penstock.core.webhooks.topics import READING, TEST, matches, parse_topics
from penstock.kit.clock import SECOND_US, Clock
from penstock.kit.errors import InvalidInput
from penstock.kit.fields import changes_in
from penstock.kit.ids import IdSource, Prefix, ProjectId, WebhookId, encode
from penstock.kit.ordering import WHOLE, Ordering, View, by_name
from penstock.kit.paging import Page

Wake = Callable[[WebhookId], None]
"""Notifies the delivery worker that an endpoint may have messages to send."""
_ORDERING: Ordering[Endpoint] = by_name("-created_at")


class EndpointService:
    """Webhook endpoints of an organisation."""

    def __init__(
        self,
        *,
        database: OrganizationDatabase[WebhookTransaction],
        registry: EndpointRegistry,
        formats: WebhookFormats,
        policy: TargetPolicy,
        secrets: SecretFields,
        trail: AuditTrail,
        ids: IdSource,
        clock: Clock,
        config: WebhooksConfig,
        wake: Wake,
        shapes: Shapes,
        errors: EvaluationErrors,
    ) -> None:
        self._database = database
        self._registry = registry
        self._formats = formats
        self._policy = policy
        self._secrets = secrets
        self._trail = trail
        self._ids = ids
        self._clock = clock
        self._config = config
        self._wake = wake
        self._shapes = shapes
        self._errors = errors

    async def create(self, actor: Actor, request: NewEndpoint) -> CreatedEndpoint:
        """Create an endpoint. Its secret is returned only here.

        Raises:
            InvalidInput: a field is invalid, or calls to the URL are not allowed; the error names the field.
            ScopeMissing: the caller does not have the scope of a topic, and so must not receive its events; or a value refers to
            a secret, and the caller must not read secrets.
            GrantedTopics: the caller reaches only what is granted to it, and a topic is about more.
            ProjectNotFound, DeviceNotFound, EndpointLimitReached, SecretsUnreadable, Unavailable.
        """
        form = self._formats.get(request.format)
        secret = new_secret() if form.traits.signed and request.secret is None else request.secret
        signing = {} if secret is None else {SECRET: secret}
        given = await self._secrets.given(actor, signing | header_paths(request.headers))
        if request.secret is not None:
            form.check_secret(given.values[SECRET], SECRET)
        now_us, endpoint_id = self._clock.now_us(), self._ids.next(WebhookId)
        endpoint = Endpoint(
            id=endpoint_id,
            org_id=actor.org_id,
            project_id=request.project_id,
            name=request.name,
            url=request.url,
            format=request.format,
            topics=parse_topics(request.topics),
            filters=request.filters,
            options=request.options,
            header_names=self._checked_headers(request.headers, given, form),
            secret_paths=given.paths,
            enabled=request.enabled,
            disabled_reason=None if request.enabled else "by_hand",
            since_us=now_us,
            previous_until_us=None,
            created_us=now_us,
            updated_us=now_us,
        )
        self._check(endpoint)
        check_topics(actor, endpoint.topics)
        await self._registry.load()
        async with self._database.transaction(actor.org_id) as tx:
            await _check_places(tx, endpoint)
            await self._check_room(tx, endpoint)
            await tx.webhooks.create(endpoint)
            await self._secrets.store(tx, actor, owner_of(endpoint_id), given)
            await self._trail.record(tx, actor, "webhook.create", _target(endpoint), after=_facts(endpoint))
        self._registry.put(endpoint)
        return CreatedEndpoint(endpoint, secret or "")

    async def get(self, actor: Actor, endpoint_id: WebhookId) -> Endpoint:
        """One endpoint.

        Raises:
            EndpointNotFound: the caller's organisation has no endpoint with this id.
        """
        async with self._database.snapshot(actor.org_id) as tx:
            return await get_endpoint(tx, endpoint_id)

    async def list(
        self, actor: Actor, project_id: ProjectId | None, limit: int, cursor: str | None, view: View = WHOLE
    ) -> Page[Endpoint]:
        """A page of endpoints, newest first."""
        place = _ORDERING.place(view, cursor)
        async with self._database.snapshot(actor.org_id) as tx:
            found = await tx.webhooks.list(project_id, limit + 1, place)
        return _ORDERING.page(found, limit, view)

    async def update(self, actor: Actor, endpoint_id: WebhookId, patch: EndpointPatch) -> Endpoint:
        """Update the fields in the patch. Queued messages are sent to the new URL unchanged.

        Raises:
            InvalidInput, EndpointNotFound, ProjectNotFound, DeviceNotFound, EndpointLimitReached, SecretsUnreadable, Unavailable.
            ScopeMissing: the caller does not have the scope of a topic of the endpoint, or of a message that is sent to its new
            URL; or a secret with a name would be sent there, or a header refers to one, and the caller must not read secrets.
        """
        changes = changes_in(patch)
        headers = changes.pop("headers", None)
        given = await self._secrets.given(actor, header_paths(headers or ()))
        owner = owner_of(endpoint_id)
        async with self._database.transaction(actor.org_id) as tx:
            before = await get_endpoint(tx, endpoint_id)
            paths = paths_at(before, self._clock.now_us())  # of a previous secret that signs no more, nothing is kept
            if headers is not None:
                changes["header_names"] = self._checked_headers(headers, given, self._formats.get(before.format))
                paths = {path: name for path, name in paths.items() if not path.startswith(HEADER)} | given.paths
            changes["secret_paths"] = paths
            if "topics" in changes:
                changes["topics"] = parse_topics(changes["topics"])
            changes["options"] = msgspec.structs.replace(before.options, **changes_in(patch.options))
            after = msgspec.structs.replace(before, **changes, updated_us=self._clock.now_us())
            self._check(after)
            await _check_rights(tx, actor, before, after)
            await _check_places(tx, after)
            if after.project_id != before.project_id:
                await self._check_room(tx, after)
            await tx.webhooks.update(after)
            await self._secrets.drop(tx, owner, before.secret_paths.keys() - paths.keys())
            await self._secrets.store(tx, actor, owner, given)
            await self._trail.record(tx, actor, "webhook.update", _target(after), before=_facts(before), after=_facts(after))
        self._secrets.forget(actor.org_id, owner)
        self._registry.put(after)
        self._errors.reset(actor.org_id, Use.WEBHOOK, endpoint_id)
        self._wake(endpoint_id)
        return after

    async def set_enabled(self, actor: Actor, endpoint_id: WebhookId, enabled: bool) -> Endpoint:
        """Enable an endpoint, so that queued messages and new events are sent, or disable it. Idempotent.

        Raises:
            EndpointNotFound.
            ScopeMissing: it would be enabled, and the caller does not have the scope of a topic.
        """
        now_us = self._clock.now_us()
        async with self._database.transaction(actor.org_id) as tx:
            before = await get_endpoint(tx, endpoint_id)
            if enabled:
                check_topics(actor, before.topics)
            if before.enabled is enabled:
                return before
            after = msgspec.structs.replace(
                before,
                enabled=enabled,
                disabled_reason=None if enabled else "by_hand",
                since_us=now_us if enabled else before.since_us,
                updated_us=now_us,
                health=Health(),
            )
            await tx.webhooks.update(after)
            # Separate, because `update` leaves the health to the delivery worker.
            await tx.webhooks.set_health(endpoint_id, after.health)
            await self._trail.record(tx, actor, "webhook.enable" if enabled else "webhook.disable", _target(after))
        self._registry.put(after)
        self._wake(endpoint_id)
        return after

    async def rotate(self, actor: Actor, endpoint_id: WebhookId, secret: str | None, overlap_s: int | None) -> CreatedEndpoint:
        """Replace the secret. The old one also signs for `overlap_s`; None applies the time in the settings.

        Raises:
            InvalidInput: the secret is invalid.
            EndpointNotFound, NotSigned, SecretsUnreadable, Unavailable.
            ScopeMissing: the caller does not have the scope of a topic; or the value refers to a secret, and the caller must not
            read secrets.
        """
        now_us, owner = self._clock.now_us(), owner_of(endpoint_id)
        made = new_secret() if secret is None else secret
        given = await self._secrets.given(actor, {SECRET: made})
        overlap_us = (self._config.rotation_overlap_s if overlap_s is None else overlap_s) * SECOND_US
        async with self._database.transaction(actor.org_id) as tx:
            before = await get_endpoint(tx, endpoint_id)
            check_topics(actor, before.topics)
            form = self._formats.get(before.format)
            if not form.traits.signed:
                raise NotSigned(endpoint_id=encode(Prefix.WEBHOOK, endpoint_id))
            if secret is not None:
                form.check_secret(given.values[SECRET], SECRET)
            kept = {path: name for path, name in before.secret_paths.items() if path != PREVIOUS}
            if overlap_us and await self._secrets.move(tx, owner, SECRET, PREVIOUS):
                kept[PREVIOUS] = before.secret_paths[SECRET]
            else:
                await self._secrets.drop(tx, owner, [PREVIOUS])
            await self._secrets.store(tx, actor, owner, given)
            after = msgspec.structs.replace(
                before,
                secret_paths=kept | given.paths,
                previous_until_us=now_us + overlap_us if overlap_us else None,
                updated_us=now_us,
            )
            await tx.webhooks.update(after)
            overlap = overlap_us // SECOND_US
            await self._trail.record(tx, actor, "webhook.rotate", _target(after), overlap_s=overlap)
        self._secrets.forget(actor.org_id, owner)
        self._registry.put(after)
        return CreatedEndpoint(after, made)

    async def delete(self, actor: Actor, endpoint_id: WebhookId) -> None:
        """Delete an endpoint. Messages that still wait expire; the others are kept as long as any.

        Raises:
            EndpointNotFound.
        """
        async with self._database.transaction(actor.org_id) as tx:
            endpoint = await get_endpoint(tx, endpoint_id)
            await tx.webhooks.delete(endpoint_id)
            await self._secrets.drop_all(tx, owner_of(endpoint_id))
            await tx.webhook_messages.end_pending(endpoint_id, self._clock.now_us())
            await self._trail.record(tx, actor, "webhook.delete", _target(endpoint), before=_facts(endpoint))
        self._secrets.forget(actor.org_id, owner_of(endpoint_id))
        self._registry.drop(endpoint)
        self._errors.reset(actor.org_id, Use.WEBHOOK, endpoint_id)

    def _check(self, endpoint: Endpoint) -> None:
        self._policy.check_url(endpoint.url)
        form, options = self._formats.get(endpoint.format), endpoint.options
        name, traits = form.name, form.traits
        if options.batch_readings > 1 and not isinstance(form, BatchingFormat):
            raise InvalidInput.field("batch.readings", f"must be 1 with the format {name}, which sends messages one at a time")
        if options.payload_only and not traits.has_payload_only:
            raise InvalidInput.field("payload_only", self._who_has_payload_only())
        if traits.of_project and endpoint.project_id is None:
            raise InvalidInput.field("project_id", f"is required for the format {name}")
        if traits.readings_alone and not all(matches("reading.*", topic) or topic == "reading.*" for topic in endpoint.topics):
            raise InvalidInput.field("topics", f"must be only {READING}* topics with the format {name}")
        check_filters(endpoint.filters, endpoint.topics, self._shapes)

    def _checked_headers(self, headers: Headers, given: Given, form: WebhookFormat) -> tuple[str, ...]:
        """The names of headers, whose values are checked as they will be sent."""
        sent = tuple((name, given.values[f"{HEADER}{name}"]) for name, _ in headers)
        return tuple(name for name, _ in check_headers(sent, form, self._formats))

    def _who_has_payload_only(self) -> str:
        names = [form.name for form in self._formats if form.traits.has_payload_only]
        return f"is allowed only with the format {' or '.join(names)}" if names else "is not supported by any format"

    async def _check_room(self, tx: WebhookTransaction, endpoint: Endpoint) -> None:
        total, alike = await tx.webhooks.count(endpoint.project_id, endpoint.format)
        # An endpoint that moves to another project is already part of the total.
        known = await tx.webhooks.find(endpoint.id) is not None
        if total >= self._config.max_endpoints and not known:
            raise EndpointLimitReached(limit=self._config.max_endpoints, of="in an organization")
        most = self._formats.get(endpoint.format).traits.max_per_project
        if most is not None and alike >= most:
            raise EndpointLimitReached(limit=most, of=f"of the format {endpoint.format} in a project")


async def get_endpoint(tx: WebhookTransaction, endpoint_id: WebhookId) -> Endpoint:
    """One endpoint, in a running transaction.

    Raises:
        EndpointNotFound: the transaction's organisation has no endpoint with this id.
    """
    endpoint = await tx.webhooks.find(endpoint_id)
    if endpoint is None:
        raise EndpointNotFound(endpoint_id=encode(Prefix.WEBHOOK, endpoint_id))
    return endpoint


async def _check_rights(tx: WebhookTransaction, actor: Actor, before: Endpoint, after: Endpoint) -> None:
    """Check that the caller can read everything that the changed endpoint receives."""
    topics = {*before.topics, *after.topics}
    if after.url != before.url:
        if refers(before):
            actor.require(REVEAL)  # otherwise a secret could be sent to a server of the caller's
        waiting = MessageFilter(endpoint_id=before.id, status=MessageStatus.PENDING)
        topics |= set(await tx.webhook_messages.topics(waiting))
    check_topics(actor, topics - {TEST})


async def _check_places(tx: WebhookTransaction, endpoint: Endpoint) -> None:
    if endpoint.project_id is not None and await tx.projects.find(endpoint.project_id) is None:
        raise ProjectNotFound(project_id=encode(Prefix.PROJECT, endpoint.project_id))
    for device_id in endpoint.filters.device_ids:
        if await tx.devices.find_ref(device_id) is None:
            raise DeviceNotFound(device_id=encode(Prefix.DEVICE, device_id))


def _target(endpoint: Endpoint) -> Target:
    return Target("webhook", encode(Prefix.WEBHOOK, endpoint.id), endpoint.name or endpoint.url)


def _facts(endpoint: Endpoint) -> dict[str, Any]:
    return {
        "url": endpoint.url,
        "topics": list(endpoint.topics),
        "format": endpoint.format,
        "headers": list(endpoint.header_names),
        "enabled": endpoint.enabled,
    }
