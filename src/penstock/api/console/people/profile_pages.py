"""The own account: name, password, second factor, sessions, preferences."""

from __future__ import annotations

import asyncio
import zoneinfo
from typing import Any

from babel.localedata import locale_identifiers

from penstock.api.console.people.agents import agent_name
from penstock.api.console.people.qr import qr_drawing
from penstock.api.console.shared.calling import ApiFailed
from penstock.api.console.shared.forms import Form
from penstock.api.console.shared.navigation import ROOT
from penstock.api.console.shared.pages import Page, Pages, Redirect
from penstock.api.console.shared.viewer import THEMES
from penstock.api.console.shared.viewers import PREFERENCES
from penstock.api.console.shared.visit import Visit
from penstock.api.shared.in_process import ApiAnswer

PATH = f"{ROOT}/profile"
API = "/api/v2/profile"
MAX_URI = 512


class AccountPages:
    """The account of the person who looks at it."""

    pages = Pages("/profile", nav="profile")

    @pages.get()
    async def show(self, visit: Visit) -> Page:
        """Show the account."""
        return await self._page(visit)

    @pages.post("/name")
    async def rename(self, visit: Visit) -> Page | Redirect:
        """Change the name."""
        answer = await visit.send("PATCH", API, body={"name": visit.form.value("name").strip()})
        return await self._after(visit, answer, "name", "Your name is changed")

    @pages.post("/password")
    async def change_password(self, visit: Visit) -> Page | Redirect:
        """Change the password."""
        form = visit.form
        body = {"current_password": form.value("current_password"), "new_password": form.value("new_password")}
        answer = await visit.send("POST", f"{API}/password", body=body)
        return await self._after(visit, answer, "password", "Your password is changed, and your other sessions have ended")

    @pages.post("/preferences")
    async def prefer(self, visit: Visit) -> Page | Redirect:
        """Change the time zone, the language and the theme."""
        form = visit.form
        body: dict[str, Any] = {name: form.value(name).strip() or None for name in ("time_zone", "locale")}
        if form.value("theme"):
            body["theme"] = form.value("theme")
        answer = await visit.send("PATCH", PREFERENCES, body=body)
        return await self._after(visit, answer, "preferences", "Your preferences are saved")

    @pages.post("/second-factor")
    async def enrol(self, visit: Visit) -> Page | Redirect:
        """Show the secret of a new second factor."""
        try:
            found = await visit.do("POST", f"{API}/mfa", body={})
        except ApiFailed as error:
            return visit.refused(PATH, error)
        return _enrolment(visit, found["uri"], found["secret"])

    @pages.post("/second-factor/confirm")
    async def confirm(self, visit: Visit) -> Page:
        """Check its first code, and show the recovery codes."""
        form = visit.form
        answer = await visit.send("POST", f"{API}/mfa/confirm", body={"code": form.value("code").strip()})
        if not answer.ok:
            form.failed(answer.value)
            return _enrolment(visit, form.value("uri")[:MAX_URI], form.value("secret")[:MAX_URI], status=answer.status)
        return Page("people/recovery_codes.html", title="Recovery codes", codes=answer.value["recovery_codes"])

    @pages.post("/second-factor/remove")
    async def remove_factor(self, visit: Visit) -> Page | Redirect:
        """Remove the second factor."""
        form = visit.form
        body = {"password": form.value("password"), "code": form.value("code").strip()}
        answer = await visit.send("POST", f"{API}/mfa/remove", body=body)
        return await self._after(visit, answer, "factor", "The second factor is removed")

    @pages.post("/sessions/{session_id}/end")
    async def end_session(self, visit: Visit) -> Redirect:
        """End a session."""
        try:
            await visit.do("DELETE", f"{API}/sessions/{{session_id}}", path=visit.params)
        except ApiFailed as error:
            return visit.refused(PATH, error)
        return visit.done(PATH, "The session has ended")

    async def _after(self, visit: Visit, answer: ApiAnswer, which: str, text: str) -> Page | Redirect:
        """The page again, with the errors of one of its forms if there are any."""
        if answer.ok:
            return visit.done(PATH, text)
        visit.form.failed(answer.value, {"new_password": "password"})
        return await self._page(visit, status=answer.status, which=which)

    async def _page(self, visit: Visit, *, status: int = 200, which: str = "") -> Page:
        profile, sessions, preferences = await asyncio.gather(
            visit.get(API), visit.find(f"{API}/sessions", query={"limit": "100"}), visit.find(PREFERENCES)
        )
        forms = {"name": Form.showing(profile), "password": Form(), "factor": Form()}
        forms["preferences"] = Form.showing(preferences or {})
        if which:
            forms[which] = visit.form
        return Page(
            "people/profile.html",
            title="Profile and security",
            status=status,
            profile=profile,
            sessions=sessions["data"] if sessions else [],
            preferences=preferences,
            forms=forms,
            zones=sorted(zoneinfo.available_timezones()),
            locales=_languages(),
            themes=THEMES,
            agent_name=agent_name,
        )


def _languages() -> list[str]:
    """Language tags with a region, as they are written here."""
    return sorted(name.replace("_", "-") for name in locale_identifiers() if len(name) <= 5)


def _enrolment(visit: Visit, uri: str, secret: str, status: int = 200) -> Page:
    return Page(
        "people/second_factor.html", title="Second factor", status=status, uri=uri, secret=secret, drawing=qr_drawing(uri)
    )
