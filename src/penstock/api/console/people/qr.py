"""QR codes as drawings in a page."""

from __future__ import annotations

import io

from markupsafe import Markup


def qr_drawing(text: str) -> Markup:
    """The QR code of a text as an SVG element; empty if the text is too long for one."""
    import segno  # here, because few pages have a QR code

    try:
        code = segno.make(text, error="m", micro=False)
    except segno.DataOverflowError:
        return Markup("")
    out = io.BytesIO()
    code.save(out, kind="svg", border=2, xmldecl=False, omitsize=True, nl=False, svgclass="qr", lineclass=None, light="#fff")
    return Markup(out.getvalue().decode())  # noqa: S704  (segno draws modules: no part of the text is in the markup)
