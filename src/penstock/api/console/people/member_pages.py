"""Members, invitations and groups, and what the organisation requires of its members."""

from __future__ import annotations

import asyncio

from penstock.api.console.people.agents import agent_name
from penstock.api.console.shared.calling import ApiFailed
from penstock.api.console.shared.forms import Form
from penstock.api.console.shared.navigation import ROOT
from penstock.api.console.shared.pages import Page, Pages, Redirect
from penstock.api.console.shared.visit import Visit

PATH = f"{ROOT}/people"
MEMBERS, MEMBER = "/api/v2/members", "/api/v2/members/{user_id}"
INVITATIONS, INVITATION = "/api/v2/invitations", "/api/v2/invitations/{invitation_id}"
ORGANIZATION = "/api/v2/organization"
ROLES = {
    "owner": "everything, also billing",
    "admin": "everything but billing",
    "member": "devices, rules, alerts and dashboards; no settings",
    "viewer": "reads, and changes nothing",
}
ROLE_OPTIONS = [[name, f"{name.capitalize()}: {text}"] for name, text in ROLES.items()]


class MemberPages:
    """Members of the organisation."""

    pages = Pages("/people", nav="people")

    @pages.get()
    async def list_members(self, visit: Visit) -> Page:
        """List the members."""
        query = visit.asked("q", "sort", "cursor") | {"limit": "50"}
        found = await visit.get(MEMBERS, query=query)
        for one in found["data"]:
            one["shown"] = one["name"] or one["email"]
        return Page("people/members.html", title="People", tab="members", members=found["data"], next_cursor=found["next_cursor"])

    @pages.get("/members/{user_id}")
    async def show(self, visit: Visit) -> Page:
        """Show a member with their sessions."""
        return await self._one(visit)

    @pages.post("/members/{user_id}/role")
    async def set_role(self, visit: Visit) -> Page | Redirect:
        """Change the role of a member."""
        answer = await visit.send("PATCH", MEMBER, path=visit.params, body={"role": visit.form.value("role")})
        if not answer.ok:
            return await self._one(visit, visit.form.failed(answer.value), answer.status)
        return visit.done(_of(visit), f"The role is {answer.value['role']} now")

    @pages.post("/members/{user_id}/sessions/end")
    async def end_sessions(self, visit: Visit) -> Redirect:
        """End all sessions of a member."""
        try:
            await visit.do("DELETE", f"{MEMBER}/sessions", path=visit.params)
        except ApiFailed as error:
            return visit.refused(_of(visit), error)
        return visit.done(_of(visit), "The sessions have ended")

    @pages.post("/members/{user_id}/remove")
    async def remove(self, visit: Visit) -> Redirect:
        """Remove a member, and say what ended with the membership."""
        try:
            gone = await visit.do("DELETE", MEMBER, path=visit.params)
        except ApiFailed as error:
            return visit.refused(_of(visit), error)
        ended = f"{gone['sessions_ended']} sessions and {len(gone['keys_revoked'])} keys ended"
        return visit.done(PATH, f"{gone['email']} is no longer a member; {ended}")

    async def _one(self, visit: Visit, form: Form | None = None, status: int = 200) -> Page:
        member, sessions = await asyncio.gather(
            visit.get(MEMBER, path=visit.params), visit.find(f"{MEMBER}/sessions", path=visit.params, query={"limit": "100"})
        )
        return Page(
            "people/member.html",
            title=member["name"] or member["email"],
            status=status,
            member=member,
            sessions=sessions["data"] if sessions else None,
            form=form or Form.showing(member),
            roles=ROLE_OPTIONS,
            bound=member["role"] not in ROLES,
            agent_name=agent_name,
        )


class InvitationPages:
    """Invitations by e-mail."""

    pages = Pages("/people", nav="people")

    @pages.get("/invitations")
    async def list_invitations(self, visit: Visit) -> Page:
        """List the invitations."""
        found = await visit.get(INVITATIONS, query=visit.asked("q", "sort", "cursor") | {"limit": "50"})
        values = {"invitations": found["data"], "next_cursor": found["next_cursor"]}
        return Page("people/invitations.html", title="Invitations", tab="invitations", **values)

    @pages.get("/invite")
    async def new(self, visit: Visit) -> Page:
        """Show the form of an invitation."""
        return Page("people/invite.html", title="Invite a person", form=Form({"role": ["member"]}), roles=ROLE_OPTIONS)

    @pages.post("/invite")
    async def invite(self, visit: Visit) -> Page | Redirect:
        """Send an invitation."""
        answer = await visit.send("POST", INVITATIONS, body=visit.form.body("email", "role"))
        if not answer.ok:
            form = visit.form.failed(answer.value)
            return Page("people/invite.html", title="Invite a person", status=answer.status, form=form, roles=ROLE_OPTIONS)
        return visit.done(f"{PATH}/invitations", f"The invitation to {answer.value['email']} is on its way")

    @pages.post("/invitations/{invitation_id}/resend")
    async def resend(self, visit: Visit) -> Redirect:
        """Send an invitation again."""
        try:
            found = await visit.do("POST", f"{INVITATION}/resend", path=visit.params)
        except ApiFailed as error:
            return visit.refused(f"{PATH}/invitations", error)
        return visit.done(f"{PATH}/invitations", f"The invitation to {found['email']} is on its way again; the old link ended")

    @pages.post("/invitations/{invitation_id}/withdraw")
    async def withdraw(self, visit: Visit) -> Redirect:
        """Withdraw an invitation."""
        try:
            await visit.do("DELETE", INVITATION, path=visit.params)
        except ApiFailed as error:
            return visit.refused(f"{PATH}/invitations", error)
        return visit.done(f"{PATH}/invitations", "The invitation is withdrawn")


class OrganizationPages:
    """The organisation's name, and whether it requires a second factor."""

    pages = Pages("/people", nav="people")

    @pages.get("/organization")
    async def show(self, visit: Visit) -> Page:
        """Show the settings."""
        found = await visit.get(ORGANIZATION)
        return self._page(found["id"], Form.showing(found))

    @pages.post("/organization")
    async def change(self, visit: Visit) -> Page | Redirect:
        """Change the settings."""
        form = visit.form
        answer = await visit.send("PATCH", ORGANIZATION, body=form.body("name", require_mfa=form.flag("require_mfa")))
        if not answer.ok:
            return self._page(visit.viewer.organization["id"], form.failed(answer.value), answer.status)
        return visit.done(f"{PATH}/organization", "The settings are saved")

    def _page(self, organization_id: str, form: Form, status: int = 200) -> Page:
        return Page(
            "people/organization.html",
            title="Organisation",
            status=status,
            tab="organization",
            organization_id=organization_id,
            form=form,
        )


def _of(visit: Visit) -> str:
    return f"{PATH}/members/{visit.params['user_id']}"
