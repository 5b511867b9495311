"""Writes mail into a folder if no server is set: each message is a file that any mail program opens."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from pathlib import Path

from penstock.core.people.errors import MailFailed
from penstock.core.people.models import MailFile, Message


class FolderMailer:
    """Implements `Mailer`. Repeating a message overwrites its file."""

    def __init__(self, folder: Path, sender: str) -> None:
        self._folder = folder
        self._sender = sender

    async def send(self, message: Message, files: Sequence[MailFile] = ()) -> None:
        try:
            await asyncio.to_thread(self._write, message, files)
        except (OSError, ValueError) as error:
            raise MailFailed(reason=str(error)) from error

    def _write(self, message: Message, files: Sequence[MailFile]) -> None:
        from penstock.adapters.mail.message import to_email  # here, because the import takes 5 ms

        self._folder.mkdir(mode=0o700, exist_ok=True)
        path = self._folder / f"{message.id}.eml"
        draft = path.with_suffix(".new")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)  # it may hold a token
        with os.fdopen(descriptor, "wb") as file:
            file.write(bytes(to_email(message, self._sender, files)))
        draft.rename(path)
