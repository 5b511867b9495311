"""Builds the web console. To add a noun's pages, add a line to `_pages`."""

from __future__ import annotations

from penstock import __version__
from penstock.api.console.audit.pages import AuditPages
from penstock.api.console.devices.pages import DevicePages
from penstock.api.console.keys.pages import KeyPages
from penstock.api.console.people.group_pages import GroupPages
from penstock.api.console.people.joining_pages import JoiningPages
from penstock.api.console.people.member_pages import InvitationPages, MemberPages, OrganizationPages
from penstock.api.console.people.profile_pages import ProfilePages
from penstock.api.console.people.session import SessionOpener
from penstock.api.console.people.sign_in_pages import SignInPages
from penstock.api.console.people.switch_pages import SwitchPages
from penstock.api.console.shared.application import Console
from penstock.api.console.shared.calling import ApiCaller
from penstock.api.console.shared.mount import WithConsole
from penstock.api.console.shared.viewers import Viewers
from penstock.api.console.usage.pages import UsagePages
from penstock.bootstrap.services import Services
from penstock.kit.http import App
from penstock.settings import Settings


def with_console(app: App, services: Services, settings: Settings) -> App:
    """The application with the console in front of it."""
    api = ApiCaller(app)
    console = Console(
        app=app,
        pages=_pages(settings),
        sessions=services.people.browsers,
        viewers=Viewers(api, services.clock),
        api=api,
        budget=services.bodies,
        config=settings.console,
        version=__version__,
    )
    return WithConsole(app, console)


def _pages(settings: Settings) -> list[object]:
    """The pages of all nouns."""
    opener = SessionOpener(settings.people.session_s)
    return [
        SignInPages(opener, sign_up=settings.signup.enabled),
        JoiningPages(opener, sign_up=settings.signup.enabled),
        SwitchPages(opener),
        ProfilePages(),
        MemberPages(),
        InvitationPages(),
        OrganizationPages(),
        GroupPages(),
        KeyPages(),
        UsagePages(),
        AuditPages(),
        DevicePages(),
    ]
