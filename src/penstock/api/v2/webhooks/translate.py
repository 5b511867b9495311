"""Converts webhooks between wire structs and core models. All functions are pure."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET

from penstock.api.shared.decoding import body_id
from penstock.api.v2.evaluation_errors import from_core_errors
from penstock.api.v2.ranges import parse_moment
from penstock.api.v2.webhooks import wire
from penstock.core.expressions.error_counts import EvaluationErrors, Use
from penstock.core.webhooks import models
from penstock.core.webhooks.models import Endpoint, MessageStatus, Origin
from penstock.core.webhooks.schedule import is_open
from penstock.kit.clock import SECOND_US, format_time, format_time_or_none
from penstock.kit.ids import Prefix, ProjectId, encode


def to_core(new: wire.WebhookCreate) -> models.NewEndpoint:
    batch = new.batch
    return models.NewEndpoint(
        url=new.url,
        topics=tuple(new.topics),
        name=new.name,
        format=new.format,
        project_id=_project_id(new.project_id),
        filters=_to_core_filters(new.filters),
        options=models.Options(
            ordered=new.ordered,
            payload_only=new.payload_only,
            **(_batch_options(batch) if batch is not None else {}),
        ),
        headers=tuple(new.headers.items()),
        secret=new.secret,
        enabled=new.enabled,
    )


def to_core_patch(patch: wire.WebhookPatch) -> models.EndpointPatch:
    changes: dict[str, Any] = {name: value for name in ("url", "name") if (value := getattr(patch, name)) is not UNSET}
    if patch.topics is not UNSET:
        changes["topics"] = tuple(patch.topics)
    if patch.project_id is not UNSET:
        changes["project_id"] = _project_id(patch.project_id)
    if patch.filters is not UNSET:
        changes["filters"] = models.Filters() if patch.filters is None else _to_core_filters(patch.filters)
    if patch.headers is not UNSET:
        changes["headers"] = tuple((patch.headers or {}).items())
    options: dict[str, Any] = {
        name: value for name in ("ordered", "payload_only") if (value := getattr(patch, name)) is not UNSET
    }
    if patch.batch is not UNSET:
        # A batch of one reading is the core's form of no batch.
        options |= {"batch_readings": 1} if patch.batch is None else _batch_options(patch.batch)
    return models.EndpointPatch(**changes, options=models.OptionsPatch(**options))


def from_core(endpoint: Endpoint, errors: EvaluationErrors, now_us: int) -> wire.Webhook:
    filters, options = endpoint.filters, endpoint.options
    batch = wire.WebhookBatch(options.batch_readings, options.batch_wait_us // SECOND_US) if options.batch_readings > 1 else None
    return wire.Webhook(
        id=encode(Prefix.WEBHOOK, endpoint.id),
        organization_id=encode(Prefix.ORGANIZATION, endpoint.org_id),
        project_id=None if endpoint.project_id is None else encode(Prefix.PROJECT, endpoint.project_id),
        name=endpoint.name,
        url=endpoint.url,
        format=endpoint.format,
        topics=list(endpoint.topics),
        filters=wire.WebhookFilters(
            device_ids=[encode(Prefix.DEVICE, one) for one in filters.device_ids],
            labels=filters.labels,
            actions=list(filters.actions),
            channel=filters.channel,
            origin=None if filters.origin is None else filters.origin.value,
            condition=filters.condition,
        ),
        headers=list(endpoint.header_names),
        secret_references={path: name for path, name in endpoint.secret_paths.items() if name},
        ordered=options.ordered,
        payload_only=options.payload_only,
        batch=batch,
        enabled=endpoint.enabled,
        disabled_reason=endpoint.disabled_reason,
        failing_since=format_time_or_none(endpoint.health.failing_since_us),
        failures=endpoint.health.failures,
        paused_until=format_time(endpoint.health.open_until_us) if is_open(endpoint.health, now_us) else None,
        previous_secret_until=format_time_or_none(endpoint.previous_until_us),
        evaluation_errors=from_core_errors(errors.of(endpoint.org_id, Use.WEBHOOK, endpoint.id)),
        created_at=format_time(endpoint.created_us),
        updated_at=format_time(endpoint.updated_us),
    )


def from_core_created(created: models.CreatedEndpoint, errors: EvaluationErrors, now_us: int) -> wire.CreatedWebhook:
    return wire.CreatedWebhook(from_core(created.endpoint, errors, now_us), created.secret or None)


def from_core_message(message: models.Message, *, with_payload: bool = False) -> wire.WebhookMessage:
    # The payload is shown exactly as it was signed, as a string and not as nested JSON.
    payload = message.body.decode("utf-8", "replace") if with_payload and message.body is not None else None
    return wire.WebhookMessage(
        id=encode(Prefix.WEBHOOK_MESSAGE, message.id),
        webhook_id=encode(Prefix.WEBHOOK, message.endpoint_id),
        topic=message.topic,
        status=message.status.value,
        attempts=message.attempts,
        last_status=message.last_status,
        created_at=format_time(message.created_us),
        next_attempt_at=format_time(message.due_us) if message.status is MessageStatus.PENDING else None,
        settled_at=format_time_or_none(message.settled_us),
        payload=payload,
    )


def from_core_attempt(attempt: models.Attempt) -> wire.WebhookAttempt:
    return wire.WebhookAttempt(
        id=encode(Prefix.WEBHOOK_ATTEMPT, attempt.id),
        at=format_time(attempt.at_us),
        latency_ms=attempt.latency_us / 1000,
        status=attempt.status,
        error=attempt.error,
        response=attempt.excerpt,
    )


def to_core_filter(query: wire.WebhookMessageQuery) -> models.MessageFilter:
    return models.MessageFilter(
        endpoint_id=body_id(Prefix.WEBHOOK, query.webhook_id, "webhook_id") if query.webhook_id else None,
        topic=query.topic,
        status=MessageStatus(query.status) if query.status else None,
        from_us=parse_moment(query.from_, "from") if query.from_ is not None else None,
        to_us=parse_moment(query.to, "to") if query.to is not None else None,
    )


def to_core_replay(requested: wire.WebhookReplay) -> models.MessageFilter:
    return models.MessageFilter(
        topic=requested.topic,
        status=None if requested.status == "any" else MessageStatus(requested.status),
        from_us=parse_moment(requested.from_, "from") if requested.from_ is not None else None,
        to_us=parse_moment(requested.to, "to") if requested.to is not None else None,
    )


def _to_core_filters(filters: wire.WebhookFilters) -> models.Filters:
    ids = tuple(body_id(Prefix.DEVICE, one, f"filters.device_ids[{at}]") for at, one in enumerate(filters.device_ids))
    return models.Filters(
        device_ids=ids,
        labels=filters.labels,
        actions=tuple(filters.actions),
        channel=filters.channel,
        origin=None if filters.origin is None else Origin(filters.origin),
        condition=filters.condition,
    )


def _batch_options(batch: wire.WebhookBatch) -> dict[str, int]:
    return {"batch_readings": batch.readings, "batch_wait_us": batch.wait_s * SECOND_US}


def _project_id(text: str | None) -> ProjectId | None:
    return None if text is None else body_id(Prefix.PROJECT, text, "project_id")
