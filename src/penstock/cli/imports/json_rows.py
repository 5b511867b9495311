"""Records of NDJSON as readings: the lines of an export, or of anything that has `data`, `time` and a device."""

from __future__ import annotations

from pathlib import Path

import msgspec

from penstock.cli.imports.errors import ImportFailed
from penstock.cli.imports.rows import NOT_SENT, Encoded, Named, Rejected, device_field
from penstock.cli.imports.source import Block


class _Line(msgspec.Struct, gc=False, omit_defaults=True):
    """A reading in the file, and as it is sent. What exports have in addition is left out."""

    data: msgspec.Raw
    time: str | int | float | None = None
    device_id: str | None = None
    device: str | None = None
    kind: str | None = None
    channel: str | None = None
    dedupe_key: str | None = None


class JsonRows:
    """Encodes the blocks of one file."""

    def __init__(self, path: Path, named: Named) -> None:
        self._path = path
        self._named = named
        self._decoder = msgspec.json.Decoder(_Line)
        self._encoder = msgspec.json.Encoder()

    def encode(self, block: Block, first: int) -> Encoded:
        """The readings of a block whose first record has this number.

        Raises:
            ImportFailed: it is not text in UTF-8.
        """
        numbers: list[int] = []
        texts: list[str] = []
        rejected: list[Rejected] = []
        lines = [line for line in block.lines if not line.isspace()]
        for place, line in enumerate(lines):
            try:
                texts.append(self._one(line, first + place))
                numbers.append(first + place)
            except (msgspec.DecodeError, RecursionError, ValueError) as error:
                rejected.append(Rejected(first + place + 1, NOT_SENT, _reason(error), "", _shown(line)))
        return Encoded(numbers, texts, rejected, len(lines), lines)

    def _one(self, line: bytes, number: int) -> str:
        try:
            reading = self._decoder.decode(line)
        except UnicodeDecodeError:
            raise ImportFailed(path=self._path, reason="must be text in UTF-8") from None
        named = self._named
        if named.device is not None:
            reading.device_id = reading.device = None
            setattr(reading, device_field(named.device), named.device)
        if reading.device_id is None and reading.device is None:
            raise ValueError("has no device; pass --device for the device of all readings")
        if not named.timed:
            reading.time = None
        elif reading.time is None:
            raise ValueError("has no time; pass --without-times if they are of now")
        reading.dedupe_key = reading.dedupe_key or f"{named.dedupe}{number}"
        return self._encoder.encode(reading).decode()


def _reason(error: Exception) -> str:
    text = str(error) or type(error).__name__
    return text if text.startswith("has ") else f"is not a reading: {text}"


def _shown(line: bytes) -> str:
    return line.decode("utf-8", "replace").rstrip("\r\n")
