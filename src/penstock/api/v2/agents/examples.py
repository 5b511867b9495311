"""Examples of agents for the documentation."""

from __future__ import annotations

CODE = "9f2c51d07be84a3cb6e0d94f17a8325c"
