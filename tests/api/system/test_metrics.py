"""Metrics: read when they are asked for, under names that Prometheus takes."""

from __future__ import annotations

from prometheus_client.parser import text_string_to_metric_families

from penstock.api.system.metrics import Figure, Metrics


def test_figures_are_read_at_each_scrape() -> None:
    values = iter((3.0, 4.5))
    metrics = Metrics([Figure("log_commits", "Commits.", lambda: next(values), counts=True), Figure("lag", "Lag.", lambda: 0)])
    for expected in (3.0, 4.5):
        found = {one.name: one for one in text_string_to_metric_families(metrics.text().decode())}
        assert (found["penstock_log_commits"].type, found["penstock_log_commits"].samples[0].value) == ("counter", expected)
        assert found["penstock_log_commits"].samples[0].name == "penstock_log_commits_total"
        assert (found["penstock_lag"].type, found["penstock_lag"].documentation) == ("gauge", "Lag.")
        assert "process_resident_memory_bytes" in found
