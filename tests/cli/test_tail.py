"""`penstock tail`: readings as they arrive."""

from __future__ import annotations

import subprocess
from typing import Any

import msgspec

from penstock.cli.tail import COLOURS, colour_of, time_of
from tests.cli.commands import create_device, refusal
from tests.support.server import PENSTOCK, Org, RunningServer, clean_environment, run_cli
from tests.support.waiting import awaited


def environment_of(server: RunningServer, org: Org) -> dict[str, str | None]:
    return {"PENSTOCK_URL": server.base_url, "PENSTOCK_API_KEY": org.api_key, "COLUMNS": "40"}


def test_readings_of_before_are_shown_from_a_cursor_on(server: RunningServer, acme: Org) -> None:
    with server.client(acme) as api:
        device, _ = create_device(api, "Tailed [bold]\x1b[31m")
        rows = [{"time": f"2026-05-02T09:0{n}:00Z", "data": {"n": n, "v": {"rms": "x" * 60}}} for n in range(3)]
        seqs = api.post(f"/api/v2/devices/{device}/telemetry", json=rows).json()["seqs"]
    asked = ("tail", device, "--cursor", str(seqs[0] - 1), "--count", "3")
    shown = run_cli(*asked, environment=environment_of(server, acme))
    assert shown.returncode == 0, shown.stderr
    lines = shown.stdout.splitlines()
    assert lines[0] == f"2026-05-02T09:00:00Z  Tailed [bold][31m  n=0 v.rms={'x' * 60}"
    assert [line.split()[0] for line in lines] == [row["time"] for row in rows]
    found: list[Any] = [
        msgspec.json.decode(line)
        for line in run_cli(*asked, "--keys", "n", "--json", environment=environment_of(server, acme)).stdout.splitlines()
    ]
    assert [(one["event"], one["cursor"], one["data"]["data"]) for one in found] == [
        ("reading", seq, {"n": n}) for n, seq in enumerate(seqs)
    ]


def test_a_reading_is_in_a_pipe_as_soon_as_it_arrives(server: RunningServer, acme: Org) -> None:
    with server.client(acme) as api:
        device, _ = create_device(api, "Tailed live")
        command = [*PENSTOCK, "tail", "Tailed live", "--json", "--connectivity"]
        environment = clean_environment(environment_of(server, acme))
        with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            try:
                assert process.stdout is not None
                lines: list[str] = []

                def shown() -> bool:
                    # Until the stream is open, what is sent is of before.
                    api.post(f"/api/v2/devices/{device}/telemetry", json={"data": {"n": 1}})
                    return bool(select_line(process, lines))

                awaited(shown)
                assert msgspec.json.decode(lines[0])["data"]["device_id"] == device
            finally:
                process.send_signal(2)
                process.wait(30)
            assert process.returncode == 130


def test_a_reader_that_has_enough_ends_it_in_silence(server: RunningServer, acme: Org) -> None:
    with server.client(acme) as api:
        device, _ = create_device(api, "Tailed by head")
        seqs = api.post(f"/api/v2/devices/{device}/telemetry", json=[{"data": {"n": n}} for n in range(3)]).json()["seqs"]
        command = [*PENSTOCK, "tail", device, "--cursor", str(seqs[0] - 1), "--json"]
        environment = clean_environment(environment_of(server, acme))
        with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            assert '{"n":0}' in process.stdout.readline()
            process.stdout.close()

            def ended() -> bool:
                api.post(f"/api/v2/devices/{device}/telemetry", json={"data": {"n": 9}})
                return process.poll() is not None

            awaited(ended)
            assert (process.returncode, process.stderr.read()) == (141, "")


def select_line(process: subprocess.Popen[str], lines: list[str]) -> list[str]:
    """The next line, if there is one already."""
    import select

    if select.select([process.stdout], [], [], 0.2)[0]:
        assert process.stdout is not None
        lines.append(process.stdout.readline())
    return lines


def test_a_wrong_key_is_an_error_and_no_stream_that_never_comes(server: RunningServer) -> None:
    done = run_cli("tail", environment={"PENSTOCK_URL": server.base_url, "PENSTOCK_API_KEY": "psk_1"})
    assert "401" in refusal(done)


def test_a_device_keeps_its_colour_and_events_have_a_time() -> None:
    assert colour_of("dev_0c2k9fq7w3m1x") == colour_of("dev_0c2k9fq7w3m1x")
    assert {colour_of(f"dev_{n}") for n in range(20)} == set(COLOURS)
    assert [time_of(one) for one in ({"time": "a"}, {"at": "b"}, {})] == ["a", "b", "-"]
