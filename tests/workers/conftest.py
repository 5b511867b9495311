"""Two organisations over a real database."""

from __future__ import annotations

from tests.core.conftest import shelf

__all__ = ["shelf"]
