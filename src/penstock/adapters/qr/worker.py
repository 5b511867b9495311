"""The process that reads one picture: the picture in on stdin, the outcome out on stdout, nothing else.

Decoders of pictures are written in C and C++, and pictures come from strangers. So the process has no environment, cannot open
files, sockets or processes, has little memory and time, and ends after one picture: if a picture takes it over, there is nothing
to take, and no other picture comes.
"""

from __future__ import annotations

import io
import resource
import struct
import sys
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import msgspec
import zxingcpp
from PIL import Image, JpegImagePlugin, MpoImagePlugin, PngImagePlugin, TiffImagePlugin

from penstock.adapters.qr.frames import Bounds, Outcome

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

MEMORY_BYTES = 256 * 1_048_576
"""Address space in addition to that of the interpreter: 16 million pixels in color, in grey, and the reader's own copies."""
TIME_S = 5
"""Processor time of the whole process. A photo takes 0.2 s."""
MAX_CODES = 64
MAX_TEXT = 8_192
"""Characters; a QR code has at most 7,089."""
FORMATS = ("PNG", "JPEG")
_DAMAGED = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    IndexError,
    KeyError,
    TypeError,
    OverflowError,
    RuntimeError,
    struct.error,
    zlib.error,
)
"""What the decoders raise for damaged pictures."""


def outcome_of(content: bytes, pixels: int) -> Outcome:
    """Read a picture."""
    try:
        # By its content, whatever its sender calls it. Other decoders than these two are never tried.
        with Image.open(io.BytesIO(content), formats=FORMATS) as image:
            if image.width * image.height > pixels:  # the header says so: no pixel is decoded
                return Outcome(fault="pixels")
            found = _codes(_grey(image))
    except Image.DecompressionBombError:
        return Outcome(fault="pixels")
    except MemoryError:
        return Outcome(fault="memory")
    except _DAMAGED:
        return Outcome(fault="format")
    return Outcome(texts=found)


def _codes(picture: Picture) -> list[str]:
    formats = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    found = zxingcpp.read_barcodes(picture, formats=formats, text_mode=zxingcpp.TextMode.Plain)
    return [one.text for one in found[:MAX_CODES] if one.valid and len(one.text) <= MAX_TEXT]


def _grey(image: Picture) -> Picture:
    """A picture in grey; what is transparent is white, as on the page that it was copied from."""
    if not image.has_transparency_data:
        return image.convert("L")
    colored = image.convert("LA")
    white = Image.new("L", colored.size, 255)
    white.paste(colored.getchannel("L"), mask=colored.getchannel("A"))
    return white


def shut_in() -> None:
    """Give up every permission that reading a picture does not need."""
    size = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize() if sys.platform == "linux" else 0
    if size:
        resource.setrlimit(resource.RLIMIT_AS, (size + MEMORY_BYTES,) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (TIME_S, TIME_S))
    for limit in (resource.RLIMIT_NOFILE, resource.RLIMIT_FSIZE, resource.RLIMIT_CORE, resource.RLIMIT_NPROC):
        resource.setrlimit(limit, (0, 0))


def serve(bounds: Bounds, picture: BinaryIO, outcomes: BinaryIO) -> None:
    """Read the picture on one stream, and write the outcome to the other."""
    content = picture.read(bounds.picture_bytes + 1)
    outcome = Outcome(fault="format") if len(content) > bounds.picture_bytes else outcome_of(content, bounds.pixels)
    outcomes.write(msgspec.msgpack.encode(outcome))
    outcomes.flush()


def prepare() -> None:
    """Load what is loaded lazily, while files can be opened: only the two decoders that are used.

    A photo of a phone is a JPEG with notes in the form of TIFF, and sometimes with a second picture (MPO).
    """
    assert PngImagePlugin.PngImageFile.format == FORMATS[0]
    assert JpegImagePlugin.JpegImageFile.format == FORMATS[1]
    assert TiffImagePlugin.TiffImageFile.format == "TIFF"
    assert MpoImagePlugin.MpoImageFile.format == "MPO"
    Image.MAX_IMAGE_PIXELS = None  # the exact limit is checked above; this one would only warn
    small = io.BytesIO()
    Image.new("L", (24, 24), 255).save(small, "PNG")
    outcome_of(small.getvalue(), 1_000)


def main() -> None:
    """Read one picture from stdin. The limits are JSON in the first argument."""
    bounds = msgspec.json.decode(sys.argv[1], type=Bounds)
    prepare()
    shut_in()
    serve(bounds, sys.stdin.buffer, sys.stdout.buffer)


if __name__ == "__main__":
    main()
