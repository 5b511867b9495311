"""Who answers for the keys of a sign-up: the operator, until the first owner has joined, and then that owner."""

from __future__ import annotations

from collections.abc import Sequence

from penstock.core.tenancy.models import ApiKey
from penstock.core.tenancy.store import HasKeys
from penstock.kit.ids import KeyId, Prefix, UserId, decode


async def adopt_first_keys(tx: HasKeys, user_id: UserId) -> list[KeyId]:
    """Make the first owner of an organisation the root of the key that the sign-up returned, and of all that stem from it.

    Keys that the operator made on the command line keep the operator as their root.
    """
    key_ids = stemming_from_first(await tx.keys.list_of_operator())
    for key_id in key_ids:
        await tx.keys.set_root(key_id, user_id)
    return key_ids


def stemming_from_first(keys: Sequence[ApiKey]) -> list[KeyId]:
    """The oldest key, the keys that it and its keys created, and those that took the place of any of them."""
    replaces = {key.replaced_by: key.id for key in keys if key.replaced_by is not None}
    found = {key.id for key in keys[:1]}
    # A key is younger than the one that it stems from, so one pass in the order of age is enough.
    for key in keys[1:]:
        # Who rotated a key does not count: its root was that of the key that it replaces.
        stem = replaces.get(key.id) or decode(Prefix.KEY, key.created_by)
        if stem in found:
            found.add(key.id)
    return sorted(found)
