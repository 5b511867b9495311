"""An agent on a device of the session's server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.support.agent_process import AgentFolder, Application, agent_in
from tests.support.agents import PairedDevice, pair
from tests.support.server import RunningServer


@pytest.fixture
def paired(server: RunningServer, api: httpx.Client) -> PairedDevice:
    return pair(server, api)


@pytest.fixture
def agent(tmp_path: Path, server: RunningServer, paired: PairedDevice) -> Iterator[AgentFolder]:
    """An agent that is paired and not yet started."""
    endpoint = server.base_url.replace("http", "ws", 1) + "/ws"
    with agent_in(tmp_path / "agent", token=paired.token, endpoint=endpoint) as found:
        yield found


@pytest.fixture
def app(agent: AgentFolder) -> Iterator[Application]:
    """An application of an agent that is started with it."""
    agent.start()
    application = Application(agent)
    yield application
    application.close()
