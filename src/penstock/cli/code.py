"""`penstock code`: the current code of a token, for people and pipelines."""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

from cyclopts import Parameter

from penstock.cli.remote import RemoteFailed, call

CLIPBOARDS = (("wl-copy",), ("xclip", "-selection", "clipboard"), ("pbcopy",))
"""Programs that copy their input, on Wayland, X and macOS."""
TERMINAL = Path("/dev/tty")
_NEEDS = {"wl-copy": "WAYLAND_DISPLAY", "xclip": "DISPLAY"}


def code(
    name: str,
    /,
    *,
    copy: Annotated[bool, Parameter(help="Copy the code to the clipboard instead of printing it.", negative="")] = False,
    consume: Annotated[
        bool, Parameter(help="Get a code that no other call gets; fails if the current one was consumed.", negative="")
    ] = False,
) -> None:
    """Print the current code of a token.

    Calls the server at PENSTOCK_URL with the key in PENSTOCK_API_KEY, which needs the scope tokens:code.

    Parameters
    ----------
    name
        Name or id of the token.
    """
    answer = call("GET", f"/api/v2/tokens/{quote(name, safe='')}/code", query={"consume": "true"} if consume else None)
    if not isinstance(answer, dict) or not isinstance(answer.get("code"), str):
        raise RemoteFailed(reason="the server's response has no code; is PENSTOCK_URL right?")
    if copy:
        _copy(answer["code"])
        print(f"Copied; valid for {answer['expires_in_s']} s.")
    else:
        print(answer["code"])


def _copy(text: str) -> None:
    """Copy a text to the clipboard, by a program or else by the terminal."""
    for command in CLIPBOARDS:
        program = shutil.which(command[0])
        if program and os.environ.get(_NEEDS.get(command[0], "PATH")):
            called = [program, *command[1:]]  # always the same: the code is the input
            if subprocess.run(called, input=text.encode(), stdout=subprocess.DEVNULL, timeout=5).returncode == 0:  # noqa: S603, PLW1510
                return
    if not sys.stdout.isatty():
        raise RemoteFailed(reason="nothing here can copy: neither wl-copy, xclip nor pbcopy, nor a terminal")
    # OSC 52: the terminal copies, also over SSH. Not every terminal does, and none says whether it did.
    with TERMINAL.open("w", encoding="ascii") as terminal:
        terminal.write(f"\033]52;c;{base64.b64encode(text.encode()).decode()}\a")
