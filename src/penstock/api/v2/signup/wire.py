"""Sign-up over the native API, exactly as on the wire."""

from __future__ import annotations

from msgspec import Struct

from penstock.api.v2.people.wire import Email, NewPassword, Token
from penstock.api.v2.wire import Name
from penstock.kit.secret import hides


class Signup(Struct, frozen=True, forbid_unknown_fields=True):
    """The name of the new organisation, and the e-mail of its owner."""

    organization: Name
    email: Email


@hides("api_key")
class SignedUp(Struct, frozen=True):
    """The new organisation. The key has all permissions there; its value is returned only here."""

    organization_id: str
    organization_name: str
    project_id: str
    email: str
    plan: str
    key_id: str
    api_key: str
    warning: str = "copy the key now, it is not shown again"


@hides("token", "password")
class Setup(Struct, frozen=True, forbid_unknown_fields=True):
    """The token of the link that the server printed, the name of the first organisation, and the account of its owner."""

    token: Token
    organization: Name
    email: Email
    password: NewPassword


@hides("api_key")
class SetupDone(Struct, frozen=True):
    """The first organisation. The key has all permissions there; its value is returned only here."""

    organization_id: str
    organization_name: str
    project_id: str
    user_id: str
    email: str
    plan: str
    key_id: str
    api_key: str
    warning: str = "copy the key now, it is not shown again"
