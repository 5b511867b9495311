"""What an operator sees of re-decodes."""

from __future__ import annotations

from tests.support.in_process import InProcessServer


def test_unfinished_ones_and_what_they_have_left_are_in_the_metrics(in_process: InProcessServer) -> None:
    with in_process.client() as client:
        lines = client.get("/metrics").text.splitlines()
    found = {line.split()[0]: float(line.split()[1]) for line in lines if line.startswith("penstock_redecode")}
    names = ("redecodes_unfinished", "redecode_waiting", "redecoded_uplinks_total")
    assert found == dict.fromkeys((f"penstock_{name}" for name in names), 0.0)
