"""Refusals about customers and residents."""

from __future__ import annotations

from penstock.kit.errors import Kind, PenstockError


class CustomerNotFound(PenstockError):
    """No customer with this id in the caller's organisation."""

    kind, code = Kind.NOT_FOUND, "customers.not_found"
    message = "customer {customer_id} not found"


class TenantNameTaken(PenstockError):
    """Another customer of the organisation has this tenant name."""

    kind, code = Kind.CONFLICT, "customers.tenant_name_taken"
    message = "another customer has the tenant name {tenant_name}"
