"""The list of devices as a file, as a browser saves it."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from tests.e2e.console.conftest import NewTab
from tests.support.in_process import InProcessServer


def test_the_link_saves_the_list_that_is_shown(new_tab: NewTab, in_process: InProcessServer, tmp_path: Path) -> None:
    org = in_process.new_org()
    with in_process.client(org) as api:
        for name in ("Zürich, north", "=1+1", "Bern"):
            assert api.post("/api/v2/devices", json={"name": name, "labels": {"kind": name[:1]}}).status_code == 201
    tab = new_tab(org)
    page = tab.page
    tab.open("/console/devices?sort=name")
    assert save(page, tmp_path) == ["'=1+1", "Bern", "Zürich, north"]
    page.fill("input[name=q]", "Bern")
    page.wait_for_selector("[data-csv][href*='q=Bern']")
    assert save(page, tmp_path) == ["Bern"]
    assert not tab.faults


def save(page: Any, folder: Path) -> list[str]:
    """The names in the file that a click on the link saves."""
    with page.expect_download() as waiting:
        page.click("[data-csv]")
    name = waiting.value.suggested_filename
    assert name.startswith("devices-")
    assert name.endswith(".csv")
    waiting.value.save_as(folder / name)
    with (folder / name).open(encoding="utf-8-sig", newline="") as file:
        return [row["name"] for row in csv.DictReader(file, strict=True)]
