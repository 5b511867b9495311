"""`python -m …served GRACE_S`: the probe behind the door on a free port, as a process that can be sent signals."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

import uvloop

from penstock.adapters.frontdoor.config import FrontDoorConfig
from penstock.adapters.frontdoor.server import serve


def say(*words: str) -> None:
    sys.stdout.write(" ".join(words) + "\n")
    sys.stdout.flush()


async def app(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "lifespan":
        for event in ("startup", "shutdown"):
            await receive()
            say(event)
            await send({"type": f"lifespan.{event}.complete"})
    elif scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        while (await receive())["type"] != "websocket.disconnect":
            pass
    else:
        say("request")
        await asyncio.sleep(float(scope["path"][1:]))
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"4")]})
        await send({"type": "http.response.body", "body": b"done"})


async def main() -> None:
    await serve(
        app,
        config=FrontDoorConfig(),
        on_ready=lambda addresses: say(*addresses),
        on_stopping=lambda: say("stopping"),
        shutdown_grace_s=float(sys.argv[1]),
        port=0,
    )
    say("returned")


if __name__ == "__main__":
    uvloop.run(main())
