"""The use cases on the logo."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from penstock.core.invoices.document_errors import LogoInvalid, LogoNotFound
from penstock.core.invoices.documents import DocumentForm
from penstock.core.invoices.logos import MAX_BYTES
from tests.adapters.documents.issued import issued
from tests.core.billing.closed import opened, us
from tests.support.days import HeldClock


async def test_a_logo_is_on_documents_until_it_is_removed(tmp_path: Path) -> None:
    out = io.BytesIO()
    Image.new("RGB", (30, 10), "teal").save(out, "PNG")
    async with opened(tmp_path, HeldClock(us("2026-06-03T08:00:00"))) as (server, actor):
        logos, documents = server.parts.documents.logos, server.parts.documents.service
        plain = await documents.document(actor, issued(), DocumentForm.PDF)
        assert await logos.set(actor, out.getvalue()) == await logos.get(actor)
        assert await documents.document(actor, issued(), DocumentForm.PDF) != plain
        await logos.delete(actor)
        assert await documents.document(actor, issued(), DocumentForm.PDF) == plain
        with pytest.raises(LogoNotFound):
            await logos.delete(actor)
        with pytest.raises(LogoInvalid, match="262,144 bytes"):
            await logos.set(actor, out.getvalue() + b"\0" * MAX_BYTES)
