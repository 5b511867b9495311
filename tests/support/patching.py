"""Replaces a function or method for one test, while the server that other tests share goes on in a thread of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest


def replace_where(
    patch: pytest.MonkeyPatch, owner: object, name: str, replacement: Callable[..., Any], applies: Callable[..., bool]
) -> None:
    """Replace a function of a module, or a method of a class, for the calls whose arguments `applies` accepts."""
    original = getattr(owner, name)

    def call(*args: Any, **options: Any) -> Any:
        return (replacement if applies(*args, **options) else original)(*args, **options)

    patch.setattr(owner, name, call)


def replace_in_thread(
    patch: pytest.MonkeyPatch,
    owner: type,
    name: str,
    replacement: Callable[..., Any],
    thread: threading.Thread | None = None,
) -> None:
    """Replace a method for the calls from one thread: the current one, unless another is given."""
    chosen = thread or threading.current_thread()
    replace_where(patch, owner, name, replacement, lambda *_, **__: threading.current_thread() is chosen)
