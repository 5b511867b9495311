// Generated from the OpenAPI document by `make clients`: change the generator, not this file.
import { Resource } from "../../resource.js";
import type { RequestOptions } from "../../options.js";
import { segment } from "../../transport.js";
import type { Paged } from "../../pages.js";
import type * as schemas from "../schemas.js";

/** The query of `unregisteredDevices.list`. */
export interface UnregisteredDevicesListQuery {
  /** Only devices routed to this customer (`cus_…`). */
  customer_id?: string;
  /** Maximum number of results. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
}

/** The customers and residents an organisation measures for, and devices that report before they are registered. */
export class UnregisteredDevicesResource extends Resource {
  /**
   * Delete an unregistered device.
   *
   * Its readings are deleted with it. If it reports again, it is listed again.
   *
   * Requires the scope `devices:write`: Create, change and delete devices, their identifiers, labels and tokens.
   */
  delete(waitingEui: string, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: "DELETE", path: `/api/v2/unregistered-devices/${segment(waitingEui)}` }, options);
  }

  /**
   * List unregistered devices.
   *
   * Devices that network servers reported and that are not registered, by EUI.
   *
   * Filters for unregistered devices: all, or those routed to a customer.
   *
   * Requires the scope `devices:read`: See devices, their identifiers, labels and tokens.
   */
  list(
    query: UnregisteredDevicesListQuery = {},
    options?: RequestOptions,
  ): Paged<schemas.Unregistered, schemas.ListOf_Unregistered> {
    return this.transport.list({ method: "GET", path: "/api/v2/unregistered-devices", query }, options);
  }
}
