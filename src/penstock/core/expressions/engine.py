"""The CEL engine, without the command-line program in its package.

`import cel` imports `cel.cli`, and with it typer, prompt_toolkit and rich: 0.2 s of processor time at every start and twelve
megabytes, for a prompt that the server never shows. An empty module in its place is sufficient for the engine.
"""

from __future__ import annotations

import sys
from types import ModuleType

sys.modules.setdefault("cel.cli", ModuleType("cel.cli"))

import cel  # noqa: E402  (the line above must come first)

__all__ = ["cel"]
