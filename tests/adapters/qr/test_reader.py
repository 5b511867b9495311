"""Pictures as the server passes them on: bounds, order, and processes that end badly."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable

import msgspec
import pytest

from penstock.adapters.qr import reader
from penstock.adapters.qr.frames import Outcome
from penstock.adapters.qr.reader import MAX_OUTCOME_BYTES, QrReader, TooManyPictures, decoded
from penstock.core.tokens.pictures import MAX_PICTURE_BYTES
from penstock.kit.errors import InvalidInput
from tests.support.pictures import chunk, png, qr, zeros


def code_of(error: BaseException) -> tuple[str, str]:
    assert isinstance(error, InvalidInput)
    return error.errors[0].field, error.errors[0].code


async def test_the_texts_of_a_picture() -> None:
    assert await QrReader().read(qr("tide", "weir")) == ["tide", "weir"]


async def test_what_is_refused_names_the_picture() -> None:
    one = QrReader()
    pictures = (b"", b"x" * (MAX_PICTURE_BYTES + 1), b"x", png(20_000, 20_000, chunk(b"IDAT", zeros(9))))
    found = await asyncio.gather(*(one.read(picture) for picture in pictures), return_exceptions=True)
    assert [code_of(error) for error in found if isinstance(error, BaseException)] == [
        *(("picture", "empty"), ("picture", "too_large"), ("picture", "invalid"), ("picture", "too_large"))
    ]


def starting(program: str) -> Callable[[], object]:
    """What starts another program instead of the reader's own."""

    async def start() -> asyncio.subprocess.Process:
        pipe = asyncio.subprocess.PIPE
        return await asyncio.create_subprocess_exec(sys.executable, "-c", program, stdin=pipe, stdout=pipe)

    return start


@pytest.mark.parametrize(
    "program",
    [
        "import os; os.abort()",
        "print('no message')",
        "import sys; sys.stdin.buffer.read(); sys.exit(0)",
        "import os; os.close(0)",
        "import os; part = bytes(65_536)\nwhile True: os.write(1, part)",
    ],
)
async def test_a_process_that_ends_badly_costs_one_picture(program: str, monkeypatch: pytest.MonkeyPatch) -> None:
    one = QrReader()
    with monkeypatch.context() as patched:
        patched.setattr(
            reader, "start", starting(f"import resource; resource.setrlimit(resource.RLIMIT_CORE, (0, 0)); {program}")
        )
        with pytest.raises(InvalidInput, match="picture: takes too much"):
            await one.read(qr("tide"))
    assert await one.read(qr("tide")) == ["tide"]


async def test_a_process_that_hangs_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "WITHIN_S", 0.1)
    made: list[asyncio.subprocess.Process] = []

    async def start() -> asyncio.subprocess.Process:
        pipe = asyncio.subprocess.PIPE
        made.append(await asyncio.create_subprocess_exec("/bin/sleep", "600", stdin=pipe, stdout=pipe))
        return made[0]

    monkeypatch.setattr(reader, "start", start)
    with pytest.raises(TooManyPictures):
        await QrReader().read(qr("tide"))
    assert made[0].returncode is not None
    with pytest.raises(ProcessLookupError):
        os.kill(made[0].pid, 0)


async def test_only_so_many_may_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MAX_WAITING", 2)
    one, picture = QrReader(), qr("tide")
    found = await asyncio.gather(*(one.read(picture) for _ in range(3)), return_exceptions=True)
    assert [isinstance(each, TooManyPictures) for each in found] == [False, False, True]
    assert await one.read(picture) == ["tide"]


def test_what_a_process_writes_is_not_trusted() -> None:
    assert decoded(msgspec.msgpack.encode(Outcome(texts=["x"]))) == Outcome(texts=["x"])
    for written in (b"", b"\xff" * 9, msgspec.msgpack.encode({"fault": "other"}), b"x" * (MAX_OUTCOME_BYTES + 1)):
        assert decoded(written) == Outcome(fault="memory")


def test_the_server_does_not_load_the_decoders() -> None:
    program = "import sys, penstock.adapters.qr.reader; print({'zxingcpp', 'PIL.PngImagePlugin'} & set(sys.modules))"
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=120)
    assert found.stdout.strip() == "set()"
