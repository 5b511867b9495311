"""What the pages before a session share: how one is opened, and how a token gets from a link into a form."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from penstock.api.console.shared.cookies import session_cookie
from penstock.api.console.shared.door import PREFIX
from penstock.api.console.shared.navigation import ROOT
from penstock.api.console.shared.pages import Page, Redirect
from penstock.api.console.shared.visit import Visit

PROFILE, CHOICE = f"{ROOT}/profile", f"{ROOT}/organizations"


class SessionOpener:
    """Keeps a new session in the browser. `session_s` is how long one lasts."""

    def __init__(self, session_s: int) -> None:
        self._session_s = session_s

    def cookie(self, visit: Visit, tokens: dict[str, Any]) -> bytes:
        """The header's value that keeps the session."""
        return session_cookie(visit.scope, tokens["refresh_token"], secure=visit.secure, max_age_s=self._session_s)

    async def opened(self, visit: Visit, tokens: dict[str, Any], target: str) -> Redirect:
        """Go to the page that was opened; before that to the choice of an organisation if there are several."""
        if visit.session is not None:  # the browser forgets it, and could not end it later
            await visit.send("POST", "/api/v2/auth/sign-out", body={"refresh_token": visit.session})
        headers = [(b"set-cookie", self.cookie(visit, tokens))]
        if tokens["enrolment_required"]:
            return Redirect(PROFILE, headers=headers)
        visit.token = tokens["access_token"]
        profile = await visit.get("/api/v2/profile")
        if len(profile["memberships"]) > 1 and not target:
            return Redirect(CHOICE, headers=headers)
        return Redirect(target or ROOT, headers=headers)


def local(path: str) -> str:
    """The path of a page of the console to go to after signing in.

    Empty for anything else: another site's address, or one of the API, which a page of another site could so have called.
    """
    if not path.isascii() or not path.isprintable() or "\\" in path:
        return ""
    name = unquote(path.partition("#")[0].partition("?")[0])
    is_page = name == ROOT or (name.startswith(f"{ROOT}/") and not f"{name}/".startswith(PREFIX))
    # A browser removes dots from a path, also encoded ones, before it asks for it.
    return path if is_page and "\\" not in name and not {"", ".", ".."} & set(name.removesuffix("/").split("/")[1:]) else ""


def token_page(visit: Visit, template: str, title: str, *, status: int = 200, **values: Any) -> Page:
    """A page whose form has a token: from the fragment of its address, which a script moves there, or typed."""
    return Page(template, title=title, status=status, token=visit.form.value("token"), **values)
