"""A server whose devices take old readings at any rate, as an operator sets it for an import."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.cli.imports.imported import UNPACED, Target, target_on
from tests.support.server import running_server


@pytest.fixture(scope="package")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    with running_server(tmp_path_factory.mktemp("imports") / "data", environment=UNPACED) as server:
        yield target_on(server, tmp_path_factory.mktemp("home"))
