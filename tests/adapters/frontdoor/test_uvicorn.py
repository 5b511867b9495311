"""What the door takes from inside uvicorn is still what it was when the door was written against it.

The door overrides methods that uvicorn does not promise to keep (docs/decisions). A test of behaviour may miss a change of them;
this one cannot. When it fails, read what changed between the two versions, run the tests of this folder, and put the new
fingerprint here.
"""

from __future__ import annotations

import inspect
import tomllib
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

import pytest
import uvicorn
from packaging.requirements import Requirement
from packaging.version import Version
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import ServerState

ROOT = Path(__file__).parents[3]

READ: dict[type, str] = {
    HttpToolsProtocol: "18fdf324b11bf160",
    RequestResponseCycle: "e67d470d435dcc1c",
    FlowControl: "126debcdaa894c83",
    WebSocketsSansIOProtocol: "0bbcec98938432f7",
    uvicorn.Server: "06e799f7c58f8be6",
    ServerState: "f2260fbf10154746",
}
"""Classes that the door inherits from or looks into, with the fingerprint of the text that was read."""


def fingerprint(inherited: type) -> str:
    """Of the text as it stands: a comment that changed is worth a look too."""
    return sha256(inspect.getsource(inherited).encode()).hexdigest()[:16]


@pytest.mark.parametrize("inherited", READ, ids=lambda one: one.__name__)
def test_a_class_is_the_one_that_was_read(inherited: type) -> None:
    assert fingerprint(inherited) == READ[inherited], f"{inherited.__name__} changed in uvicorn {version('uvicorn')}"


def test_only_releases_of_one_series_are_installed() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    (wanted,) = [Requirement(one) for one in project["dependencies"] if Requirement(one).name == "uvicorn"]
    installed = Version(version("uvicorn"))
    assert wanted.specifier.contains(installed)
    assert not wanted.specifier.contains(f"{installed.major}.{installed.minor + 1}.0")
