"""The restrictions of a key, which it hands down: whatever it creates or rotates is restricted at least as much. Pure."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

import msgspec

from penstock.core.tenancy.errors import KeyRestricted, RestrictionNotYours
from penstock.core.tenancy.models import ApiKey, KeyRequest, SingleUse
from penstock.core.tenancy.networks import is_inside
from penstock.kit.clock import format_time
from penstock.kit.ids import Prefix, encode

_STRICTNESS = {None: 0, SingleUse.BIND: 1, SingleUse.SPEND: 2}


def networks_of(key: ApiKey) -> tuple[str, ...]:
    """The networks from which a key can be used; for one that is bound to an address, only that address. Empty means all."""
    if key.single_use is SingleUse.BIND and key.used_from:
        return (_network_of(key.used_from),)
    return key.cidrs


def allows(key: ApiKey, address: str) -> bool:
    """Whether a key can be used from an address."""
    networks = networks_of(key)
    return not networks or is_inside(address, [ipaddress.ip_network(text) for text in networks])


def handed_down(maker: ApiKey, request: KeyRequest) -> KeyRequest:
    """A request with the restrictions of the key that makes it, where it states none.

    Raises:
        RestrictionNotYours: it states a wider one.
    """
    request = msgspec.structs.replace(
        request,
        cidrs=request.cidrs or networks_of(maker),
        expires_us=maker.expires_us if request.expires_us is None else request.expires_us,
        single_use=maker.single_use if request.single_use is None else request.single_use,
        per_minute=maker.per_minute if request.per_minute is None else request.per_minute,
        project_id=maker.project_id if request.project_id is None else request.project_id,
        granted_only=maker.granted_only or request.granted_only,
    )
    check_within(maker, request)
    return request


def check_within(maker: ApiKey, made: KeyRequest) -> None:
    """Check that a key is restricted at least as much as the one that makes or rotates it.

    Raises:
        RestrictionNotYours: it is not; the error names the field.
    """
    networks = networks_of(maker)
    if networks and not (made.cidrs and _are_inside(made.cidrs, networks)):
        raise RestrictionNotYours(field="allowed_cidrs", allowed=f"within {', '.join(networks)}")
    if maker.expires_us is not None and (made.expires_us is None or made.expires_us > maker.expires_us):
        raise RestrictionNotYours(field="expires_at", allowed=f"at most {format_time(maker.expires_us)}")
    if _STRICTNESS[made.single_use] < _STRICTNESS[maker.single_use]:
        assert maker.single_use is not None
        raise RestrictionNotYours(field="single_use", allowed=maker.single_use.value)
    if maker.per_minute is not None and (made.per_minute is None or made.per_minute > maker.per_minute):
        raise RestrictionNotYours(field="calls_per_minute", allowed=f"at most {maker.per_minute}")
    if maker.project_id is not None and made.project_id != maker.project_id:
        raise RestrictionNotYours(field="project_id", allowed=encode(Prefix.PROJECT, maker.project_id))
    if maker.granted_only and not made.granted_only:
        raise RestrictionNotYours(field="granted_only", allowed="true")


def check_unrestricted(maker: ApiKey) -> None:
    """Check that a key has no restriction, before it gives rights to someone who cannot carry one.

    Raises:
        KeyRestricted: it has one; the error names the field.
    """
    restrictions: dict[str, object] = {
        "allowed_cidrs": maker.cidrs,
        "expires_at": maker.expires_us,
        "single_use": maker.single_use,
        "calls_per_minute": maker.per_minute,
        "project_id": maker.project_id,
        "granted_only": maker.granted_only or None,
    }
    found = next((field for field, value in restrictions.items() if value not in (None, ())), None)
    if found is not None:
        raise KeyRestricted(field=found)


def _are_inside(inner: Sequence[str], outer: Sequence[str]) -> bool:
    """Whether each of some networks is inside the union of others."""
    around = [ipaddress.ip_network(text) for text in outer]
    # Adjacent networks are merged: 10.0.0.0/8 is inside its two halves.
    v4 = list(ipaddress.collapse_addresses(one for one in around if isinstance(one, ipaddress.IPv4Network)))
    v6 = list(ipaddress.collapse_addresses(one for one in around if isinstance(one, ipaddress.IPv6Network)))
    return all(_is_inside(ipaddress.ip_network(text), v4, v6) for text in inner)


def _is_inside(
    network: ipaddress.IPv4Network | ipaddress.IPv6Network,
    v4: Sequence[ipaddress.IPv4Network],
    v6: Sequence[ipaddress.IPv6Network],
) -> bool:
    if isinstance(network, ipaddress.IPv4Network):
        return any(network.subnet_of(one) for one in v4)
    return any(network.subnet_of(one) for one in v6)


def _network_of(address: str) -> str:
    """The network of one address. A dual-stack socket shows an IPv4 client as `::ffff:a.b.c.d`, which IPv4 networks match."""
    found = ipaddress.ip_address(address)
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return str(ipaddress.ip_network(mapped or found))
