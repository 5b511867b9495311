"""The pages of codecs: the editor with its preview on real uplinks, and the versions."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from penstock.api.console.profiles.pages import HOME, LIST, ONE
from penstock.api.console.profiles.view import FUNCTIONS, TEMPLATE, uplinks_of
from penstock.api.console.shared.calling import ApiFailed
from penstock.api.console.shared.forms import Form
from penstock.api.console.shared.pages import Page, Pages, Redirect
from penstock.api.console.shared.visit import Visit
from penstock.kit.errors import InvalidInput

VERSIONS = ONE + "/codec-versions"
VERSION = VERSIONS + "/{codec_id}"
UPLINKS, RANGE = "50", "30d"


class CodecPages:
    """Scripts that turn bytes into values."""

    pages = Pages("", nav="profiles")

    @pages.get("/codecs")
    async def show_list(self, visit: Visit) -> Page:
        """Show the profiles that have a codec."""
        found = await visit.get(LIST, query={"limit": "200", "cursor": visit.query.get("cursor")})
        rows = [one for one in found["data"] if one["codec_id"]]
        return Page("profiles/codecs.html", title="Codecs", rows=rows, next_cursor=found["next_cursor"])

    @pages.get("/profiles/{profile_id}/codec")
    async def show(self, visit: Visit) -> Page:
        """Show the editor with the codec in use."""
        return await _editor(visit, Form())

    @pages.post("/profiles/{profile_id}/codec")
    async def save(self, visit: Visit) -> Page | Redirect:
        """Save the script as the next version."""
        body = {"script": visit.form.value("script"), "note": visit.form.value("note").strip()}
        answer = await visit.send("POST", VERSIONS, path=visit.params, body=body)
        if answer.ok:
            return visit.done(_home(visit), f"Version {answer.value['number']} decodes all uplinks from now on")
        return await _editor(visit, visit.form.failed(answer.value), status=answer.status)

    @pages.post("/profiles/{profile_id}/codec/preview")
    async def preview(self, visit: Visit) -> Page:
        """Run the script without any effect. The page replaces only the part with the result."""
        try:
            answer = await visit.send("POST", "/api/v2/codecs/preview", body=_preview_body(visit.form))
        except InvalidInput as error:
            return await _editor(visit, visit.form, problem=str(error))
        if answer.ok:
            return await _editor(visit, visit.form, result=answer.value)
        texts = [f"{one['field']} {one['detail']}" for one in answer.value.get("errors", ())]
        return await _editor(visit, visit.form, problem="; ".join(texts) or answer.value["detail"])

    @pages.post("/profiles/{profile_id}/codec/remove")
    async def remove(self, visit: Visit) -> Redirect:
        """Stop using the codec; its versions stay."""
        try:
            await visit.do("DELETE", ONE + "/codec", path=visit.params)
        except ApiFailed as error:
            return visit.refused(_home(visit), error)
        return visit.done(_home(visit), "The codec is not used any longer. Its versions can be restored.")

    @pages.get("/profiles/{profile_id}/codec/{codec_id}")
    async def show_version(self, visit: Visit) -> Page:
        """Show a version, compared with the one in use."""
        profile_path = {"profile_id": visit.params["profile_id"]}
        profile, version = await asyncio.gather(visit.get(ONE, path=profile_path), visit.get(VERSION, path=visit.params))
        current = None
        if profile["codec_id"] and profile["codec_id"] != version["id"]:
            current = await visit.find(VERSION, path=profile_path | {"codec_id": profile["codec_id"]})
        return Page(
            "profiles/version.html", title=f"Version {version['number']}", profile=profile, version=version, current=current
        )

    @pages.post("/profiles/{profile_id}/codec/{codec_id}/restore")
    async def restore(self, visit: Visit) -> Redirect:
        """Save an old version as the next one."""
        try:
            made = await visit.do("POST", VERSION + "/restore", path=visit.params, body=visit.form.body("note"))
        except ApiFailed as error:
            return visit.refused(_home(visit), error)
        return visit.done(_home(visit), f"Restored as version {made['number']}")


def _home(visit: Visit) -> str:
    return f"{HOME}/{visit.params['profile_id']}/codec"


def _preview_body(form: Form) -> dict[str, Any]:
    """The call for the typed bytes, or for the chosen uplink if no bytes were.

    Raises:
        InvalidInput: data or variables are not JSON.
    """
    port, _, payload = form.value("uplink").partition(":")
    typed = "".join(form.value("bytes_hex").split())
    function = form.value("function", "decodeUplink")
    body: dict[str, Any] = {"script": form.value("script"), "function": function}
    if function == "encodeDownlink":
        body["data"] = form.json("data")
    else:
        body["bytes_hex"] = typed or payload
    chosen = int(port) if port.isdecimal() and not typed else None
    found = body | {
        "f_port": form.number("f_port") if form.value("f_port").strip() else chosen,
        "variables": form.json("variables"),
    }
    return {name: value for name, value in found.items() if value not in (None, "")}


async def _editor(
    visit: Visit, form: Form, *, result: dict[str, Any] | None = None, problem: str = "", status: int = 200
) -> Page:
    path = {"profile_id": visit.params["profile_id"]}
    profile, versions, devices = await asyncio.gather(
        visit.get(ONE, path=path),
        visit.get(VERSIONS, path=path, query={"limit": "50", "cursor": visit.query.get("cursor")}),
        visit.find("/api/v2/devices", query=path | {"sort": "-last_seen_at", "limit": "1"}),
    )
    known = (devices or {"data": []})["data"]
    device_id = form.value("device_id") or visit.query.get("device_id") or (known[0]["id"] if known else "")
    current, readings = await asyncio.gather(_script(visit, profile), _readings(visit, device_id) if device_id else _none())
    uplinks = uplinks_of(readings, time.time())
    return Page(
        "profiles/codec.html",
        title=f"Codec of {profile['name']}",
        status=status,
        form=form,
        profile=profile,
        script=form.value("script") or current or TEMPLATE,
        versions=versions["data"],
        next_cursor=versions["next_cursor"],
        has_devices=bool(known),
        device_id=device_id,
        uplinks=uplinks,
        uplink_options=[(one.choice, one.label) for one in uplinks],
        functions=FUNCTIONS,
        result=result,
        preview_problem=problem,
    )


async def _script(visit: Visit, profile: dict[str, Any]) -> str:
    if not profile["codec_id"]:
        return ""
    found = await visit.find(VERSION, path={"profile_id": profile["id"], "codec_id": profile["codec_id"]})
    return "" if found is None else str(found["script"])


async def _readings(visit: Visit, device_id: str) -> list[dict[str, Any]]:
    query = {"limit": UPLINKS, "range": RANGE}
    found = await visit.find("/api/v2/devices/{device_id}/telemetry", path={"device_id": device_id}, query=query)
    return [] if found is None else list(found["data"])


async def _none() -> list[dict[str, Any]]:
    return []
