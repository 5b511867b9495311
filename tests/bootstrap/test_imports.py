"""Imports as a part of a server."""

from __future__ import annotations

from tests.support.in_process import InProcessServer


def test_the_loop_runs_and_its_figures_are_shown(in_process: InProcessServer) -> None:
    with in_process.client() as client:
        shown = client.get("/metrics").text
    assert "penstock_imports_unfinished" in shown
    assert "penstock_imported_rows_total" in shown
