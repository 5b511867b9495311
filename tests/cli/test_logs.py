"""The log on a terminal: nothing in a value is obeyed by it."""

from __future__ import annotations

import os
import pty
import subprocess
import sys

PROGRAM = """
import structlog
from penstock.cli.logs import configure_logs
configure_logs()
structlog.get_logger().warning("name_seen", name="\\x1b]0;owned\\x07 a\\x9b2Jb\\nfake_event \\u202edlrow")
"""


def test_a_terminal_is_shown_no_control_characters_of_a_name() -> None:
    ours, theirs = pty.openpty()
    done = subprocess.run([sys.executable, "-c", PROGRAM.replace("\\\\", "\\")], stderr=theirs, timeout=60, check=False)
    os.close(theirs)
    shown = os.read(ours, 65_536).decode()
    os.close(ours)
    assert done.returncode == 0
    assert "name_seen" in shown
    for mark in ("\x1b]", "\x07", "\x9b", "\u202e"):
        assert mark not in shown
    assert "]0;owned a2Jb fake_event dlrow" in shown
    assert len(shown.strip().splitlines()) == 1
