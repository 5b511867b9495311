from __future__ import annotations

from io import StringIO

import pytest
from rich.console import Console

from bench.machine import Machine
from bench.table import Must, Row, failed, show

MACHINE = Machine("A CPU", 2, 2**34, 130.0, 400.0, 0.1, "3.11.7", "3.40.1", "6.1")


@pytest.mark.parametrize(
    ("must", "value", "limit", "reached", "word"),
    [
        (Must(at_least=100, aim=200), 99.0, None, False, "NO"),
        (Must(at_least=100, aim=200), 100.0, None, True, "yes"),
        (Must(at_least=100, aim=200), 200.0, None, True, "yes, and the aim"),
        (Must(at_most=10), 10.0, None, False, "NO"),
        (Must(at_most=10), float("inf"), None, False, "NO"),
        (Must(at_most=10), float("nan"), None, False, "NO"),
        (Must(share=0.35, aim=0.6), 35.0, 100.0, True, "yes"),
        (Must(share=0.35, aim=0.6), 34.0, 100.0, False, "NO"),
        (Must(share=0.35), 34.0, None, False, "NO"),
        (Must(at_most=10), None, None, False, "?"),
        (None, 5.0, None, None, "–"),
    ],
)
def test_a_figure_is_judged(must: Must | None, value: float | None, limit: float | None, reached: bool | None, word: str) -> None:
    row = Row(figure="x", value=value, unit="/s", must=must, limit=limit, limit_name="limit")
    assert row.reached is reached
    assert row.cells()[-1].partition("]")[2].partition("[")[0] == word or row.cells()[-1] == word


def test_the_table_shows_figures_limits_and_machine() -> None:
    out = StringIO()
    rows = [
        Row(figure="ingest", value=20_000, unit="/s", must=Must(share=0.35), limit=40_000, limit_name="bare"),
        Row(figure="history", value=4.5, unit="ms", must=Must(at_most=10), limit=1.5, limit_name="raw", note="p99 [x]"),
        failed("live", ValueError("broke [off]")),
    ]
    show(rows, MACHINE, "python -m bench", Console(width=200, file=out))
    text = out.getvalue()
    for expected in ("20,000 /s", "40,000 /s bare", "50%", "4.50 ms", "3.0 ×", "p99 [x]", "not available", "broke [off]"):
        assert expected in text
    for expected in ("2 cores of A CPU, 16 GiB RAM", "fsync of 4 kB: p50 130 µs", "command: python -m bench"):
        assert expected in text


def test_figures_as_data() -> None:
    row = Row(figure="ingest", value=20.0, unit="/s", must=Must(share=0.35), limit=40.0)
    found = row.as_dict()
    assert (found["ratio"], found["reached"], found["must"]) == (0.5, True, {"share": 0.35})
