"""Errors about customers."""

from __future__ import annotations

from penstock.kit.errors import Kind, PenstockError


class CustomerNotFound(PenstockError):
    """The caller's organisation has no customer with this id."""

    kind, code = Kind.NOT_FOUND, "customers.not_found"
    message = "customer {customer_id} was not found"


class TenantNameTaken(PenstockError):
    """Another customer of the organisation has this tenant name."""

    kind, code = Kind.CONFLICT, "customers.tenant_name_taken"
    message = "tenant name {tenant_name} already exists"
