// Generated from the OpenAPI document by `make clients`: change the generator, not this file.
import { Resource } from "../../resource.js";
import type { RequestOptions } from "../../options.js";
import { segment } from "../../transport.js";
import type { Paged } from "../../pages.js";
import type * as schemas from "../schemas.js";

/** The query of `tariffs.list`. */
export interface TariffsListQuery {
  /** Maximum number of results. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
  /** A text to search for. A to Z are the same as a to z, and `%` and `_` stand for themselves. */
  q?: string;
  /** The order; descending with a leading minus sign. A `cursor` continues only the order that it was returned for. */
  sort?: "-created_at" | "-name" | "created_at" | "name";
}

/** Prices of consumption with the days on which they hold, assigned to customers and residents. */
export class TariffsResource extends Resource {
  /**
   * Change prices from a day on.
   *
   * Invoices that were issued are unchanged. A period in which prices change is divided at that day.
   *
   * Requires the scope `billing:write`: Create and change tariffs, and issue, pay and cancel invoices.
   */
  addVersion(tariffId: string, body: schemas.VersionCreate, options?: RequestOptions): Promise<schemas.Tariff> {
    return this.transport.call({ method: "POST", path: `/api/v2/tariffs/${segment(tariffId)}/versions`, body, idempotent: true }, options);
  }

  /**
   * Create a tariff.
   *
   * Units of volumes are m3, L, hL, kL, ft3, CCF, gal and kgal, those of energies kWh, Wh, MWh, MJ and GJ.
   *
   * Requires the scope `billing:write`: Create and change tariffs, and issue, pay and cancel invoices.
   */
  create(body: schemas.TariffCreate, options?: RequestOptions): Promise<schemas.Tariff> {
    return this.transport.call({ method: "POST", path: "/api/v2/tariffs", body, idempotent: true }, options);
  }

  /**
   * Delete a tariff that is not assigned.
   *
   * Requires the scope `billing:write`: Create and change tariffs, and issue, pay and cancel invoices.
   */
  delete(tariffId: string, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: "DELETE", path: `/api/v2/tariffs/${segment(tariffId)}` }, options);
  }

  /**
   * Delete the version that begins on a day.
   *
   * The one before it holds on its days then.
   *
   * Requires the scope `billing:write`: Create and change tariffs, and issue, pay and cancel invoices.
   */
  deleteVersion(tariffId: string, firstDay: string, options?: RequestOptions): Promise<schemas.Tariff> {
    return this.transport.call({ method: "DELETE", path: `/api/v2/tariffs/${segment(tariffId)}/versions/${segment(firstDay)}` }, options);
  }

  /**
   * Get a tariff.
   *
   * Requires the scope `billing:read`: See bills, statements, tariffs and invoices.
   */
  get(tariffId: string, options?: RequestOptions): Promise<schemas.Tariff> {
    return this.transport.call({ method: "GET", path: `/api/v2/tariffs/${segment(tariffId)}` }, options);
  }

  /**
   * List tariffs.
   *
   * A page of the list, oldest first unless sorted otherwise.
   *
   * Requires the scope `billing:read`: See bills, statements, tariffs and invoices.
   */
  list(query: TariffsListQuery = {}, options?: RequestOptions): Paged<schemas.Tariff, schemas.ListOf_Tariff> {
    return this.transport.list({ method: "GET", path: "/api/v2/tariffs", query }, options);
  }

  /**
   * List the tariffs of a customer.
   *
   * Requires the scope `billing:read`: See bills, statements, tariffs and invoices.
   */
  listOfCustomer(customerId: string, options?: RequestOptions): Promise<schemas.Assignments> {
    return this.transport.call({ method: "GET", path: `/api/v2/customers/${segment(customerId)}/tariffs` }, options);
  }

  /**
   * List the tariffs of a resident's own.
   *
   * Requires the scope `billing:read`: See bills, statements, tariffs and invoices.
   */
  listOfResident(customerId: string, residentId: string, options?: RequestOptions): Promise<schemas.Assignments> {
    return this.transport.call({ method: "GET", path: `/api/v2/customers/${segment(customerId)}/residents/${segment(residentId)}/tariffs` }, options);
  }

  /**
   * Set the tariffs of a customer.
   *
   * Residents without a tariff of their own have these.
   *
   * Requires the scope `billing:write`: Create and change tariffs, and issue, pay and cancel invoices.
   */
  setOfCustomer(
    customerId: string,
    body: schemas.AssignmentsWrite,
    options?: RequestOptions,
  ): Promise<schemas.Assignments> {
    return this.transport.call({ method: "PUT", path: `/api/v2/customers/${segment(customerId)}/tariffs`, body }, options);
  }

  /**
   * Set the tariffs of a resident's own.
   *
   * Requires the scope `billing:write`: Create and change tariffs, and issue, pay and cancel invoices.
   */
  setOfResident(
    customerId: string,
    residentId: string,
    body: schemas.AssignmentsWrite,
    options?: RequestOptions,
  ): Promise<schemas.Assignments> {
    return this.transport.call({ method: "PUT", path: `/api/v2/customers/${segment(customerId)}/residents/${segment(residentId)}/tariffs`, body }, options);
  }

  /**
   * Change the name of a tariff.
   *
   * Requires the scope `billing:write`: Create and change tariffs, and issue, pay and cancel invoices.
   */
  update(tariffId: string, body: schemas.TariffPatch, options?: RequestOptions): Promise<schemas.Tariff> {
    return this.transport.call({ method: "PATCH", path: `/api/v2/tariffs/${segment(tariffId)}`, body }, options);
  }
}
