"""A bar for work that takes long, on standard error, where a person looks on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn


@contextmanager
def bar(total_bytes: int | None) -> Iterator[Callable[[str, int], None]]:
    """A bar, gone when the work is done. It is told what is worked on and how many bytes more were dealt with."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("", total=total_bytes)
        yield lambda name, size_bytes: progress.update(task, advance=size_bytes, description=name)
