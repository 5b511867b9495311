"""Signing in and out. These pages are open to everyone."""

from __future__ import annotations

import ipaddress
from typing import Any

from penstock.api.console.people.session import SessionOpener, local, token_page
from penstock.api.console.shared.cookies import ended_session_cookie, is_tls
from penstock.api.console.shared.forms import Form
from penstock.api.console.shared.navigation import ROOT
from penstock.api.console.shared.pages import Page, Pages, Redirect
from penstock.api.console.shared.visit import Visit
from penstock.kit.http import header

TEMPLATE, CODE_TEMPLATE = "people/sign_in.html", "people/code.html"
UNAUTHORIZED = 401


class SignInPages:
    """Sign in with a password and a second factor, or with a link, and out again."""

    pages = Pages("", public=True)

    def __init__(self, opener: SessionOpener, *, sign_up: bool) -> None:
        self._opener = opener
        self._sign_up = sign_up

    @pages.get("/sign-in")
    async def show(self, visit: Visit) -> Page:
        """Show the form."""
        return self._form(visit, local(visit.query.get("next", "")))

    @pages.post("/sign-in")
    async def sign_in(self, visit: Visit) -> Page | Redirect:
        """Check the password."""
        form = visit.form
        answer = await visit.send("POST", "/api/v2/auth/sign-in", body=form.body("email", password=form.value("password")))
        target = local(form.value("next"))
        if not answer.ok:
            form.failed(answer.value)
            return self._form(visit, target, status=answer.status)
        return await self._entered(visit, answer.value, target)

    @pages.post("/sign-in/code")
    async def second_step(self, visit: Visit) -> Page | Redirect:
        """Check the code of the second factor."""
        form = visit.form
        body = {"mfa_token": form.value("mfa_token"), "code": form.value("code").strip()}
        answer = await visit.send("POST", "/api/v2/auth/sign-in/code", body=body)
        target = local(form.value("next"))
        if answer.ok:
            return await self._opener.opened(visit, answer.value, target)
        form.failed(answer.value)
        if answer.status == UNAUTHORIZED and answer.value.get("code") == "auth.challenge_invalid":
            return self._form(visit, target, status=answer.status)
        return Page(CODE_TEMPLATE, title="Second factor", status=answer.status, mfa_token=body["mfa_token"], next=target)

    @pages.get("/welcome")
    async def welcome(self, visit: Visit) -> Page:
        """Show the page of a link that signs in."""
        return token_page(visit, "people/welcome.html", "Welcome", plain=is_plain(visit))

    @pages.post("/welcome")
    async def enter(self, visit: Visit) -> Page | Redirect:
        """Sign in with the token of the link."""
        form = visit.form
        answer = await visit.send("POST", "/api/v2/auth/link", body={"token": form.value("token").strip()})
        if not answer.ok:
            form.failed(answer.value)
            return token_page(visit, "people/welcome.html", "Welcome", status=answer.status, plain=is_plain(visit))
        return await self._entered(visit, answer.value, "")

    @pages.post("/sign-out")
    async def sign_out(self, visit: Visit) -> Redirect:
        """End the session."""
        if visit.session is not None:
            await visit.send("POST", "/api/v2/auth/sign-out", body={"refresh_token": visit.session})
        cookie = ended_session_cookie(visit.scope, secure=visit.secure)
        return Redirect(f"{ROOT}/sign-in", headers=[(b"set-cookie", cookie)])

    async def _entered(self, visit: Visit, found: dict[str, Any], target: str) -> Page | Redirect:
        """The next page after a password or a link: that of the code, if a second factor is enrolled."""
        if found["mfa_required"]:
            visit.form = Form()  # the page of the code must not contain the password again
            return Page(CODE_TEMPLATE, title="Second factor", mfa_token=found["mfa_token"], next=target)
        return await self._opener.opened(visit, found, target)

    def _form(self, visit: Visit, target: str, status: int = 200) -> Page:
        return Page(TEMPLATE, title="Sign in", status=status, next=target, plain=is_plain(visit), sign_up=self._sign_up)


def is_plain(visit: Visit) -> bool:
    """Whether the browser would drop the session's cookie: it is for TLS, and the connection is not, from another machine."""
    if not visit.secure or is_tls(visit.scope):
        return False
    host = (header(visit.scope, b"host") or b"").decode("latin-1")
    name = host.rpartition(":")[0] if not host.endswith("]") and ":" in host else host
    return not _is_loopback(name.strip("[]").lower())


def _is_loopback(name: str) -> bool:
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
