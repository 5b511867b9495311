"""Who operates the server. What others are refused is tested with the use cases."""

from __future__ import annotations

import msgspec

from penstock.core.people.models import Role
from penstock.core.people.roles import SCOPES
from penstock.core.system.config import SystemConfig
from penstock.core.system.operators import Operators
from tests.core.system.test_service import owner_of
from tests.support.shelf import Shelf


async def test_the_settings_name_the_operators(shelf: Shelf) -> None:
    ada = await owner_of(shelf, shelf.acme)
    assert await Operators(SystemConfig(operators=(" Ada@Example.org",), backup_dir=""), shelf.database).includes(ada)
    assert not await Operators(SystemConfig(operators=("grace@example.org",), backup_dir=""), shelf.database).includes(ada)


async def test_without_them_it_is_the_owner_of_the_only_organisation(shelf: Shelf) -> None:
    ada = await owner_of(shelf, shelf.acme)
    operators = Operators(SystemConfig(operators=(), backup_dir=""), shelf.database)
    assert not await operators.includes(ada), "there are two organisations"
    assert not await operators.includes(msgspec.structs.replace(ada, scopes=SCOPES[Role.VIEWER]))
