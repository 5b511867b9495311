"""The file of profiles: whose it is, what it holds, and what is wrong with it."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from penstock.cli import profiles
from penstock.cli.profiles import Profiles, ProfilesUnusable, ProfileUnknown, Stored

KEY = "psk_of-a-test"


@pytest.fixture(autouse=True)
def file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path / "config" / "penstock" / "profiles.json"


def test_it_is_the_user_s_alone_and_found_again(file: Path) -> None:
    assert profiles.load() == Profiles()
    assert profiles.find_current() is None
    profiles.save(Profiles("home", {"home": Stored("https://x", KEY, "org_1")}))
    assert [stat.S_IMODE(path.stat().st_mode) for path in (file, file.parent)] == [0o600, 0o700]
    assert list(file.parent.iterdir()) == [file]
    found = profiles.find_current()
    assert found is not None
    assert (found.name, found.url, found.key, found.organization) == ("home", "https://x", KEY, "org_1")
    assert profiles.get("home") == found


def test_one_that_others_can_read_is_not_used(file: Path) -> None:
    profiles.save(Profiles("home", {"home": Stored("https://x", KEY)}))
    file.chmod(0o640)
    with pytest.raises(ProfilesUnusable, match="chmod 600"):
        profiles.load()


def test_a_damaged_one_is_told_without_what_it_says(file: Path) -> None:
    profiles.save(Profiles())
    file.write_text('{"key": "' + KEY)
    with pytest.raises(ProfilesUnusable) as failed:
        profiles.load()
    assert str(failed.value) == f"{file}: is not a file of profiles"


def test_a_profile_that_does_not_exist_is_named() -> None:
    with pytest.raises(ProfileUnknown, match='no profile "work"'):
        profiles.get("work")
    profiles.save(Profiles("gone"))
    with pytest.raises(ProfileUnknown, match='no profile "gone"'):
        profiles.find_current()


def test_without_the_variable_it_is_in_the_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("XDG_CONFIG_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert profiles.path() == tmp_path / ".config" / "penstock" / "profiles.json"


def test_an_address_has_a_scheme() -> None:
    assert [profiles.is_address(one) for one in ("https://x", "http://x", "x", "ftp://x")] == [True, True, False, False]
