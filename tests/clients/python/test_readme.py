"""What the README of the client shows works as it stands, from top to bottom, against a real server."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest

from tests.support.code_blocks import blocks_of
from tests.support.server import Org, RunningServer

README = Path(__file__).parents[3] / "clients" / "python" / "README.md"


def test_the_examples_of_the_readme(
    server: RunningServer, acme: Org, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("pandas")
    blocks = [one for one in blocks_of("README.md", README.read_text("utf-8")) if one.language == "python"]
    assert len(blocks) > 10
    monkeypatch.setenv("PENSTOCK_URL", server.base_url)
    monkeypatch.setenv("PENSTOCK_API_KEY", acme.api_key)
    monkeypatch.chdir(tmp_path)
    program = ModuleType("program")
    for block in blocks:
        exec(compile(block.text, block.place, "exec"), program.__dict__)
    printed = capsys.readouterr().out.splitlines()
    for shown in ("{'temperature': 21.5}", "2500 0 0", "1000 0.1", "there is no such device"):
        assert shown in printed
    assert (tmp_path / "readings.csv").stat().st_size > 10_000
    assert program.__dict__["receive"](b"{}", {}, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw") == 400
