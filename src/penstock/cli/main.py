"""The command `penstock`: its options, and one clear line when something is wrong."""

from __future__ import annotations

import sys

from cyclopts import App

from penstock import __version__
from penstock.cli import bootstrap, serve
from penstock.cli.logs import configure_logs
from penstock.kit.errors import PenstockError

app = App(name="penstock", help="One IoT API for everything you build, on your own machine.", version=__version__)
app.command(serve.serve)
app.command(bootstrap.bootstrap)


def main() -> None:
    """Run the command; exit 1 with one line on stderr when it cannot be done."""
    configure_logs()
    try:
        app()
    except (PenstockError, OSError) as error:
        sys.stderr.write(f"penstock: {error}\n")
        raise SystemExit(1) from None


if __name__ == "__main__":
    main()
