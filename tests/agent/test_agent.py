"""The agent as a whole: a real process, a real server, an application on the local socket, scripts for commands."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import httpx

from tests.support.agent_process import AgentFolder, Application, run_agent
from tests.support.agents import PairedDevice, new_device, new_pair_code, until
from tests.support.server import RunningServer

STEPS = 'echo "{\\"progress\\": {\\"percent\\": 50}}"; cat'


def test_a_pair_code_becomes_a_token_in_the_file(server: RunningServer, api: httpx.Client, tmp_path: Path) -> None:
    device_id = new_device(api)
    file = tmp_path / "agent.conf"
    file.write_text("# kept\n[agent]\nlog_level = warn\n\n[connection]\nheartbeat_interval = 7\n")
    known = ("--config", str(file), "--server", server.base_url)
    done = run_agent("provision", *known, "--code", "-", given=new_pair_code(api, device_id) + "\n")
    assert done.returncode == 0, done.stderr
    text = file.read_text()
    assert text.startswith("# kept\n[agent]\ntoken = eyJ")
    assert f"endpoint = {server.base_url.replace('http', 'ws', 1)}/ws\n" in text
    assert "heartbeat_interval = 7\n" in text
    assert file.stat().st_mode & 0o777 == 0o600
    assert device_id in done.stdout
    assert run_agent("--check-config", "--config", str(file)).returncode == 0
    again = run_agent("provision", *known, "--code", "0" * 32)
    assert (again.returncode, "the server responded 401" in again.stderr) == (1, True)
    assert file.read_text() == text


def test_what_an_application_sends_is_stored(agent: AgentFolder, app: Application, paired: PairedDevice) -> None:
    assert app.greeting == {"signal": {"sdkinit": {"version": "1.8.3"}}}
    app.send_reading({"temperature": 21.5})
    app.send_reading({"door": True}, channel="entrance")
    until(lambda: len(paired.readings()) == 2, "both readings")
    first, second = paired.readings()
    assert (first["data"], first["channel"], second["channel"]) == ({"temperature": 21.5}, None, "entrance")


def test_lines_that_make_no_sense_are_left_out_and_the_application_stays(app: Application, paired: PairedDevice) -> None:
    app.send(b"nonsense\n")
    app.send(b"[]\n{}\n7\n\n")
    app.send({"data": {"payload": 7}})
    app.send({"data": {"payload": {"v": 1}, "channel": 7}})
    app.send(b'{"data": {"payload": {"v": NaN}}}\n')
    app.send(b'{"data": {"payload": {"v": "\\ud800"}}}\n')
    app.send({"data": {"payload": {"v": "x" * 40_000}}})
    app.send(b"x" * 300_000 + b"\n")
    app.send({"signal": {"sdkclient": {"name": "app", "error": {"type": "ValueError", "msg": "no"}}}})
    app.send_reading({"v": "good"})
    until(lambda: paired.values() == [{"v": "good"}], "the one good reading")


def test_a_command_runs_its_script_and_its_progress_and_result_come_back(
    agent: AgentFolder, app: Application, paired: PairedDevice
) -> None:
    agent.script("set_interval", STEPS)
    execution_id = paired.execute(paired.define("set_interval"), seconds=30)
    until(lambda: paired.execution(execution_id)["state"] == "done", "the end")
    found = paired.execution(execution_id)
    assert (found["result"], found["progress"], found["hand_outs"]) == ({"seconds": 30}, {"percent": 50}, 1)


def test_a_script_that_fails_or_takes_too_long_fails_the_command(
    agent: AgentFolder, app: Application, paired: PairedDevice
) -> None:
    agent.script("broken", "echo no valve >&2; exit 3")
    agent.script("endless", "sleep 60")
    for name, error in (("broken", "no valve"), ("endless", "did not end within 0.3 s")):
        if name == "endless":
            agent.write(local__command_timeout=0.3)
            agent.wait_for_log("settings loaded")
        execution_id = paired.execute(paired.define(name))
        until(lambda one=execution_id: paired.execution(one)["state"] == "failed", "the failure")
        assert error in paired.execution(execution_id)["error"]


def test_a_command_without_a_script_goes_to_the_applications(app: Application, paired: PairedDevice) -> None:
    execution_id = paired.execute(paired.define("blink"), seconds=2)
    line = app.receive()
    while "signal" in line:
        line = app.receive()
    assert line == {"data": {"blink": {"seconds": 2}}}
    until(lambda: paired.execution(execution_id)["state"] == "done", "the end")
    assert paired.execution(execution_id)["result"] == {"handed_to": ["app"]}


def test_a_command_that_nobody_takes_fails(agent: AgentFolder, paired: PairedDevice) -> None:
    agent.start()
    execution_id = paired.execute(paired.define("restart"))
    until(lambda: paired.execution(execution_id)["state"] == "failed", "the failure")
    assert "no script with this name" in paired.execution(execution_id)["error"]


def test_an_application_calls_a_script_and_what_it_says_is_a_reading(
    agent: AgentFolder, app: Application, paired: PairedDevice
) -> None:
    agent.script("measure", "cat")
    app.call("measure", {"port": 3})
    app.call("../agent.conf", {})
    until(lambda: paired.values() == [{"measure": {"port": 3}}], "the reading")


def test_applications_hear_whether_the_server_is_reached(agent: AgentFolder, app: Application, paired: PairedDevice) -> None:
    agent.wait_for_log("connected as")
    paired.api.post(f"{paired.path}/pause").raise_for_status()
    heard = [app.receive() for _ in range(1)]
    while heard[-1] != {"signal": {"connectionstatus": "disconnected"}}:
        heard.append(app.receive())
    paired.api.post(f"{paired.path}/resume").raise_for_status()
    assert app.receive() == {"signal": {"connectionstatus": "connected"}}


def test_a_reload_keeps_the_connection_and_names_what_needs_a_restart(
    agent: AgentFolder, app: Application, paired: PairedDevice
) -> None:
    agent.wait_for_log("connected as")
    agent.write(agent__log_level="debug", connection__endpoint="ws://127.0.0.1:1/other")
    agent.wait_for_log("needs a restart to take effect: connection.endpoint")
    assert "changed: agent.log_level" in agent.log()
    assert run_agent("reload", "--config", str(agent.file)).returncode == 0
    agent.wait_for_log("settings loaded; changed: nothing")
    agent.write(agent__log_level="nonsense")
    agent.wait_for_log("the settings were not changed: agent.log_level: must be one of debug, info, warn, error")
    app.send_reading({"v": 1})
    until(lambda: paired.values() == [{"v": 1}], "the reading")
    assert agent.log().count("connected as") == 1


def test_sigterm_ends_it_with_everything_on_disk(agent: AgentFolder, app: Application, paired: PairedDevice) -> None:
    agent.write(telemetry__flush_interval_ms=60_000)
    agent.wait_for_log("settings loaded")
    app.send_reading({"v": 1})
    app.send({"signal": {"sdkclient": {"name": "app", "error": {"type": "ValueError", "msg": "the last line"}}}})
    agent.wait_for_log("the last line")
    assert agent.stop() == 0
    assert not Path(agent.socket_path).exists()
    agent.start()
    until(lambda: paired.values() == [{"v": 1}], "the reading")


def test_the_built_in_telemetry_comes_when_enabled(agent: AgentFolder, paired: PairedDevice) -> None:
    agent.write(telemetry__enabled="true", local__system_interval=0.1)
    agent.start()
    until(lambda: len(paired.readings()) > 1, "two readings")
    found = paired.readings()[-1]
    assert found["channel"] == "system"
    assert {"memory_percent", "disk_percent", "cpu_percent"} <= found["data"].keys()


def test_the_environment_overrides_the_file(agent: AgentFolder, paired: PairedDevice) -> None:
    endpoint = str(agent.settings["connection__endpoint"])
    agent.write(connection__endpoint="ws://127.0.0.1:1/ws")
    agent.start({"IOTTLY_CONNECTION_ENDPOINT": endpoint, "IOTTLY_AGENT_LOG_LEVEL": "warn", "PENSTOCK_AGENT_LOG_LEVEL": "info"})
    agent.wait_for_log(f"connected as {paired.id}")


def test_a_second_agent_on_the_same_socket_takes_no_applications(agent: AgentFolder, app: Application, tmp_path: Path) -> None:
    second = AgentFolder(tmp_path / "second", token=str(agent.settings["agent__token"]), local__sdk_socket=agent.socket_path)
    second.socket_path = agent.socket_path
    try:
        second.start()
        second.wait_for_log("another agent is listening there")
    finally:
        second.stop()


def test_the_token_stands_in_no_log(agent: AgentFolder, app: Application) -> None:
    agent.write(agent__log_level="debug")
    agent.wait_for_log("changed: agent.log_level")
    assert agent.process is not None
    os.kill(agent.process.pid, signal.SIGHUP)
    agent.wait_for_log("settings loaded", times=2)
    assert str(agent.settings["agent__token"])[-40:] not in agent.log()
