"""Profiles: servers at a distance under names, in a file that the user alone can read.

`$XDG_CONFIG_HOME/penstock/profiles.json`, by default in `~/.config`. Shape: {"current", "profiles": {name: {"url", "key",
"organization"}}}.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import msgspec

from penstock.kit.errors import Kind, PenstockError
from penstock.kit.quoting import quoted

FILE_NAME = "profiles.json"
OTHERS = 0o077
MAX_NAME = 50


class ProfileUnknown(PenstockError):
    """A command names a profile that does not exist."""

    kind, code = Kind.NOT_FOUND, "cli.profile_unknown"
    message = "there is no profile {name}; penstock profile list shows those that exist"


class ProfilesUnusable(PenstockError):
    """The file of the profiles cannot be read, or others can read it."""

    kind, code = Kind.PRECONDITION, "cli.profiles_unusable"
    message = "{path}: {reason}"


class Stored(msgspec.Struct, forbid_unknown_fields=True):
    """A profile in the file. Without an organisation, it is that of the key."""

    url: str
    key: str
    organization: str | None = None


class Profile(Stored):
    """A profile with its name."""

    name: str = ""


class Profiles(msgspec.Struct, forbid_unknown_fields=True):
    """The file. `current` is the profile in use."""

    current: str | None = None
    profiles: dict[str, Stored] = msgspec.field(default_factory=dict)


def path() -> Path:
    """Where the file is."""
    base = os.environ.get("XDG_CONFIG_HOME", "").strip()
    return (Path(base) if base else Path.home() / ".config") / "penstock" / FILE_NAME


def load() -> Profiles:
    """All profiles; none if there is no file.

    Raises:
        ProfilesUnusable: others can read it, or it is damaged.
    """
    file = path()
    try:
        with file.open("rb") as opened:
            mode = os.fstat(opened.fileno()).st_mode
            content = opened.read()
    except (FileNotFoundError, NotADirectoryError):
        return Profiles()
    if mode & OTHERS:
        raise ProfilesUnusable(path=file, reason="others can read the keys in it; make it yours alone with chmod 600")
    try:
        return msgspec.json.decode(content, type=Profiles)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise ProfilesUnusable(path=file, reason="is not a file of profiles") from None


def save(profiles: Profiles) -> None:
    """Replace the file as a whole, so that it is never half written."""
    file = path()
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    content = msgspec.json.format(msgspec.json.encode(profiles), indent=2) + b"\n"
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{FILE_NAME}-")  # readable for its owner alone
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def get(name: str) -> Profile:
    """A profile by its name.

    Raises:
        ProfileUnknown: there is none.
        ProfilesUnusable: the file cannot be used.
    """
    return _named(load(), name)


def find_current() -> Profile | None:
    """The profile in use.

    Raises:
        ProfileUnknown: the file names one that is not in it.
        ProfilesUnusable: the file cannot be used.
    """
    profiles = load()
    return None if profiles.current is None else _named(profiles, profiles.current)


def is_address(url: str) -> bool:
    """Whether a text can be the address of a server."""
    return url.startswith(("https://", "http://"))


def _named(profiles: Profiles, name: str) -> Profile:
    found = profiles.profiles.get(name)
    if found is None:
        raise ProfileUnknown(name=quoted(name))
    return Profile(found.url, found.key, found.organization, name)
