"""The command `penstock`: its subcommands, and one clear line for each error."""

from __future__ import annotations

import gc
import os
import sqlite3
import sys
from importlib import import_module
from typing import NoReturn

from cyclopts import App, CycloptsError

from penstock import __version__
from penstock.cli.logs import configure_logs
from penstock.kit.errors import PenstockError

BAD_USAGE = 2
INTERRUPTED = 130  # 128 and the number of SIGINT, as shells report it
PIPE_CLOSED = 141  # 128 and the number of SIGPIPE

OWN_FILES = 0o077
"""No permission for others on any file or folder that a command creates, whatever the shell's umask."""
COLLECT_AFTER = 200_000
"""New objects before garbage is looked for. What imports make stays, so that looking through it every 700 objects, the default,
finds nothing and is a fifth of a server's start; even once, at 100,000, took 20 ms. A server makes 130,000 until it is ready, and
then sets what it needs."""

COMMANDS = (
    *("serve", "bootstrap", "org", "user", "key", "code", "token", "secret", "audit"),
    *("backup", "restore", "migrate", "vault", "doctor", "mcp"),
    *("get", "tail", "send", "import", "export", "profile"),
)
"""Each is in the module of the same name, as a function or application of the same name, except those in `ELSEWHERE`."""
ELSEWHERE = {"import": ("penstock.cli.imports.command", "import_")}
"""`import` is a word of the language."""
SHOWS_THE_LIST: tuple[list[str], ...] = ([], ["--help"], ["-h"])


def build_app(*, described: bool = False) -> App:
    """Build the application. A command is imported when it is used, because most need no server.

    `described` imports them all: only then does the list of commands have their summaries.
    """
    app = App(name="penstock", help="One IoT API for everything you build, on your own machine.", version=__version__)
    for name in COMMANDS:
        module, attribute = ELSEWHERE.get(name, (f"penstock.cli.{name}", name))
        app.command(getattr(import_module(module), attribute) if described else f"{module}:{attribute}", name=name)
    return app


def main() -> None:
    """Run the command. Exits with 1 and one line on stderr if it failed, with 2 if its arguments are invalid."""
    gc.set_threshold(COLLECT_AFTER)
    os.umask(OWN_FILES)
    configure_logs()
    try:
        build_app(described=sys.argv[1:] in SHOWS_THE_LIST)(exit_on_error=False, print_error=False)
    except CycloptsError as error:
        _end(f"{str(error).rstrip('.')} (see --help)", BAD_USAGE)
    except sqlite3.Error as error:
        _end(f"the database is unusable: {error}", 1)
    except BrokenPipeError:  # the reader of a pipe has enough, as `head` has
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is buffered is not written at the end
        raise SystemExit(PIPE_CLOSED) from None
    except OSError as error:
        _end(_reason(error), 1)
    except PenstockError as error:
        _end(str(error), 1)
    except KeyboardInterrupt:
        _end("interrupted", INTERRUPTED)


def _reason(error: OSError) -> str:
    """The reason and the file of an OSError; its plain text would show the error number first."""
    if type(error).__str__ is not OSError.__str__ or error.strerror is None:
        return str(error)
    return error.strerror if error.filename is None else f"{error.filename}: {error.strerror}"


def _end(message: str, status: int) -> NoReturn:
    # SQLite's text about a damaged file has several lines.
    sys.stderr.write(f"penstock: {' '.join(message.split())}\n")
    raise SystemExit(status) from None


if __name__ == "__main__":
    main()
