"""What nouns bring to a server fits together: nothing that one brings hides what another does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

from penstock.bootstrap import DataDir, open_server
from penstock.bootstrap.nouns import build_nouns
from penstock.bootstrap.part import Part
from penstock.kit.operation import operations_of
from penstock.settings import load_settings


@pytest.fixture
async def nouns(tmp_path: Path) -> list[Part]:
    settings = load_settings(environment={"PENSTOCK_SIGNUP_ENABLED": "true"})
    data_dir = DataDir(tmp_path / "data")
    async with open_server(data_dir, settings, run_workers=False) as server:
        return build_nouns(server, server.parts, data_dir, settings, server.operators)


def repeated(names: Iterable[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]


async def test_each_name_is_brought_once(nouns: list[Part]) -> None:
    assert repeated(name for noun in nouns for name in noun.loops) == []
    assert repeated(path for noun in nouns for path in noun.sockets) == []
    assert repeated(name for noun in nouns for name in noun.checks) == []
    assert repeated(figure.name for noun in nouns for figure in noun.figures) == []


async def test_hot_endpoints_are_raw_and_post(nouns: list[Part]) -> None:
    hot = [one for noun in nouns for one in noun.hot]
    assert {id(one) for one in hot} <= {id(one) for noun in nouns for one in noun.raw}
    methods = {bound.operation.method for one in hot for bound in operations_of(one)}
    assert methods == {"POST"}


async def test_every_endpoint_carries_something_out(nouns: list[Part]) -> None:
    idle = [one for noun in nouns for one in (*noun.endpoints, *noun.raw) if not operations_of(one)]
    assert idle == []
    assert sum(len(noun.raw) for noun in nouns) >= 4
