"""What is kept of the readings of a deleted meter: of each, its time and the fields that its registers count.

The values stay the text that the device sent, so that they are as exact as in the readings. An archive can therefore be read as
the readings are: it has payloads with fewer fields.

Shape: lines of text, compressed by zlib: the microseconds since the previous reading, a space, and a JSON object.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from itertools import accumulate

import msgspec
import structlog

from penstock.core.database import OrganizationDatabase
from penstock.core.meters.former import FormerMeter, HasFormerMeters
from penstock.core.registers.models import DEFAULT_REGISTERS
from penstock.core.telemetry.models import TimeRange
from penstock.core.telemetry.store import ReadingStore
from penstock.kit.clock import MAX_US, MIN_US, MINUTE_US
from penstock.kit.errors import PenstockError
from penstock.kit.ids import DeviceId, OrgId, Prefix, encode

ALL_UP_TO = 2_000_000
"""So many readings are kept, which is a reading a minute for four years; of more, one a minute."""
CHUNK_BYTES = 1_048_576
_DAMAGED = "storage.reading_damaged"
_PAYLOAD = msgspec.json.Decoder(dict[str, msgspec.Raw])
_log = structlog.get_logger()


class Archive:
    """Collects the readings of one meter, without having them in memory. `all_up_to` is for tests."""

    def __init__(self, fields: Sequence[str], all_up_to: int = ALL_UP_TO) -> None:
        self._fields = fields
        self._all_up_to = all_up_to
        self._compressor = zlib.compressobj()
        self._blob = bytearray()
        self._count = self._last_us = 0

    def add(self, times: list[int], payloads: list[bytes]) -> None:
        """Add readings; those without a field that counts are left out."""
        lines = []
        for time_us, payload in zip(times, payloads, strict=True):
            kept = {key: value for key, value in _PAYLOAD.decode(payload).items() if self._counts(key)}
            if not kept or (self._count >= self._all_up_to and 0 <= time_us - self._last_us < MINUTE_US):
                continue
            # A line break in JSON is only ever white space.
            lines.append(b"%d %s\n" % (time_us - self._last_us, msgspec.json.encode(kept).replace(b"\n", b" ")))
            self._last_us = time_us
            self._count += 1
        self._blob += self._compressor.compress(b"".join(lines))

    def blob(self) -> bytes:
        """The archive. Nothing can be added afterwards."""
        return bytes(self._blob + self._compressor.flush())

    def _counts(self, key: str) -> bool:
        return any(field == key or field.startswith(f"{key}.") for field in self._fields)


def readings_in(blob: bytes) -> Iterator[tuple[list[int], list[bytes]]]:
    """The (event times, payloads) of an archive, chunk by chunk, in the order in which they were added."""
    decompressor, rest, last_us = zlib.decompressobj(), b"", 0
    while blob or rest:
        text = rest + decompressor.decompress(blob, CHUNK_BYTES)
        blob = decompressor.unconsumed_tail
        lines = text.split(b"\n")
        rest = lines.pop()
        if lines:
            steps, payloads = zip(*(line.split(b" ", 1) for line in lines), strict=True)
            times = list(accumulate(map(int, steps), initial=last_us))[1:]
            last_us = times[-1]
            yield times, list(payloads)


class MeterArchivist:
    """Archives the readings of deleted meters before they are removed."""

    def __init__(self, database: OrganizationDatabase[HasFormerMeters], store: ReadingStore) -> None:
        self._database = database
        self._store = store

    async def keep(self, org_id: OrgId, device_id: DeviceId) -> None:
        """Archive the readings of a deleted device, if it is a former meter.

        Idempotent: if it was done, it is not repeated, because by then readings may have been removed.
        """
        async with self._database.snapshot(org_id) as tx:
            former = (await tx.former_meters.of([device_id])).get(device_id)
        if former is None or former.points is not None:
            return
        archive = Archive(fields_of(former))
        try:
            await self._store.scan(org_id, device_id, TimeRange(from_us=MIN_US, to_us=MAX_US), archive.add)
        except PenstockError as error:
            # The others must not be kept for ever because of one that cannot be read.
            if error.code != _DAMAGED:
                raise
            _log.error("archive_incomplete", device_id=encode(Prefix.DEVICE, device_id), reason=error.detail)
        async with self._database.transaction(org_id) as tx:
            await tx.former_meters.keep_points(device_id, archive.blob())


def fields_of(former: FormerMeter) -> tuple[str, ...]:
    """The fields that the registers of a former meter count."""
    registers = DEFAULT_REGISTERS if former.registers is None else former.registers
    return tuple(dict.fromkeys(source.field for register in registers for source in register.sources))
