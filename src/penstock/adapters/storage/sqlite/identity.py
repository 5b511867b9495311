"""Which data directory a file belongs to. A `secret.key`, a database or a segment of another server is intact, but not usable.

The control database has a random number, which each segment carries as its `application_id`, and a value derived from the secret.
"""

from __future__ import annotations

import hmac
import secrets
import sqlite3
from contextlib import closing
from pathlib import Path

from penstock.adapters.storage.data_dir import PEPPER_FILE, TELEMETRY, DataDirUnusable
from penstock.adapters.storage.sqlite.connection import StorageUnavailable, connect, statements
from penstock.adapters.storage.sqlite.migrations import CONTROL_FILE
from penstock.kit.ids import Seq
from penstock.kit.secret import Pepper

_PURPOSE = "recognise the secret.key of a data directory"
FOREIGN_SECRET = f"{PEPPER_FILE} is not the one of this {CONTROL_FILE}, so no key or token would be valid; restore the right one"


def check_beginning(data_dir: Path) -> None:
    """Reject a directory in which a new control database would be made, although there are readings.

    Raises:
        DataDirUnusable: the control database is missing or empty.
    """
    path = data_dir / CONTROL_FILE
    if any((data_dir / TELEMETRY).glob("*.db")) and (not path.exists() or not path.stat().st_size):
        problem = "empty" if path.exists() else "missing"
        reason = f"{CONTROL_FILE} is {problem}, but {TELEMETRY}/ holds readings; restore it, or use another directory"
        raise DataDirUnusable(path=data_dir, reason=reason)


def identify(data_dir: Path, pepper: Pepper) -> int:
    """The number of a data directory, whose control database has been migrated. Given to it if it has none.

    Raises:
        DataDirUnusable: the secret is that of another directory.
        StorageUnavailable: the database cannot be read.
    """
    try:
        with closing(connect(data_dir / CONTROL_FILE)) as connection:
            found = connection.execute(statements()["find_server"]).fetchone()
            if found is None:
                made = {"id": secrets.randbelow(2**31 - 1) + 1, "key_check": pepper.derive(_PURPOSE)}
                connection.execute(statements()["create_server"], made)
                found = connection.execute(statements()["find_server"]).fetchone()
    except sqlite3.Error as error:
        raise StorageUnavailable(reason=f"{CONTROL_FILE}: {error}") from error
    if not is_secret_of(found[1], pepper):
        raise DataDirUnusable(path=data_dir, reason=FOREIGN_SECRET)
    return int(found[0])


def processed_seq(data_dir: Path) -> Seq:
    """The last reading that was processed. If it is not stored, readings are missing.

    Raises:
        StorageUnavailable: the database cannot be read.
    """
    try:
        with closing(connect(data_dir / CONTROL_FILE, read_only=True)) as connection:
            return Seq(connection.execute(statements()["newest_cursor"]).fetchone()[0])
    except sqlite3.Error as error:
        raise StorageUnavailable(reason=f"{CONTROL_FILE}: {error}") from error


def is_secret_of(key_check: bytes, pepper: Pepper) -> bool:
    """Whether a secret is the one from which a stored value was derived."""
    return hmac.compare_digest(bytes(key_check), pepper.derive(_PURPOSE))
