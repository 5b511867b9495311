"""What the endpoint for assistants is built of, and that nobody pays for it who does not use it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from penstock.api.mcp.tools import SURFACE, build_tools
from penstock.bootstrap import mcp
from penstock.bootstrap.dialects import CHOICES
from penstock.bootstrap.mcp import build_assistants, has_mcp, native_operations
from tests.security.table import operations


def test_a_program_at_a_distance_has_the_tools_of_the_server() -> None:
    there = build_tools(native_operations(), CHOICES)
    here = build_tools([one for one in operations() if one.surface == SURFACE], CHOICES)
    assert list(there) == list(here)
    assert {name: tool.schema for name, tool in there.items()} == {name: tool.schema for name, tool in here.items()}


def test_the_library_is_found_without_importing_it() -> None:
    program = (
        "import sys, penstock.bootstrap.server, penstock.bootstrap.mcp as m;"
        "assert m.has_mcp(); print([x for x in ('mcp', 'mcp_types', 'pydantic', 'starlette') if x in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (told.stdout.strip(), told.stderr) == ("[]", "")


def test_without_the_library_there_is_no_endpoint(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mcp.importlib.util, "find_spec", lambda name: None)
    assert not has_mcp()


def test_the_assistants_are_built() -> None:
    assert build_assistants(native_operations()[:3]) is not None
