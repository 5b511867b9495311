"""Builds the service and the worker for imports."""

from __future__ import annotations

import msgspec

from penstock.api.system.metrics import Figure
from penstock.api.v2.imports.routes import ImportEndpoints
from penstock.bootstrap.customers import Customers
from penstock.bootstrap.meters import Meters
from penstock.bootstrap.part import Part
from penstock.bootstrap.services import Services
from penstock.core.imports.service import ImportService
from penstock.workers.import_runs import ImportRunner, UseCases
from penstock.workers.jobs import JobWorker


class Imports(msgspec.Struct, kw_only=True):
    """The services for imports."""

    service: ImportService
    runner: ImportRunner
    worker: JobWorker

    @property
    def part(self) -> Part:
        """Endpoints, loop and figures for imports."""
        return Part(
            endpoints=(ImportEndpoints(self.service),),
            loops={"imports": self.worker.run},
            figures=(
                Figure("imports_unfinished", "Organisations with an import in progress.", lambda: self.runner.unfinished),
                Figure("imported_rows", "Rows of imports that were processed.", lambda: self.runner.rows, counts=True),
            ),
        )


def build_imports(services: Services, customers: Customers, meters: Meters) -> Imports:
    """Build the service and the worker. Its loop is not running yet."""
    runner = ImportRunner(
        database=services.database,
        use_cases=UseCases(
            devices=services.devices, meters=meters.setup, customers=customers.service, placements=customers.placements
        ),
        trail=services.trail,
        clock=services.clock,
    )
    worker = JobWorker(runner, "imports_delayed")
    service = ImportService(
        database=services.database,
        devices=services.devices,
        trail=services.trail,
        ids=services.ids,
        clock=services.clock,
        on_start=worker.wake,
    )
    return Imports(service=service, runner=runner, worker=worker)
