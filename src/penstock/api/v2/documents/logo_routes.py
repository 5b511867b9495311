"""The logo of an organisation's documents over the native API."""

from __future__ import annotations

from penstock.api.shared.call import Call, Stream
from penstock.api.shared.routes import Routes
from penstock.api.v2.documents import examples, wire
from penstock.api.v2.documents.translate import from_core_logo
from penstock.api.v2.telemetry.export import file_writer
from penstock.core.invoices.logos import LogoService
from penstock.kit.operation import Example

MAX_BASE64_BYTES = 360_000
"""Of a request: 256 kB in base64."""


class LogoEndpoints:
    """The logo."""

    routes = Routes("/api/v2/organization/logo", surface="v2", tag="Organisation")

    def __init__(self, logos: LogoService) -> None:
        self._logos = logos

    @routes.get(
        scope="organization:read",
        media_type="image/png",
        other_media_types=("image/jpeg",),
        refuses=(404,),
        example=Example(answer="(the image)"),
    )
    async def get(self, call: Call[None, None]) -> Stream:
        """Get the logo.

        As an image.
        """
        logo = await self._logos.get(call.actor)
        ending = logo.media_type.removeprefix("image/")
        return Stream(write=file_writer(logo.content, logo.media_type.encode(), f"logo.{ending}"))

    @routes.put(
        scope="organization:write",
        body_types=("application/json", "image/png", "image/jpeg"),
        max_body_bytes=MAX_BASE64_BYTES,
        example=Example(body={"content": examples.IMAGE}, answer=examples.LOGO),
    )
    async def set(self, call: Call[None, wire.LogoWrite]) -> wire.Logo:
        """Set the logo.

        A PNG or JPEG of at most 256 kB and 4000 × 4000 pixels, sent as it is or in base64. It appears on documents that are made
        from now on.
        """
        return from_core_logo(await self._logos.set(call.actor, call.body.content))

    @routes.delete(scope="organization:write", refuses=(404,))
    async def delete(self, call: Call[None, None]) -> None:
        """Remove the logo."""
        await self._logos.delete(call.actor)
