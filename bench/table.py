"""The table of figures: the measured value, the required value, and the limit that was measured next to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bench.machine import Machine

_FORMATS = {
    "/s": "{:,.0f} /s",
    "µs": "{:.2f} µs",
    "ms": "{:.2f} ms",
    "s": "{:.2f} s",
    "kB": "{:.1f} kB",
    "MB": "{:.0f} MB",
    "B": "{:.1f} B",
    "%": "{:.1f} %",
    "": "{:,.0f}",
}


@dataclass(frozen=True, kw_only=True)
class Must:
    """The required value of a figure: absolute, or a share of its limit. `aim` has the same unit and is only desired."""

    at_least: float | None = None
    at_most: float | None = None
    share: float | None = None
    aim: float | None = None

    def text(self, unit: str) -> str:
        if self.share is not None:
            aim = f", aim {self.aim:.0%}" if self.aim else ""
            return f"≥ {self.share:.0%} of limit{aim}"
        bound = self.at_least if self.at_least is not None else self.at_most
        assert bound is not None
        aim = f", aim {_plain(self.aim, unit)}" if self.aim else ""
        return f"{'≥' if self.at_least is not None else '<'} {_plain(bound, unit)}{aim}"

    def verdict(self, value: float, ratio: float | None) -> tuple[bool, bool]:
        """Whether the required value is reached, and whether the aim is."""
        if self.share is not None:
            found = ratio or 0.0
            return found >= self.share, bool(self.aim) and found >= (self.aim or 0)
        if self.at_most is not None:
            return value < self.at_most, False
        return value >= (self.at_least or 0), bool(self.aim) and value >= (self.aim or 0)


@dataclass(frozen=True, kw_only=True)
class Row:
    """One figure. If `value` is None it could not be measured, and `note` states why."""

    figure: str
    value: float | None
    unit: str
    must: Must | None = None
    limit: float | None = None
    limit_name: str = ""
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """Measured divided by limit: for a rate the share that is reached, for a time how many times as long it takes."""
        return self.value / self.limit if self.value is not None and self.limit else None

    @property
    def reached(self) -> bool | None:
        if self.must is None:
            return None
        return self.value is not None and self.must.verdict(self.value, self.ratio)[0]

    def cells(self) -> list[str]:
        measured = "not available" if self.value is None else _plain(self.value, self.unit)
        limit = f"{_plain(self.limit, self.unit)} {self.limit_name}" if self.limit is not None else "–"
        ratio = "–" if self.ratio is None else f"{self.ratio:.0%}" if self.unit == "/s" else f"{self.ratio:.1f} ×"
        figure = escape(self.figure) + (f"\n[dim]{escape(self.note)}[/dim]" if self.note else "")
        return [figure, measured, self.must.text(self.unit) if self.must else "–", limit, ratio, self._word()]

    def _word(self) -> str:
        if self.must is None:
            return "–"
        if self.value is None:
            return "[yellow]?[/yellow]"
        bound, aim = self.must.verdict(self.value, self.ratio)
        return "[green]yes, and the aim[/green]" if bound and aim else "[green]yes[/green]" if bound else "[red]NO[/red]"

    def as_dict(self) -> dict[str, object]:
        must = None if self.must is None else {name: at for name, at in asdict(self.must).items() if at is not None}
        return {
            "figure": self.figure,
            "value": self.value,
            "unit": self.unit,
            "must": must,
            "limit": self.limit,
            "limit_name": self.limit_name,
            "ratio": self.ratio,
            "reached": self.reached,
            "note": self.note,
        }


def failed(name: str, error: Exception) -> Row:
    """The row of a failed figure. Of a long error, the last line contains the reason."""
    reason = (str(error).strip().splitlines() or [""])[-1]
    return Row(figure=name, value=None, unit="", note=f"failed: {type(error).__name__}: {reason[:200]}")


def show(rows: Sequence[Row], machine: Machine, command: str, console: Console) -> None:
    """Print the table with everything that is needed to read it."""
    table = Table(title="Penstock: figures", title_justify="left", show_lines=True)
    for heading in ("figure", "measured", "must", "limit", "ratio", "reached?"):
        table.add_column(heading, justify="right" if heading in {"measured", "ratio"} else "left", overflow="fold")
    for row in rows:
        table.add_row(*row.cells())
    console.print(table)
    for line in machine.lines():
        console.print(line, highlight=False, markup=False)
    console.print(f"command: {command}", highlight=False, markup=False)


def _plain(value: float, unit: str) -> str:
    return _FORMATS[unit].format(value)
