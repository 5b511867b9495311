"""`penstock bootstrap`: create the first organisation with all it needs."""

from __future__ import annotations

import asyncio
import shlex
from typing import Annotated

import msgspec
from cyclopts import Parameter

from penstock.bootstrap import DataDir, open_control
from penstock.cli.options import ConfigOption, DataDirOption, settings_for
from penstock.core.tenancy.models import Bootstrapped
from penstock.kit.ids import Prefix, encode
from penstock.kit.secret import hides


@hides("user_password", "api_key")
class Printed(msgspec.Struct, frozen=True):
    """The output of `--json`. Password and key are shown only here."""

    organization_id: str
    project_id: str
    project_alias: str
    user_email: str
    user_password: str
    api_key: str


def bootstrap(
    *,
    data_dir: DataDirOption,
    org: Annotated[str, Parameter(help="Name of the organisation.")],
    email: Annotated[str, Parameter(help="E-mail of its owner.")],
    json: Annotated[bool, Parameter(help="Print one JSON object.", negative="")] = False,
    config: ConfigOption = None,
) -> None:
    """Create an organisation with its owner, default project and a key with all scopes.

    Fails if an organisation with this name exists. Can be run while the server runs.
    """
    made = asyncio.run(_bootstrap(data_dir, config, org, email))
    printed = Printed(
        encode(Prefix.ORGANIZATION, made.organization.id),
        encode(Prefix.PROJECT, made.project.id),
        made.project.alias,
        made.user_email,
        made.user_password,
        made.key.value,
    )
    if json:
        print(msgspec.json.encode(printed).decode())
        return
    for name, value in msgspec.structs.asdict(printed).items():
        print(f"{name:16} {value}")
    print("Copy the password and the key now: they are not shown again. For the examples of the guide, in a shell:")
    values = {
        "KEY": printed.api_key,
        "ORG": printed.organization_id,
        "EMAIL": printed.user_email,
        "PASSWORD": printed.user_password,
    }
    print(f"  export {' '.join(f'{name}={shlex.quote(value)}' for name, value in values.items())}")


async def _bootstrap(data_dir: DataDirOption, config: ConfigOption, org: str, email: str) -> Bootstrapped:
    async with open_control(DataDir(data_dir), settings_for(data_dir, config)) as control:
        return await control.tenancy.bootstrap(_checked(org, "--org", 200), _checked(email, "--email", 254))


def _checked(text: str, option: str, limit: int) -> str:
    text = text.strip()
    if not 0 < len(text) <= limit or not text.isprintable():
        raise SystemExit(f"penstock: {option} must be 1 to {limit} printable characters")
    if option == "--email" and ("@" not in text[1:-1] or " " in text):
        raise SystemExit("penstock: --email must be an e-mail address")
    return text
