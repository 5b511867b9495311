"""The CEL engine, without the command line that its package brings along.

`import cel` imports `cel.cli`, and with it typer, prompt_toolkit and rich: 0.2 s of processor time at every start and twelve
megabytes, for a prompt that no server shows. An empty module in its place is all that the engine needs.
"""

from __future__ import annotations

import sys
from types import ModuleType

sys.modules.setdefault("cel.cli", ModuleType("cel.cli"))

import cel  # noqa: E402  (the line above must come first)

__all__ = ["cel"]
