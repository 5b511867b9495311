"""The worker that verifies audit logs: at the start, then once in each interval, with a log line for each broken one."""

from __future__ import annotations

from pathlib import Path

from structlog.testing import capture_logs

from penstock.core.audit.checking import ChainChecker
from penstock.workers.audit import AuditWorker
from tests.core.people.house import open_house

INTERVAL_S = 3600.0
STEPS = 10


async def test_a_broken_chain_is_logged_once_in_each_pass(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        await house.control.database._writer.call(
            lambda connection: connection.execute("UPDATE audit_entries SET address = '::1' WHERE org_id = ?", [house.acme])
        )
        checker = ChainChecker(house.control.database)
        worker = AuditWorker(checker, house.clock, INTERVAL_S)
        for wait_s, lines in ((0.0, 1), (INTERVAL_S - 1, 0), (1.0, 1)):
            house.clock.s += wait_s
            with capture_logs() as logged:
                for _ in range(STEPS):
                    await worker.step()
            assert [line["event"] for line in logged] == ["audit_chain_broken"] * lines
        assert len(checker.broken) == 1
