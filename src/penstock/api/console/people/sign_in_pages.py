"""Signing in and out. These pages are open to everyone."""

from __future__ import annotations

from typing import Any

from penstock.api.console.shared.cookies import ended_session_cookie, session_cookie
from penstock.api.console.shared.navigation import ROOT
from penstock.api.console.shared.pages import Page, Pages, Redirect
from penstock.api.console.shared.visit import Visit

TEMPLATE = "people/sign_in.html"


class SignInPages:
    """Sign in with a password and a second factor, and out again."""

    pages = Pages("", public=True)

    def __init__(self, session_s: int) -> None:
        self._session_s = session_s

    @pages.get("/sign-in")
    async def show(self, visit: Visit) -> Page:
        """Show the form."""
        return Page(TEMPLATE, title="Sign in", next=_local(visit.query.get("next", "")))

    @pages.post("/sign-in")
    async def sign_in(self, visit: Visit) -> Page | Redirect:
        """Check the password."""
        form = visit.form
        answer = await visit.send("POST", "/api/v2/auth/sign-in", body=form.body("email", password=form.value("password")))
        target = _local(form.value("next"))
        if not answer.ok:
            form.failed(answer.value)
            return Page(TEMPLATE, title="Sign in", status=answer.status, next=target)
        return self._opened(visit, answer.value, target)

    @pages.post("/sign-out")
    async def sign_out(self, visit: Visit) -> Redirect:
        """End the session."""
        if visit.session is not None:
            await visit.send("POST", "/api/v2/auth/sign-out", body={"refresh_token": visit.session})
        cookie = ended_session_cookie(secure=visit.secure)
        return Redirect(f"{ROOT}/sign-in", headers=[(b"set-cookie", cookie)])

    def _opened(self, visit: Visit, tokens: dict[str, Any], target: str) -> Redirect:
        cookie = session_cookie(tokens["refresh_token"], secure=visit.secure, max_age_s=self._session_s)
        return Redirect(target or ROOT, headers=[(b"set-cookie", cookie)])


def _local(path: str) -> str:
    """A path of the console to go to after signing in; empty for anything else, such as another site's address."""
    return path if path == ROOT or (path.startswith((f"{ROOT}/", f"{ROOT}?")) and "\\" not in path and "\n" not in path) else ""
