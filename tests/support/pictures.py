"""Pictures of QR codes, and pictures that would harm who decodes them."""

from __future__ import annotations

import io
import struct
import zlib

import segno
from PIL import Image

SIGNATURE = b"\x89PNG\r\n\x1a\n"
GREY, COLOR = 0, 2
MEGABYTE = 1_048_576


def qr(*texts: str, form: str = "PNG", mode: str = "L", light: str | None = "white") -> bytes:
    """A picture with a code for each text, side by side."""
    codes = [_code(text, light) for text in texts]
    height = max(code.height for code in codes)
    whole = Image.new("RGBA", (sum(code.width for code in codes), height), (255, 255, 255, 0 if light is None else 255))
    left = 0
    for code in codes:
        whole.paste(code, (left, 0))
        left += code.width
    out = io.BytesIO()
    (whole if mode == "RGBA" else whole.convert(mode)).save(out, form)
    return out.getvalue()


def _code(text: str, light: str | None) -> Image.Image:
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="png", scale=4, border=4, light=light)
    out.seek(0)
    return Image.open(out).convert("RGBA")


def chunk(kind: bytes, content: bytes) -> bytes:
    """A part of a PNG file."""
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(width: int, height: int, *parts: bytes, kind: int = GREY) -> bytes:
    """A PNG file with these parts after its header."""
    header = struct.pack(">IIBBBBB", width, height, 8, kind, 0, 0, 0)
    return SIGNATURE + chunk(b"IHDR", header) + b"".join(parts) + chunk(b"IEND", b"")


def zeros(count: int) -> bytes:
    """So many zeros, compressed to a thousandth. A block is compressed once and repeated, for this must take no time."""
    whole, rest = divmod(count, MEGABYTE)
    checksum = (count % 65_521 << 16 | 1).to_bytes(4, "big")  # Adler-32 (RFC 1950, 8.2) of zeros
    return b"\x78\xda" + _block(MEGABYTE) * whole + _block(rest) + b"\x03\x00" + checksum


def _block(count: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(bytes(count)) + packer.flush(zlib.Z_FULL_FLUSH)  # does not refer to what was before it
