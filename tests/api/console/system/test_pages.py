"""The operator's page, and the kit: both on a server with one organisation."""

from __future__ import annotations

from pathlib import Path

from tests.support.console import browser_of
from tests.support.in_process import in_process_server


def test_the_operator_backs_up(tmp_path: Path) -> None:
    with (
        in_process_server(tmp_path / "data", environment={"PENSTOCK_CONSOLE_KIT": "true"}) as server,
        browser_of(server, server.orgs["Acme"]) as browser,
    ):
        assert browser.get("/console/kit").status_code == 200
        assert "<img src=x" not in browser.page
        # The owner of the only organisation operates the server.
        assert browser.get("/console/system").status_code == 200
        assert "There is no backup yet" in browser.page
        assert 'href="/console/system"' in browser.get("/console").text, "in the menu of the operator"
        browser.get("/console/system")
        assert browser.follow(browser.post("/console/system/backups")).status_code == 200
        assert "The backup has begun" in browser.page
        assert "penstock-" in browser.page
