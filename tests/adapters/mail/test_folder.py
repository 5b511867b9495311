"""Mail into a folder, where there is no server."""

from __future__ import annotations

import email
import stat
from email.policy import default
from pathlib import Path

import msgspec
import pytest

from penstock.adapters.mail.folder import FolderMailer
from penstock.core.people.errors import MailFailed
from penstock.core.people.models import Message

MESSAGE = Message(id="1f", to="ada@example.org", subject="Grüße", text="Zwölf Boxkämpfer.\n.\nfrom here\n")


@pytest.mark.parametrize("to", ["a@b\nBcc: x@y", "a b", "", "a@@b"])
async def test_what_is_no_address_sends_nothing(to: str, tmp_path: Path) -> None:
    with pytest.raises(MailFailed):
        await FolderMailer(tmp_path / "mail", "a@b").send(msgspec.structs.replace(MESSAGE, to=to))
    assert list(tmp_path.rglob("*.eml")) == []


async def test_a_folder_takes_the_mail_where_there_is_no_server(tmp_path: Path) -> None:
    mailer = FolderMailer(tmp_path / "mail", "iot@example.org")
    await mailer.send(MESSAGE)
    await mailer.send(MESSAGE)
    (path,) = (tmp_path / "mail").iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert email.message_from_bytes(path.read_bytes(), policy=default)["To"] == "ada@example.org"
