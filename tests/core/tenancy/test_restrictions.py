"""What a restricted key may hand down, restriction by restriction."""

from __future__ import annotations

from typing import Any

import pytest

from penstock.core.tenancy.errors import KeyRestricted, RestrictionNotYours
from penstock.core.tenancy.models import ApiKey, KeyRequest, SingleUse
from penstock.core.tenancy.restrictions import check_unrestricted, check_within, handed_down, networks_of
from penstock.kit.ids import KeyId, OrgId, ProjectId

SPEND, BIND = SingleUse.SPEND, SingleUse.BIND
BOUND: dict[str, Any] = {"single_use": BIND, "used_from": "::ffff:192.0.2.7", "spent_us": 1}


def maker(**about: Any) -> ApiKey:
    plain = {"id": KeyId(1), "org_id": OrgId(1), "name": "", "prefix": "", "scopes": frozenset(), "created_us": 1}
    return ApiKey(**plain | about)


@pytest.mark.parametrize(
    ("restricted", "handed"),
    [
        ({}, {}),
        ({"cidrs": ("10.0.0.0/8",)}, {"cidrs": ("10.0.0.0/8",)}),
        ({"expires_us": 9}, {"expires_us": 9}),
        ({"single_use": SPEND}, {"single_use": SPEND}),
        ({"per_minute": 5}, {"per_minute": 5}),
        ({"project_id": ProjectId(3)}, {"project_id": ProjectId(3)}),
        (BOUND, {"single_use": BIND, "cidrs": ("192.0.2.7/32",)}),
        (BOUND | {"used_from": ""}, {"single_use": BIND}),
    ],
)
def test_what_a_request_leaves_open_is_handed_down(restricted: dict[str, Any], handed: dict[str, Any]) -> None:
    assert handed_down(maker(**restricted), KeyRequest(name="x")) == KeyRequest(name="x", **handed)


@pytest.mark.parametrize(
    ("restricted", "requested"),
    [
        ({}, {"cidrs": ("10.0.0.0/8",), "expires_us": 9, "single_use": BIND, "per_minute": 5, "project_id": ProjectId(3)}),
        ({"cidrs": ("10.0.0.0/9", "10.128.0.0/9", "2001:db8::/32")}, {"cidrs": ("10.0.0.0/8", "2001:db8:1::/48")}),
        ({"expires_us": 9}, {"expires_us": 9}),
        ({"single_use": BIND}, {"single_use": SPEND}),
        ({"per_minute": 5}, {"per_minute": 1}),
        ({"project_id": ProjectId(3)}, {"project_id": ProjectId(3)}),
        (BOUND, {"cidrs": ("192.0.2.7/32",), "single_use": SPEND}),
    ],
)
def test_what_is_within_is_kept_as_it_is(restricted: dict[str, Any], requested: dict[str, Any]) -> None:
    found = handed_down(maker(**restricted), KeyRequest(name="x", **requested))
    assert {name: getattr(found, name) for name in requested} == requested


@pytest.mark.parametrize(
    ("restricted", "requested", "field"),
    [
        ({"cidrs": ("10.0.0.0/8",)}, {"cidrs": ("10.0.0.0/7",)}, "allowed_cidrs"),
        ({"cidrs": ("10.0.0.0/8",)}, {"cidrs": ("10.1.0.0/16", "192.0.2.0/24")}, "allowed_cidrs"),
        ({"cidrs": ("10.0.0.0/8",)}, {"cidrs": ("::/0",)}, "allowed_cidrs"),
        ({"cidrs": ("::/0",)}, {"cidrs": ("10.0.0.0/8",)}, "allowed_cidrs"),
        ({"expires_us": 9}, {"expires_us": 10}, "expires_at"),
        ({"single_use": SPEND}, {"single_use": BIND}, "single_use"),
        ({"per_minute": 5}, {"per_minute": 6}, "calls_per_minute"),
        ({"project_id": ProjectId(3)}, {"project_id": ProjectId(4)}, "project_id"),
        (BOUND, {"cidrs": ("192.0.2.0/24",)}, "allowed_cidrs"),
    ],
)
def test_what_is_wider_is_refused_by_its_name(restricted: dict[str, Any], requested: dict[str, Any], field: str) -> None:
    with pytest.raises(RestrictionNotYours, match=f"^{field} must be "):
        handed_down(maker(**restricted), KeyRequest(name="x", **requested))


@pytest.mark.parametrize("field", ["cidrs", "expires_us", "single_use", "per_minute", "project_id"])
def test_a_key_without_a_restriction_is_wider_than_any_with_it(field: str) -> None:
    values = {"cidrs": ("0.0.0.0/0",), "expires_us": 9, "single_use": BIND, "per_minute": 1_000_000, "project_id": ProjectId(3)}
    restricted = maker(**{field: values[field]})
    check_within(restricted, KeyRequest(name="x", **{field: values[field]}))
    with pytest.raises(RestrictionNotYours):
        check_within(restricted, KeyRequest(name="x"))


def test_a_key_works_from_its_networks_until_it_is_bound_to_an_address() -> None:
    assert networks_of(maker(cidrs=("10.0.0.0/8",))) == ("10.0.0.0/8",)
    assert networks_of(maker(cidrs=("10.0.0.0/8",), single_use=BIND)) == ("10.0.0.0/8",)
    assert networks_of(maker(cidrs=("10.0.0.0/8",), single_use=BIND, used_from="10.1.2.3")) == ("10.1.2.3/32",)
    assert networks_of(maker(single_use=BIND, used_from="2001:db8::1")) == ("2001:db8::1/128",)


def test_every_restriction_of_a_key_is_handed_down() -> None:
    """A field of a key that is no name, no scope and no look restricts it: whatever joins them has to be handed down too."""
    plain = {"name", "scopes", "style"}
    full: dict[str, Any] = {"cidrs": ("10.0.0.0/8",), "expires_us": 9, "single_use": SPEND, "per_minute": 5, "project_id": 3}
    full["granted_only"] = True
    assert set(full) == set(KeyRequest.__struct_fields__) - plain, "a new restriction: hand it down"
    found = handed_down(maker(**full), KeyRequest(name="x"))
    assert {name: getattr(found, name) for name in full} == full


@pytest.mark.parametrize(
    ("restricted", "field"),
    [
        ({"cidrs": ("10.0.0.0/8",)}, "allowed_cidrs"),
        ({"expires_us": 9}, "expires_at"),
        ({"single_use": SPEND}, "single_use"),
        (BOUND, "single_use"),
        ({"per_minute": 5}, "calls_per_minute"),
        ({"project_id": ProjectId(3)}, "project_id"),
        ({"granted_only": True}, "granted_only"),
    ],
)
def test_what_a_member_cannot_carry_is_named(restricted: dict[str, Any], field: str) -> None:
    check_unrestricted(maker())
    with pytest.raises(KeyRestricted, match=f"restricted by {field}"):
        check_unrestricted(maker(**restricted))
