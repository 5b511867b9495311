"""One request of a browser, as the handler of a page sees it: its parameters, its form, and the API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from penstock.api.console.shared.calling import ApiCaller, ApiFailed
from penstock.api.console.shared.cookies import Notice
from penstock.api.console.shared.curl import ReadCall
from penstock.api.console.shared.forms import Form
from penstock.api.console.shared.pages import Redirect
from penstock.api.console.shared.versions import CHANGED, FIELD, Versions
from penstock.api.console.shared.viewer import Viewer
from penstock.api.shared.in_process import ApiAnswer, Query, encode_query, filled
from penstock.kit.errors import InvalidInput
from penstock.kit.http import Scope

NOT_FOUND, TOO_LATE = 404, 412
CHANGES = ("PATCH", "PUT")
FORBIDDEN = 403


class Visit:
    """A request with its session. `params` are the path's parameters, `query` the query's, `form` the values of a sent form.

    `token` is an access token of the session, None for visitors; `session` the refresh token in the cookie.
    """

    def __init__(
        self,
        *,
        scope: Scope,
        api: ApiCaller,
        params: dict[str, str],
        query: dict[str, str],
        form: Form,
        viewer: Viewer,
        token: str | None,
        session: str | None,
        secure: bool,
    ) -> None:
        self.scope = scope
        self.params = params
        self.query = query
        self.form = form
        self.viewer = viewer
        self.token = token
        self.session = session
        self.secure = secure
        self.calls: list[ReadCall] = []
        self.versions = Versions(form.value(FIELD))
        self._api = api

    def can(self, scope: str) -> bool:
        """Whether the person has a scope: only to decide what to offer, because each call is checked."""
        return self.viewer.can(scope)

    def asked(self, *names: str) -> dict[str, str | None]:
        """These parameters of the page's address, None if it does not have one."""
        return {name: self.query.get(name) for name in names}

    async def get(self, template: str, *, path: Mapping[str, str] | None = None, query: Query | None = None) -> Any:
        """The JSON that a GET returns. Parameters that are empty or None are left out.

        Raises:
            ApiFailed: it failed. If the handler does not catch it, the console shows the error as a page.
        """
        answer = await self.send("GET", template, path=path, query=query)
        if not answer.ok:
            raise ApiFailed(answer.status, answer.value or {})
        return answer.value

    async def find(self, template: str, *, path: Mapping[str, str] | None = None, query: Query | None = None) -> Any:
        """The JSON that a GET returns; None if the person must not see it, or it does not exist.

        Raises:
            ApiFailed: it failed for another reason.
        """
        answer = await self.send("GET", template, path=path, query=query)
        if answer.status in (FORBIDDEN, NOT_FOUND):
            return None
        if not answer.ok:
            raise ApiFailed(answer.status, answer.value or {})
        return answer.value

    async def do(
        self, method: str, template: str, *, path: Mapping[str, str] | None = None, query: Query | None = None, body: Any = None
    ) -> Any:
        """Make a call that changes something, and return its JSON.

        Raises:
            ApiFailed: it was refused.
        """
        answer = await self.send(method, template, path=path, query=query, body=body)
        if not answer.ok:
            raise ApiFailed(answer.status, answer.value or {})
        return answer.value

    async def send(
        self, method: str, template: str, *, path: Mapping[str, str] | None = None, query: Query | None = None, body: Any = None
    ) -> ApiAnswer:
        """Make a call of the API as the person, and return its response, also if it is an error."""
        where = filled(template, path or {})
        try:
            encoded = None if body is None else msgspec.json.encode(body)
        except RecursionError:
            raise InvalidInput.field("", "is nested too deeply") from None
        if method == "GET":
            self.calls.append(ReadCall(path=where, query=encode_query(query or {})))
        version = self.versions.take(where) if method in CHANGES else ""
        answer = await self._api.call(
            self.scope, method, where, query=query or {}, body=encoded, token=self.token, version=version
        )
        if method == "GET" and answer.ok and not query:
            self.versions.note(where, answer.version)
        if answer.status == TOO_LATE:
            self.versions.came_too_late(where)
            return msgspec.structs.replace(answer, body=msgspec.json.encode(answer.value | {"detail": CHANGED}))
        return answer

    def for_script(self, template: str, *, path: Mapping[str, str] | None = None, query: Query | None = None) -> str:
        """The address at which a script of the page finds what a GET returns. The page shows the call as one of its own."""
        call = ReadCall(path=filled(template, path or {}), query=encode_query(query or {}))
        self.calls.append(call)
        return f"/console{call.path}{'?' if call.query else ''}{call.query}"

    def done(self, location: str, text: str = "") -> Redirect:
        """Go to a page after an action succeeded; the page says so."""
        return Redirect(location, Notice("good", text) if text else None)

    def refused(self, location: str, error: ApiFailed) -> Redirect:
        """Go back to a page after an action was refused; the page says why."""
        return Redirect(location, Notice("bad", str(error.problem.get("detail", "This did not work."))))
