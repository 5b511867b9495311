// Generated from the OpenAPI document by `make clients`: change the generator, not this file.
import { Resource } from "../../resource.js";
import type { RequestOptions } from "../../options.js";
import { segment } from "../../transport.js";
import type { Paged } from "../../pages.js";
import type * as schemas from "../schemas.js";

/** The query of `customers.list`. */
export interface CustomersListQuery {
  /** Maximum number of results. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
  /** A text to search for. A to Z are the same as a to z, and `%` and `_` stand for themselves. */
  q?: string;
  /** The order; descending with a leading minus sign. A `cursor` continues only the order that it was returned for. */
  sort?: "-created_at" | "-name" | "created_at" | "name";
}

/** The query of `customers.listResidents`. */
export interface CustomersListResidentsQuery {
  /** Maximum number of results. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
  /** A text to search for. A to Z are the same as a to z, and `%` and `_` stand for themselves. */
  q?: string;
  /** The order; descending with a leading minus sign. A `cursor` continues only the order that it was returned for. */
  sort?: "-created_at" | "-name" | "created_at" | "name";
}

/** The customers and residents an organisation measures for, and devices that report before they are registered. */
export class CustomersResource extends Resource {
  /**
   * Add a resident to a customer.
   *
   * Requires the scope `customers:write`: Create, change and delete customers and residents.
   */
  addResident(customerId: string, body: schemas.ResidentCreate, options?: RequestOptions): Promise<schemas.Resident> {
    return this.transport.call({ method: "POST", path: `/api/v2/customers/${segment(customerId)}/residents`, body, idempotent: true }, options);
  }

  /**
   * Create a customer.
   *
   * Uplinks that name its tenant are routed to it.
   *
   * Requires the scope `customers:write`: Create, change and delete customers and residents.
   */
  create(body: schemas.CustomerCreate, options?: RequestOptions): Promise<schemas.Customer> {
    return this.transport.call({ method: "POST", path: "/api/v2/customers", body, idempotent: true }, options);
  }

  /**
   * Delete a customer.
   *
   * Its residents are deleted with it. Its devices are kept, without a placement.
   *
   * Requires the scope `customers:write`: Create, change and delete customers and residents.
   */
  delete(customerId: string, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: "DELETE", path: `/api/v2/customers/${segment(customerId)}` }, options);
  }

  /**
   * Delete a resident.
   *
   * Their devices stay assigned to the customer.
   *
   * Requires the scope `customers:write`: Create, change and delete customers and residents.
   */
  deleteResident(customerId: string, residentId: string, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: "DELETE", path: `/api/v2/customers/${segment(customerId)}/residents/${segment(residentId)}` }, options);
  }

  /**
   * Get a customer.
   *
   * Requires the scope `customers:read`: See customers and residents.
   */
  get(customerId: string, options?: RequestOptions): Promise<schemas.Customer> {
    return this.transport.call({ method: "GET", path: `/api/v2/customers/${segment(customerId)}` }, options);
  }

  /**
   * Invite someone to manage a customer.
   *
   * Sends a mail. A manager who accepts sees this customer, its residents, devices, consumption, alarms and invoices,
   * and nothing else. Inviting therefore also requires `customers:read`, `devices:read`, `telemetry:read` and
   * `billing:read`.
   *
   * Requires the scope `customers:write`: Create, change and delete customers and residents.
   */
  inviteManager(
    customerId: string,
    body: schemas.ManagerInvite,
    options?: RequestOptions,
  ): Promise<schemas.Invitation> {
    return this.transport.call({ method: "POST", path: `/api/v2/customers/${segment(customerId)}/managers/invitation`, body, idempotent: true }, options);
  }

  /**
   * Invite a resident to sign in.
   *
   * Sends a mail to their address. A resident who accepts can see the latest readings, the history and the consumption
   * of the devices assigned to them, and nothing else. Inviting therefore also requires `telemetry:read`.
   *
   * Requires the scope `customers:write`: Create, change and delete customers and residents.
   */
  inviteResident(customerId: string, residentId: string, options?: RequestOptions): Promise<schemas.Invitation> {
    return this.transport.call({ method: "POST", path: `/api/v2/customers/${segment(customerId)}/residents/${segment(residentId)}/invitation`, idempotent: true }, options);
  }

  /**
   * List customers.
   *
   * A page of the list, oldest first unless sorted otherwise.
   *
   * Requires the scope `customers:read`: See customers and residents.
   */
  list(query: CustomersListQuery = {}, options?: RequestOptions): Paged<schemas.Customer, schemas.ListOf_Customer> {
    return this.transport.list({ method: "GET", path: "/api/v2/customers", query }, options);
  }

  /**
   * List the residents of a customer.
   *
   * A page of the list, oldest first unless sorted otherwise.
   *
   * Requires the scope `customers:read`: See customers and residents.
   */
  listResidents(
    customerId: string,
    query: CustomersListResidentsQuery = {},
    options?: RequestOptions,
  ): Paged<schemas.Resident, schemas.ListOf_Resident> {
    return this.transport.list({ method: "GET", path: `/api/v2/customers/${segment(customerId)}/residents`, query }, options);
  }

  /**
   * Register the unregistered devices of a customer.
   *
   * Registers the devices whose uplinks named the customer's tenant, at most 1,000 per call; `has_more` says that
   * others wait. If the plan's limit of devices does not allow all of them, none is registered. Their earlier readings
   * are added shortly afterwards.
   *
   * Requires the scope `devices:write`: Create, change and delete devices, their identifiers, labels and tokens.
   */
  registerUnregisteredDevices(customerId: string, options?: RequestOptions): Promise<schemas.RegisteredDevices> {
    return this.transport.call({ method: "POST", path: `/api/v2/customers/${segment(customerId)}/register-unregistered-devices`, idempotent: true }, options);
  }

  /**
   * Change a customer.
   *
   * Requires the scope `customers:write`: Create, change and delete customers and residents.
   */
  update(customerId: string, body?: schemas.CustomerPatch, options?: RequestOptions): Promise<schemas.Customer> {
    return this.transport.call({ method: "PATCH", path: `/api/v2/customers/${segment(customerId)}`, body }, options);
  }
}
