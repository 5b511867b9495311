"""What the pages before a session share: how one is opened, and how a token gets from a link into a form."""

from __future__ import annotations

from typing import Any

from penstock.api.console.shared.cookies import session_cookie
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
        return session_cookie(tokens["refresh_token"], secure=visit.secure, max_age_s=self._session_s)

    async def opened(self, visit: Visit, tokens: dict[str, Any], target: str) -> Redirect:
        """Go to the page that was opened; before that to the choice of an organisation if there are several."""
        headers = [(b"set-cookie", self.cookie(visit, tokens))]
        if tokens["enrolment_required"]:
            return Redirect(PROFILE, headers=headers)
        visit.token = tokens["access_token"]
        profile = await visit.get("/api/v2/profile")
        if len(profile["memberships"]) > 1 and not target:
            return Redirect(CHOICE, headers=headers)
        return Redirect(target or ROOT, headers=headers)


def local(path: str) -> str:
    """A path of the console to go to after signing in; empty for anything else, such as another site's address."""
    ours = path == ROOT or path.startswith((f"{ROOT}/", f"{ROOT}?"))
    return path if ours and path.isascii() and path.isprintable() and "\\" not in path else ""


def token_page(visit: Visit, template: str, title: str, *, status: int = 200, **values: Any) -> Page:
    """A page whose form has a token: from the fragment of its address, which a script moves there, or typed."""
    return Page(template, title=title, status=status, token=visit.form.value("token"), **values)
