"""The command `penstock`: its options, and one clear line when something is wrong."""

from __future__ import annotations

import sqlite3
import sys
from typing import NoReturn

from cyclopts import App, CycloptsError

from penstock import __version__
from penstock.cli import backup, bootstrap, doctor, key, migrate, restore, serve
from penstock.cli.logs import configure_logs
from penstock.kit.errors import PenstockError

BAD_USAGE = 2
INTERRUPTED = 130

app = App(name="penstock", help="One IoT API for everything you build, on your own machine.", version=__version__)
app.command(serve.serve)
app.command(bootstrap.bootstrap)
app.command(key.app)
app.command(backup.backup)
app.command(restore.restore)
app.command(migrate.migrate)
app.command(doctor.doctor)


def main() -> None:
    """Run the command; exit 1 with one line on stderr when it cannot be done, 2 when it was not understood."""
    configure_logs()
    try:
        app(exit_on_error=False, print_error=False)
    except CycloptsError as error:
        _end(f"{_line(error)} (see --help)", BAD_USAGE)
    except sqlite3.Error as error:
        _end(f"the database cannot be used: {error}", 1)
    except OSError as error:
        # A plain OSError shows its number; what people need is the reason and the file.
        plain = error.filename is not None and error.strerror is not None
        _end(f"{error.filename}: {error.strerror}" if plain else str(error), 1)
    except PenstockError as error:
        _end(str(error), 1)
    except KeyboardInterrupt:
        _end("interrupted", INTERRUPTED)


def _line(error: CycloptsError) -> str:
    return " ".join(str(error).split()).rstrip(".")


def _end(message: str, status: int) -> NoReturn:
    sys.stderr.write(f"penstock: {message}\n")
    raise SystemExit(status) from None


if __name__ == "__main__":
    main()
