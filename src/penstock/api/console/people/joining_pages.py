"""Pages that links lead to: the first set-up, an invitation, a forgotten password; and the sign-up if it is enabled.

Mails link to `<people.app_url>/<page>#token=…`, with `accept-invitation` and `reset-password` as pages.
"""

from __future__ import annotations

from penstock.api.console.people.session import SessionOpener, token_page
from penstock.api.console.people.sign_in_pages import is_plain
from penstock.api.console.shared.navigation import ROOT
from penstock.api.console.shared.pages import Page, Pages, Redirect
from penstock.api.console.shared.visit import Visit
from penstock.kit.http import RouteNotFound

SIGN_IN = f"{ROOT}/sign-in"
SETUP, INVITATION, RESET = "people/setup.html", "people/accept_invitation.html", "people/reset_password.html"
FORGOT, SIGN_UP = "people/forgot_password.html", "people/sign_up.html"


class JoiningPages:
    """Set up, sign up, join, and reset a password."""

    pages = Pages("", public=True)

    def __init__(self, opener: SessionOpener, *, sign_up: bool) -> None:
        self._opener = opener
        self._sign_up = sign_up

    @pages.get("/setup")
    async def setup(self, visit: Visit) -> Page:
        """Show the form for the first organisation."""
        return token_page(visit, SETUP, "Set up Penstock", plain=is_plain(visit))

    @pages.post("/setup")
    async def set_up(self, visit: Visit) -> Page:
        """Create the first organisation, sign its owner in, and show its first key."""
        form = visit.form
        password = form.value("password")
        body = form.body("token", "organization", "email", password=password)
        answer = await visit.send("POST", "/api/v2/setup", body=body)
        if not answer.ok:
            form.failed(answer.value)
            return token_page(visit, SETUP, "Set up Penstock", status=answer.status, plain=is_plain(visit))
        made = answer.value
        tokens = await visit.do("POST", "/api/v2/auth/sign-in", body={"email": made["email"], "password": password})
        headers = [(b"set-cookie", self._opener.cookie(visit, tokens))]
        return Page("people/set_up.html", title="Ready", headers=headers, made=made)

    @pages.get("/accept-invitation")
    async def invitation(self, visit: Visit) -> Page:
        """Show the form of an invitation."""
        return token_page(visit, INVITATION, "Accept the invitation", plain=is_plain(visit))

    @pages.post("/accept-invitation")
    async def accept(self, visit: Visit) -> Page | Redirect:
        """Join the organisation, and sign in there."""
        form = visit.form
        password = form.value("password")
        body = form.body("token", "name", password=password)
        answer = await visit.send("POST", "/api/v2/auth/invitations/accept", body=body)
        if not answer.ok:
            form.failed(answer.value)
            return token_page(visit, INVITATION, "Accept the invitation", status=answer.status, plain=is_plain(visit))
        joined = answer.value
        credentials = {"email": joined["email"], "password": password, "organization_id": joined["organization_id"]}
        entered = await visit.send("POST", "/api/v2/auth/sign-in", body=credentials)
        if not entered.ok or entered.value["mfa_required"]:
            return visit.done(SIGN_IN, "You have joined. Sign in to continue.")
        return await self._opener.opened(visit, entered.value, ROOT)

    @pages.get("/forgot-password")
    async def forgot(self, visit: Visit) -> Page:
        """Show the form for a mail that resets the password."""
        return Page(FORGOT, title="Forgot password", sent=False)

    @pages.post("/forgot-password")
    async def send_reset(self, visit: Visit) -> Page:
        """Request the mail. The page does not reveal whether there is an account."""
        answer = await visit.send("POST", "/api/v2/auth/password/forgot", body=visit.form.body("email"))
        if not answer.ok:
            visit.form.failed(answer.value)
        return Page(FORGOT, title="Forgot password", status=200 if answer.ok else answer.status, sent=answer.ok)

    @pages.get("/reset-password")
    async def reset_form(self, visit: Visit) -> Page:
        """Show the form for the new password."""
        return token_page(visit, RESET, "Reset password")

    @pages.post("/reset-password")
    async def reset(self, visit: Visit) -> Page | Redirect:
        """Set the new password."""
        form = visit.form
        body = form.body("token", new_password=form.value("new_password"))
        answer = await visit.send("POST", "/api/v2/auth/password/reset", body=body)
        if not answer.ok:
            form.failed(answer.value, {"new_password": "password"})
            return token_page(visit, RESET, "Reset password", status=answer.status)
        return visit.done(SIGN_IN, "Your password is changed. Sign in with the new one.")

    @pages.get("/sign-up")
    async def sign_up_form(self, visit: Visit) -> Page:
        """Show the form for a new organisation."""
        self._check_sign_up()
        return Page(SIGN_UP, title="Sign up", made=None)

    @pages.post("/sign-up")
    async def sign_up(self, visit: Visit) -> Page:
        """Create the organisation, and show its key. The user who confirms the e-mail becomes its owner."""
        self._check_sign_up()
        answer = await visit.send("POST", "/api/v2/signup", body=visit.form.body("organization", "email"))
        if not answer.ok:
            visit.form.failed(answer.value)
            return Page(SIGN_UP, title="Sign up", status=answer.status, made=None)
        return Page(SIGN_UP, title="Check your mail", made=answer.value)

    def _check_sign_up(self) -> None:
        if not self._sign_up:
            raise RouteNotFound()
