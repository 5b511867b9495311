"""Builds the services for webhooks: the use cases and the workers."""

from __future__ import annotations

import random

import msgspec

from penstock.api.system.metrics import Figure
from penstock.api.v2.webhooks.message_routes import WebhookMessageEndpoints
from penstock.api.v2.webhooks.routes import WebhookEndpoints
from penstock.bootstrap.dialects import WEBHOOK_FORMATS
from penstock.bootstrap.event_shapes import SHAPES
from penstock.bootstrap.inboxes import Inboxes
from penstock.bootstrap.outbound import Outbound
from penstock.bootstrap.part import Part
from penstock.bootstrap.services import Services
from penstock.core.expressions.error_counts import EvaluationErrors
from penstock.core.webhooks.bodies import Bodies
from penstock.core.webhooks.messages import MessageService
from penstock.core.webhooks.registry import EndpointRegistry
from penstock.core.webhooks.service import EndpointService
from penstock.kit.clock import Clock
from penstock.settings import Settings
from penstock.workers.webhook_delivery import WebhookDelivery
from penstock.workers.webhook_sources import WebhookSources
from penstock.workers.webhook_tidy import WebhookTidy


class Webhooks(msgspec.Struct, kw_only=True):
    """The services for webhooks."""

    endpoints: EndpointService
    messages: MessageService
    sources: WebhookSources
    delivery: WebhookDelivery
    tidy: WebhookTidy
    errors: EvaluationErrors
    clock: Clock

    @property
    def part(self) -> Part:
        """Endpoints, loops, gatherer and figures for webhooks."""
        return Part(
            endpoints=(
                WebhookEndpoints(self.endpoints, self.messages, self.errors, self.clock),
                WebhookMessageEndpoints(self.messages),
            ),
            loops={
                "webhook_sources": self.sources.run,
                "webhook_delivery": self.delivery.run,
                "webhook_tidy": self.tidy.run,
            },
            gatherers=(self.sources.on_events,),
            figures=(
                Figure("webhooks_delivered", "Webhook messages delivered.", lambda: self.delivery.delivered, counts=True),
                Figure(
                    "webhooks_failed",
                    "Attempts to deliver a webhook message that failed.",
                    lambda: self.delivery.failed,
                    counts=True,
                ),
                Figure("webhooks_lanes", "Webhook endpoints with messages to send.", lambda: self.delivery.lanes),
                Figure("webhooks_lag_readings", "Readings not yet processed for webhooks.", lambda: self.sources.lag),
            ),
        )


def build_webhooks(services: Services, settings: Settings, outbound: Outbound, inboxes: Inboxes) -> Webhooks:
    """Build the services for webhooks. Their loops are not running yet."""
    database, clock, ids, config = services.database, services.clock, services.ids, settings.webhooks
    registry, bodies = EndpointRegistry(database, services.evaluation_errors), Bodies(services.vault)
    delivery = WebhookDelivery(
        database=database,
        registry=registry,
        formats=WEBHOOK_FORMATS,
        bodies=bodies,
        http=outbound.http,
        secrets=services.secret_fields,
        post=services.people.post,
        ids=ids,
        clock=clock,
        chance=random.random,
        config=config,
    )
    return Webhooks(
        endpoints=EndpointService(
            database=database,
            registry=registry,
            formats=WEBHOOK_FORMATS,
            policy=outbound.policy,
            secrets=services.secret_fields,
            trail=services.trail,
            ids=ids,
            clock=clock,
            config=config,
            wake=delivery.wake,
            shapes=SHAPES,
            errors=services.evaluation_errors,
        ),
        messages=MessageService(
            database=database,
            formats=WEBHOOK_FORMATS,
            bodies=bodies,
            trail=services.trail,
            ids=ids,
            clock=clock,
            wake=delivery.wake,
        ),
        sources=WebhookSources(
            database=database,
            log=services.log,
            registry=registry,
            directory=services.directory,
            formats=WEBHOOK_FORMATS,
            bodies=bodies,
            payloads=inboxes.payloads,
            ids=ids,
            clock=clock,
            wake=delivery.wake,
        ),
        delivery=delivery,
        tidy=WebhookTidy(database, services.settled, config),
        errors=services.evaluation_errors,
        clock=clock,
    )
