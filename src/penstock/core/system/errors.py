"""Errors in use cases of the operator."""

from __future__ import annotations

from penstock.kit.errors import Kind, PenstockError


class OperatorRequired(PenstockError):
    """The caller is not the server's operator. Owners of an organisation are not, if the server has several."""

    kind, code = Kind.FORBIDDEN, "system.operator_required"
    message = "only the server's operator may do this: their e-mail is in system.operators of the settings"


class BackupRunning(PenstockError):
    """A backup is being written, and there is one at a time."""

    kind, code = Kind.CONFLICT, "system.backup_running"
    message = "a backup is being written; wait until it is complete"


class NoRoomForBackup(PenstockError):
    """The disk has too little space for a backup."""

    kind, code = Kind.PRECONDITION, "system.no_room_for_backup"
    message = "a backup needs up to {needed} bytes, and {free} are free where backups are written"
