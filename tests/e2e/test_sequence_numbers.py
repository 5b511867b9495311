"""Sequence numbers are never given out twice, whatever is deleted."""

from __future__ import annotations

import time
from pathlib import Path

from tests.api.v2.devices.test_routes import make
from tests.support.server import running_server, start_server


def test_numbers_go_on_after_the_newest_readings_were_deleted(tmp_path: Path) -> None:
    with running_server(tmp_path / "data") as server, server.client(server.orgs["Acme"]) as api:
        kept, gone = make(api)["device"]["id"], make(api)["device"]["id"]
        api.post(f"/api/v2/devices/{kept}/telemetry", json={"data": {"n": 1}})
        last = api.post(f"/api/v2/devices/{gone}/telemetry", json=[{"data": {"n": n}} for n in range(50)]).json()["seqs"][-1]
        time.sleep(1)
        assert api.delete(f"/api/v2/devices/{gone}").status_code == 204
        time.sleep(2)  # its readings are purged
        assert server.stop() == 0
        again = start_server(server.data_dir)
        try:
            with again.client(server.orgs["Acme"]) as client:
                answer = client.post(f"/api/v2/devices/{kept}/telemetry", json={"data": {"n": 2}})
                assert answer.json()["seq"] > last
        finally:
            again.stop()
            assert again.process.stdout is not None
            again.process.stdout.close()
