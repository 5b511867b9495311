"""The Autobahn suite's fuzzing client: it speaks to a WebSocket server that echoes, and judges what comes back.

The suite is a program of Python 2. `make tools` installs it beside the development packages where there is one.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Collection
from pathlib import Path
from typing import Any, NamedTuple

_HOME = Path(sys.prefix) / "autobahn"
_PYTHON = _HOME / "python2"
IS_THERE = _PYTHON.exists()
MISSING = "the Autobahn suite is not installed: `make tools`, where there is a Python 2.7"

ATTEMPTS = 3
"""The suite waits one second for most answers, which a busy machine may miss; a fault is missed every time."""
_PATIENCE_S = 300.0
_START = """
import site, sys
site.addsitedir(sys.argv[1])
sys.path.insert(0, sys.argv[1])
sys.argv = ["wstest", "-m", "fuzzingclient", "-s", sys.argv[2]]
from autobahntestsuite import wstest
wstest.run()
"""


class Verdict(NamedTuple):
    """What the suite says of the messages of a case, and of how the connection was closed."""

    behavior: str
    close: str

    @property
    def is_good(self) -> bool:
        return self.behavior in {"OK", "NON-STRICT", "INFORMATIONAL"} and self.close in {"OK", "INFORMATIONAL"}


def judge(port: int, folder: Path, cases: Collection[str], without: Collection[str] = ()) -> dict[str, Verdict]:
    """Run cases ("1.*" is a group) against the server on a port; the best verdict of each case."""
    verdicts = _run(port, folder, cases, without)
    for _ in range(ATTEMPTS - 1):
        failed = [case for case, verdict in verdicts.items() if not verdict.is_good]
        if not failed:
            break
        verdicts |= _run(port, folder, failed, ())
    return verdicts


def _run(port: int, folder: Path, cases: Collection[str], without: Collection[str]) -> dict[str, Verdict]:
    wanted = folder / "wanted.json"
    wanted.write_text(
        json.dumps(
            {
                "outdir": str(folder),
                "servers": [{"agent": "penstock", "url": f"ws://127.0.0.1:{port}"}],
                "cases": list(cases),
                "exclude-cases": list(without),
                "exclude-agent-cases": {},
            }
        )
    )
    command = [_PYTHON, "-c", _START, _HOME, wanted]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=_PATIENCE_S, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr
    found: dict[str, Any] = json.loads((folder / "index.json").read_text())["penstock"]
    return {case: Verdict(one["behavior"], one["behaviorClose"]) for case, one in found.items()}
