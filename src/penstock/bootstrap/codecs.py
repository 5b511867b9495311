"""Builds the services for codecs, and the pool of processes that run them."""

from __future__ import annotations

import msgspec

from penstock.adapters.sandbox.pool import SandboxPool
from penstock.api.system.metrics import Figure
from penstock.api.v2.codecs.routes import CodecEndpoints
from penstock.bootstrap.part import Part
from penstock.bootstrap.services import Services
from penstock.core.codecs.directory import CodecDirectory
from penstock.core.codecs.running import Codecs
from penstock.core.codecs.versions import CodecService
from penstock.settings import Settings


class CodecParts(msgspec.Struct, kw_only=True):
    """The services for codecs. Senders of downlinks encode commands with `codecs`."""

    versions: CodecService
    codecs: Codecs
    directory: CodecDirectory
    pool: SandboxPool

    @property
    def part(self) -> Part:
        """Endpoints and figures for codecs."""
        return Part(
            endpoints=(CodecEndpoints(self.versions, self.codecs),),
            figures=(
                Figure("codec_calls", "Calls of codecs that ended.", lambda: self.pool.calls, counts=True),
                Figure(
                    "codec_overruns", "Calls of codecs that took too long or too much.", lambda: self.pool.overruns, counts=True
                ),
                Figure("codec_waiting", "Calls of codecs that wait.", lambda: self.pool.waiting),
            ),
        )


def build_codecs(services: Services, settings: Settings) -> CodecParts:
    """Build the services for codecs. The first process starts when a codec runs."""
    database, trail, ids, clock = services.database, services.trail, services.ids, services.clock
    pool, directory = SandboxPool(settings.codecs, clock), CodecDirectory(database)
    services.directory.subscribe(directory.device_changed)
    return CodecParts(
        versions=CodecService(
            database=database, runner=pool, trail=trail, ids=ids, clock=clock, on_change=directory.codecs_changed
        ),
        codecs=Codecs(
            database=database,
            directory=directory,
            runner=pool,
            faults=services.faults,
            clock=clock,
            max_readings=settings.uplinks.max_readings,
        ),
        directory=directory,
        pool=pool,
    )
