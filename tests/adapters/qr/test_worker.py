"""The process that reads a picture: what it can do, what it cannot, and how much memory hostile pictures get.

Memory is measured as the peak of a process of its own, for time says nothing on a busy machine.
"""

from __future__ import annotations

import io
import os
import resource
import struct
import subprocess
import sys
from collections.abc import Callable

import msgspec
import pytest
from PIL import Image

from penstock.adapters.qr import worker
from penstock.adapters.qr.frames import Bounds, Outcome
from penstock.adapters.qr.reader import MODULE
from penstock.core.tokens.pictures import MAX_PICTURE_BYTES, MAX_PIXELS
from tests.support.pictures import COLOR, MEGABYTE, chunk, png, qr, zeros

GROWTH_BYTES = 200 * MEGABYTE
"""Above what an ordinary picture needs. The largest picture that is accepted needs most of it."""
URI = "otpauth://totp/Acme:ada?secret=JBSWY3DPEHPK3PXP"


def run(picture: bytes, bounds: Bounds | None = None) -> tuple[bytes, int, int]:
    """The output of a process for one picture, its exit status, and its peak of memory in bytes."""
    argument = msgspec.json.encode(bounds or Bounds(MAX_PICTURE_BYTES, MAX_PIXELS)).decode()
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen([sys.executable, "-I", "-m", MODULE, argument], env={}, cwd="/", **pipes)  # type: ignore[call-overload]
    process.stdin.write(picture)
    process.stdin.close()
    written = process.stdout.read()
    process.stdout.close()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return written, process.returncode, usage.ru_maxrss * 1024


def read(picture: bytes) -> Outcome:
    return worker.outcome_of(picture, MAX_PIXELS)


def jpeg(mode: str) -> bytes:
    return qr(URI, form="JPEG", mode=mode)


def animated() -> bytes:
    frames = [Image.open(io.BytesIO(qr(text))) for text in (URI, URI.upper())]
    out = io.BytesIO()
    frames[0].save(out, "PNG", save_all=True, append_images=frames[1:])
    return out.getvalue()


@pytest.mark.parametrize(
    "picture",
    [
        qr(URI),
        qr(URI, mode="1"),
        qr(URI, mode="RGB"),
        qr(URI, mode="RGBA", light=None),
        qr(URI, mode="P"),
        jpeg("L"),
        jpeg("RGB"),
        jpeg("CMYK"),
        animated(),
        qr(URI) + b"PK\x03\x04 <script>alert(1)</script> %PDF-1.7",
    ],
    ids=["grey", "bits", "color", "transparent", "palette", "jpeg", "jpeg color", "jpeg cmyk", "animated", "polyglot"],
)
def test_pictures_that_are_read(picture: bytes) -> None:
    assert read(picture) == Outcome(texts=[URI])


def test_a_code_that_is_turned_or_light_on_dark() -> None:
    image = Image.open(io.BytesIO(qr(URI)))
    for changed in (image.rotate(90), image.rotate(17, expand=True, fillcolor=255), image.point(lambda value: 255 - value)):
        out = io.BytesIO()
        changed.save(out, "PNG")
        assert read(out.getvalue()) == Outcome(texts=[URI])


def test_all_codes_of_a_picture_and_none_of_an_empty_one() -> None:
    texts = [f"{URI}{number}" for number in range(5)]
    assert sorted(read(qr(*texts)).texts) == texts
    assert read(png(8, 8, chunk(b"IDAT", zeros(8 * 9)))) == Outcome()


def other_format(name: str) -> bytes:
    out = io.BytesIO()
    Image.new("L", (8, 8)).save(out, name)
    return out.getvalue()


@pytest.mark.parametrize(
    "picture",
    [
        b"",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xe0",
        *(other_format(name) for name in ("GIF", "BMP", "TIFF", "WEBP", "ICO", "PPM")),
        qr(URI)[:120],
        jpeg("L")[:300],
        qr(URI).replace(b"IHDR", b"IHDX"),
        png(8, 8),
        png(8, 8, chunk(b"IDAT", b"no zlib")),
        png(0, 8, chunk(b"IDAT", zeros(8))),
        b"GIF89a" + qr(URI),
    ],
)
def test_what_is_no_complete_picture(picture: bytes) -> None:
    assert read(picture) == Outcome(fault="format")


