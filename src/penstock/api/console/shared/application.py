"""The ASGI application of the console: finds the page for a path, and the session of its reader, and renders what it returns."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlsplit

import structlog

from penstock.api.console.config import ConsoleConfig
from penstock.api.console.shared.calling import ApiCaller, ApiFailed
from penstock.api.console.shared.cookies import (
    CSRF_FIELD,
    NOTICE,
    csrf_token,
    ended_session_cookie,
    notice_cookie,
    read_cookies,
    read_notice,
    session_of,
)
from penstock.api.console.shared.csv_pages import csv_address
from penstock.api.console.shared.curl import curl_of
from penstock.api.console.shared.door import PREFIX, open_door
from penstock.api.console.shared.downloads import Download
from penstock.api.console.shared.forms import Form
from penstock.api.console.shared.navigation import ROOT, menu_for
from penstock.api.console.shared.origin import check_form
from penstock.api.console.shared.pages import Page, PageRoute, Redirect, routes_of
from penstock.api.console.shared.rendering import Renderer
from penstock.api.console.shared.static_files import StaticFiles
from penstock.api.console.shared.viewer import Viewer
from penstock.api.console.shared.viewers import Viewers, visitor
from penstock.api.console.shared.visit import Visit
from penstock.api.shared.executor import FullResponse
from penstock.api.shared.in_process import encode_query
from penstock.api.shared.router import Match, Router
from penstock.core.people.browser_sessions import BrowserSessions
from penstock.core.people.errors import RefreshInvalid
from penstock.kit.decoding import parse_query
from penstock.kit.errors import InternalError, PenstockError
from penstock.kit.http import (
    App,
    BodyBudget,
    ClientGone,
    Headers,
    MethodNotAllowed,
    Receive,
    RouteNotFound,
    Scope,
    Send,
    header,
    problem,
    read_body,
    send_problem,
)
from penstock.kit.request_id import request_id_of

SIGN_IN = f"{ROOT}/sign-in"
ENROL = f"{ROOT}/profile"
"""Where a session goes that must enrol a second factor first."""
STATIC = f"{ROOT}/static/"
HTML = b"text/html; charset=utf-8"
MAX_FORM_BYTES = 1_048_576
UNAUTHORIZED = 401
_IN_ADDRESSES = "%/:?#[]@!$&'()*+,;=~"
"""What is kept in the address of a redirection. A line break from a parameter of a path would begin another header."""
_log = structlog.get_logger()


class _Seen:
    """What is known of a request so far, for the page that shows its error."""

    def __init__(self, viewer: Viewer) -> None:
        self.viewer = viewer
        self.visit: Visit | None = None
        self.page = ""
        """The path of the page with the names of its parameters, which can contain secrets, such as the token of a share link."""


class Console:
    """All pages, their files, and the door of their scripts to the API."""

    def __init__(
        self,
        *,
        app: App,
        pages: Iterable[object],
        sessions: BrowserSessions,
        viewers: Viewers,
        api: ApiCaller,
        budget: BodyBudget,
        config: ConsoleConfig,
        version: str,
    ) -> None:
        self._app = app
        self._api = api
        self._sessions = sessions
        self._viewers = viewers
        self._budget = budget
        self._config = config
        self._version = version
        self._files = StaticFiles()
        self._renderer = Renderer(self._files.path_of)
        self._router: Router[PageRoute] = Router()
        for each in pages:
            for route in routes_of(each):
                self._router.add(route.path, route.method, route)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope["path"]
        if path.startswith(STATIC):
            name = path.removeprefix(STATIC).partition("/")[2]
            if scope["method"] in ("GET", "HEAD") and await self._files.serve(name, scope, receive, send):
                return
            await send_problem(send, RouteNotFound(), request_id_of(scope))
        elif path.startswith(PREFIX):
            await self._pass_on(scope, receive, send)
        else:
            answer = await self._answer(scope, receive)
            if answer is not None:
                await answer(scope, receive, send)

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        session = session_of(scope, read_cookies(scope)) or ""
        try:
            token = await self._sessions.access_token(session)
            await open_door(self._app, scope, receive, send, token=token, session=session)
        except PenstockError as error:  # of the door: the API returns its own as responses
            await send_problem(send, error, request_id_of(scope))

    async def _answer(self, scope: Scope, receive: Receive) -> App | None:
        """The page or redirection for a request; None if there is no one to receive it."""
        cookies = read_cookies(scope)
        seen = _Seen(visitor(cookies))
        try:
            result = await self._result(scope, receive, cookies, seen)
            if isinstance(result, Download):
                return result
            return _redirection(scope, result) if isinstance(result, Redirect) else self._rendered(scope, cookies, seen, result)
        except ClientGone:
            return None
        except RefreshInvalid:
            return self._to_sign_in(scope)
        except ApiFailed as error:
            if error.status == UNAUTHORIZED:
                return self._to_sign_in(scope)
            page = _error_page(error.status, error.problem)
        except (RouteNotFound, MethodNotAllowed) as error:
            seen.viewer = await self._known(scope, cookies)
            document = problem(error, request_id_of(scope))
            page = _error_page(document["status"], document)
        except PenstockError as error:
            document = problem(error, request_id_of(scope))
            page = _error_page(document["status"], document)
        except Exception as error:  # the edge: a bug is logged once, and the person sees that it is ours
            _log.error("page_failed", request_id=request_id_of(scope), page=seen.page, exc_info=error)
            document = problem(InternalError(), request_id_of(scope))
            page = _error_page(document["status"], document)
        return self._rendered(scope, cookies, seen, page)

    async def _result(self, scope: Scope, receive: Receive, cookies: dict[str, str], seen: _Seen) -> Page | Redirect | Download:
        found, route = self._found(scope)
        seen.page = route.path
        visit = seen.visit = await self._visit(scope, receive, cookies, found, route)
        seen.viewer = visit.viewer
        if visit.viewer.limited and not route.public and not route.path.startswith((ENROL, f"{ROOT}/sign-out")):
            return Redirect(ENROL)
        result = await route.handle(visit)
        if isinstance(result, Page):
            result.values.setdefault("nav_key", route.nav)
        return result

    async def _known(self, scope: Scope, cookies: dict[str, str]) -> Viewer:
        """The person who asked for a page that does not exist: they keep the menu."""
        session = session_of(scope, cookies)
        if not session:
            return visitor(cookies)
        try:
            return await self._viewers.of(scope, await self._sessions.access_token(session), cookies)
        except (PenstockError, ApiFailed):
            return visitor(cookies)

    def _found(self, scope: Scope) -> tuple[Match[PageRoute], PageRoute]:
        found = self._router.find(scope["raw_path"])
        if found is None:
            raise RouteNotFound()
        method = "GET" if scope["method"] == "HEAD" else scope["method"]
        route = found.targets.get(method)
        if route is None:
            allowed = ", ".join(sorted(found.targets))
            raise MethodNotAllowed(method=str(scope["method"])[:16], allow=allowed)
        return found, route

    async def _visit(
        self, scope: Scope, receive: Receive, cookies: dict[str, str], found: Match[PageRoute], route: PageRoute
    ) -> Visit:
        session = session_of(scope, cookies)
        token, viewer = None, visitor(cookies)
        if session is not None and not route.public:
            token = await self._sessions.access_token(session)
            viewer = await self._viewers.of(scope, token, cookies)
        elif not route.public:
            raise RefreshInvalid()
        form = Form()
        if route.method == "POST":
            form = Form.of(await read_body(scope, receive, MAX_FORM_BYTES, self._budget))
            check_form(scope, None if route.public else session, form.value(CSRF_FIELD))
            if token is not None:
                self._viewers.forget(token)
        return Visit(
            scope=scope,
            api=self._api,
            params=found.values,
            query=parse_query(scope["query_string"]),
            form=form,
            viewer=viewer,
            token=token,
            session=session,
            secure=not self._config.dangerous_plain_cookies,
        )

    def _rendered(self, scope: Scope, cookies: dict[str, str], seen: _Seen, page: Page) -> App:
        viewer, visit = seen.viewer, seen.visit
        nonce = secrets.token_urlsafe(16)
        session = session_of(scope, cookies)
        notice = read_notice(cookies.get(NOTICE))
        query = visit.query if visit is not None else {}
        values: dict[str, Any] = {
            "viewer": viewer,
            "can": viewer.can,
            "title": page.title,
            "nav": menu_for(viewer, page.values.get("nav_key", ""), viewer.badges),
            "csrf": csrf_token(session) if session else "",
            "calls": _calls(scope, visit),
            "csv_of": lambda paths: _csv_of(paths, visit),
            "notice": notice,
            "path": scope["path"],
            "query": query,
            "url": lambda path=None, **changes: _url(path or scope["path"], query, changes),
            "nonce": nonce,
            "tile_url": self._config.tile_url,
            "tile_attribution": self._config.tile_attribution,
            "version": self._version,
            "form": visit.form if visit is not None else Form(),
            "etags": visit.versions.text() if visit is not None else "",
            **page.values,
        }
        body = self._renderer.render(page.template, values)
        ancestors = page.values.get("frame_ancestors", "'none'")
        headers: Headers = [
            (b"cache-control", b"no-store"),
            (b"content-security-policy", self._policy(nonce, ancestors)),
            (b"referrer-policy", b"same-origin"),  # so that our forms and links say where they are from
            (b"x-request-id", request_id_of(scope).encode()),
            *page.headers,
        ]
        if notice is not None:
            headers.append((b"set-cookie", notice_cookie(None)))
        return FullResponse(page.status, body if scope["method"] != "HEAD" else b"", HTML, headers)

    def _policy(self, nonce: str, ancestors: str) -> bytes:
        """What a page may load: its own files. The editor adds style sheets of its own, which carry the nonce."""
        tiles = urlsplit(self._config.tile_url)
        tile_source = f" {tiles.scheme}://{tiles.netloc.replace('{s}', '*')}" if tiles.netloc else ""
        return (
            f"default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data: blob:{tile_source}; "
            "font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
            f"frame-ancestors {ancestors}"
        ).encode()

    def _to_sign_in(self, scope: Scope) -> App:
        """To the sign-in, from which a page that was opened by its address is returned to."""
        target = scope["path"] + (f"?{scope['query_string'].decode('latin-1')}" if scope["query_string"] else "")
        later = f"?next={quote(target, safe='/')}" if scope["method"] == "GET" and target != ROOT else ""
        secure = not self._config.dangerous_plain_cookies
        # Only a cookie that was sent: browsers send none with a form of another site, which must not end the session.
        ended = [(b"set-cookie", ended_session_cookie(scope, secure=secure))] if session_of(scope, read_cookies(scope)) else []
        return _redirection(scope, Redirect(SIGN_IN + later, headers=ended))


def _error_page(status: int, document: Mapping[str, Any]) -> Page:
    title = str(document.get("title") or HTTPStatus(status).phrase)
    return Page("shared/error.html", title=title, status=status, problem=document)


def _redirection(scope: Scope, result: Redirect) -> App:
    """A redirection. A part of a page that was asked for by a script moves the whole page."""
    is_part = header(scope, b"hx-request") == b"true"
    status = HTTPStatus.OK if is_part else HTTPStatus.SEE_OTHER
    location = quote(result.location, safe=_IN_ADDRESSES).encode()
    headers: Headers = [(b"hx-redirect" if is_part else b"location", location), *result.headers]
    headers.append((b"cache-control", b"no-store"))
    if result.notice is not None:
        headers.append((b"set-cookie", notice_cookie(result.notice)))
    return FullResponse(status, b"", HTML, headers)


def _calls(scope: Scope, visit: Visit | None) -> list[dict[str, str]]:
    if visit is None or visit.token is None:
        return []
    host = (header(scope, b"host") or b"localhost").decode("latin-1")
    base_url = f"{scope.get('scheme', 'http')}://{host}"
    return [{"method": "GET", "path": call.path, "curl": curl_of(call, base_url)} for call in visit.calls]


def _csv_of(paths: Sequence[str], visit: Visit | None) -> str:
    """Where the list is as a file that the page read with its call of one of these paths; empty if it made no such call."""
    made = next((call for call in visit.calls if call.path in paths), None) if visit is not None else None
    return "" if made is None else csv_address(made.path, made.query)


def _url(path: str, query: dict[str, str], changes: dict[str, Any]) -> str:
    changed = {**query, **{name: None if value is None else str(value) for name, value in changes.items()}}
    encoded = encode_query(changed)
    return f"{path}?{encoded}" if encoded else path
