"""One agent per state directory, and none that was killed keeps it."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from penstock_agent.lock import StateDirLock, StateDirLocked, locked_by
from tests.support.agent_process import AgentFolder, run_agent
from tests.support.waiting import eventually


def test_a_second_agent_on_the_same_folder_is_told_why_it_does_not_start(agent: AgentFolder) -> None:
    agent.start()
    assert agent.process is not None
    second = run_agent("start", "--config", str(agent.file))
    assert second.returncode == 1
    state_dir = agent.folder / "state"
    assert f"another agent (process {agent.process.pid}) uses {state_dir}; stop it, or set local.state_dir" in second.stderr
    assert agent.process.poll() is None


def test_a_killed_agent_leaves_no_lock(agent: AgentFolder) -> None:
    agent.start()
    assert agent.process is not None
    os.kill(agent.process.pid, signal.SIGKILL)
    agent.process.communicate()
    none = run_agent("reload", "--config", str(agent.file))
    assert (none.returncode, "no agent is running" in none.stderr) == (1, True)
    agent.start()
    assert eventually(lambda: locked_by(agent.folder / "state") == agent.process.pid)
    assert run_agent("reload", "--config", str(agent.file)).returncode == 0


def test_the_lock_is_of_the_folder_and_ends_with_its_holder(tmp_path: Path) -> None:
    assert locked_by(tmp_path) is None
    lock = StateDirLock(tmp_path)
    assert locked_by(tmp_path) == os.getpid()
    with pytest.raises(StateDirLocked, match=str(os.getpid())):
        StateDirLock(tmp_path)
    StateDirLock(tmp_path / "other").release()
    lock.release()
    assert locked_by(tmp_path) is None
    StateDirLock(tmp_path).release()