@pytest.mark.parametrize("size", [(20_000, 20_000), (4_001, 4_000), (2**31 - 1, 2**31 - 1), (16_000_001, 1)])
def test_too_many_pixels_are_refused_by_the_header(size: tuple[int, int]) -> None:
    assert read(png(*size, chunk(b"IDAT", zeros(1_000)))) == Outcome(fault="pixels")


def profile() -> bytes:
    """A color profile of 900 MB."""
    return png(8, 8, chunk(b"iCCP", b"x\0\0" + zeros(900 * MEGABYTE)), chunk(b"IDAT", zeros(72)))


def texts() -> bytes:
    """Texts of 500 MB in total."""
    one = chunk(b"zTXt", b"x\0\0" + zeros(900_000))
    return png(8, 8, *[one] * 550, chunk(b"IDAT", zeros(72)))


def pixels() -> bytes:
    """900 MB of pixels, of which the header announces few."""
    return png(8, 8, chunk(b"IDAT", zeros(900 * MEGABYTE)))


def most() -> bytes:
    """The largest picture that is accepted, in color."""
    return png(4_000, 4_000, chunk(b"IDAT", zeros(4_000 * 12_001)), kind=COLOR)


def huge() -> bytes:
    return png(20_000, 20_000, chunk(b"IDAT", zeros(20_000 * 20_001)))


def segments() -> bytes:
    """A JPEG that announces 65,500 x 65,500 pixels."""
    small = jpeg("L")
    at = small.index(b"\xff\xc0")
    return small[: at + 5] + struct.pack(">HH", 65_500, 65_500) + small[at + 9 :]


@pytest.fixture(scope="module")
def ordinary() -> int:
    """The peak of an ordinary picture."""
    return run(qr(URI))[2]


@pytest.mark.parametrize("make", [profile, texts, pixels, most, huge, segments])
def test_hostile_pictures_get_little_memory(make: Callable[[], bytes], ordinary: int) -> None:
    picture = make()
    assert len(picture) <= MAX_PICTURE_BYTES
    written, status, peak = run(picture)
    assert peak - ordinary < GROWTH_BYTES, f"{peak / MEGABYTE:.0f} MB"
    if status == 0:
        assert msgspec.msgpack.decode(written, type=Outcome).texts == []
    else:
        assert written == b""


def of_a_phone(form: str) -> bytes:
    """A photo that was taken with the phone turned, with its notes; as MPO with a second picture."""
    notes = Image.Exif()
    notes[0x0112] = 6
    notes.get_ifd(0x8769)[0x9003] = "2026:05:02 09:00:00"
    image, out = Image.open(io.BytesIO(qr(URI))).convert("RGB").rotate(90), io.BytesIO()
    image.save(out, form, exif=notes, **({"save_all": True, "append_images": [image]} if form == "MPO" else {}))
    return out.getvalue()


@pytest.mark.parametrize("form", ["JPEG", "MPO"])
def test_a_photo_of_a_phone_is_read_where_no_file_can_be_opened(form: str) -> None:
    written, status, _ = run(of_a_phone(form))
    assert (msgspec.msgpack.decode(written, type=Outcome), status) == (Outcome(texts=[URI]), 0)


def test_a_process_reads_one_picture_and_ends() -> None:
    written, status, _ = run(qr(URI))
    assert (msgspec.msgpack.decode(written, type=Outcome), status) == (Outcome(texts=[URI]), 0)
    written, status, _ = run(qr(URI), Bounds(10, MAX_PIXELS))
    assert (msgspec.msgpack.decode(written, type=Outcome), status) == (Outcome(fault="format"), 0)


CANNOT = """
import socket, subprocess, resource
from penstock.adapters.qr import worker
worker.prepare()
worker.shut_in()
failed = 0
for attempt in (lambda: open("/etc/passwd"), lambda: open("/tmp/x", "w"), socket.socket, lambda: subprocess.run(["/bin/true"]),
                lambda: bytearray(2 * worker.MEMORY_BYTES)):
    try:
        attempt()
    except (OSError, MemoryError):
        failed += 1
print(failed, resource.getrlimit(resource.RLIMIT_CPU)[1])
"""


def test_it_cannot_open_anything() -> None:
    found = subprocess.run([sys.executable, "-c", CANNOT], capture_output=True, text=True, check=True, timeout=120)
    assert found.stdout.split() == ["5", str(worker.TIME_S)]
    assert resource.getrlimit(resource.RLIMIT_CPU)[1] == resource.RLIM_INFINITY, "only the process itself is limited"
