"""QR codes in pages."""

from __future__ import annotations

from penstock.api.console.people.qr import qr_drawing


def test_a_code_is_a_drawing_without_the_text_or_styles() -> None:
    drawing = qr_drawing("otpauth://totp/<script>?secret=GEZDGNBV")
    assert drawing.startswith("<svg")
    assert "GEZDGNBV" not in drawing
    assert "script" not in drawing
    assert "style=" not in drawing
    assert qr_drawing("x" * 5000) == ""
