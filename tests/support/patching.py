"""Replaces a method of the product for one test, while the server that other tests share goes on in a thread of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest


def replace_in_thread(
    patch: pytest.MonkeyPatch,
    owner: type,
    name: str,
    replacement: Callable[..., Any],
    thread: threading.Thread | None = None,
) -> None:
    """Replace a method for the calls from one thread: the current one, unless another is given."""
    original, chosen = getattr(owner, name), thread or threading.current_thread()

    def call(*args: Any, **options: Any) -> Any:
        return (replacement if threading.current_thread() is chosen else original)(*args, **options)

    patch.setattr(owner, name, call)
