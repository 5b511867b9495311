"""Previews of alerts over the native API."""

from __future__ import annotations

from penstock.api.shared.call import Call
from penstock.api.shared.decoding import body_id
from penstock.api.shared.routes import Routes
from penstock.api.v2.alerts import wire
from penstock.api.v2.alerts.examples import PREVIEW, PREVIEWED
from penstock.api.v2.alerts.routes import MAX_BODY_BYTES, READ
from penstock.api.v2.alerts.translate import from_core_preview, to_core_previewed
from penstock.api.v2.ranges import parse_range
from penstock.core.alerts.previews import PreviewService
from penstock.kit.clock import Clock
from penstock.kit.ids import DeviceId, Prefix
from penstock.kit.operation import Example


class AlertPreviewEndpoints:
    """Preview alerts that are not stored."""

    routes = Routes("/api/v2/alerts", surface="v2", tag="Alerts")

    def __init__(self, previews: PreviewService, clock: Clock) -> None:
        self._previews = previews
        self._clock = clock

    @routes.post(
        "/preview",
        scope=READ,
        refuses=(404,),
        idempotent=False,
        max_body_bytes=MAX_BODY_BYTES,
        example=Example(body=PREVIEW, answer=PREVIEWED),
    )
    async def preview(self, call: Call[None, wire.AlertPreview]) -> wire.AlertPreviewed:
        """Preview an alert.

        Evaluates a definition for a device with its stored readings, by default those of the last 24 hours, and returns when it
        would have been raised. Nothing is stored, and no action is executed. It requires the scope of its condition:
        `devices:read` for `no_data` and `connectivity`, otherwise `telemetry:read`. Late readings count as if they had arrived
        in time, and maintenance does not count.
        """
        sent = call.body
        device_id = DeviceId(body_id(Prefix.DEVICE, sent.device_id, "device_id"))
        span = parse_range(sent, self._clock)
        return from_core_preview(await self._previews.preview(call.actor, to_core_previewed(sent, device_id), device_id, span))
