// Generated from the OpenAPI document by `make clients`: change the generator, not this file.
import { Resource } from "../../resource.js";
import type { RequestOptions } from "../../options.js";
import { segment } from "../../transport.js";
import type { Paged } from "../../pages.js";
import type * as schemas from "../schemas.js";

/** The query of `placements.list`. */
export interface PlacementsListQuery {
  /** Maximum number of results. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
}

/** The customers and residents an organisation measures for, and devices that report before they are registered. */
export class PlacementsResource extends Resource {
  /**
   * Get the placement of a device.
   *
   * Requires the scope `devices:read`: See devices, their identifiers, labels and tokens.
   */
  get(deviceId: string, options?: RequestOptions): Promise<schemas.Placement> {
    return this.transport.call({ method: "GET", path: `/api/v2/devices/${segment(deviceId)}/placement` }, options);
  }

  /**
   * List the placements of a device.
   *
   * The latest comes first.
   *
   * A page of the list. Send the `next_cursor` of a response as `cursor` to get the next page.
   *
   * Requires the scope `devices:read`: See devices, their identifiers, labels and tokens.
   */
  list(
    deviceId: string,
    query: PlacementsListQuery = {},
    options?: RequestOptions,
  ): Paged<schemas.PlacementPeriod, schemas.ListOf_PlacementPeriod> {
    return this.transport.list({ method: "GET", path: `/api/v2/devices/${segment(deviceId)}/placements`, query }, options);
  }

  /**
   * Remove the placement of a device.
   *
   * Requires the scope `devices:write`: Create, change and delete devices, their identifiers, labels and tokens.
   */
  remove(deviceId: string, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: "DELETE", path: `/api/v2/devices/${segment(deviceId)}/placement` }, options);
  }

  /**
   * Assign a device to a customer or a resident.
   *
   * A device assigned to a resident is also assigned to the resident's customer. A resident who signs in can see the
   * device from then on, and the previous resident no longer can.
   *
   * Consumption belongs to the customer and resident of its time. With `from` in the past, the placement replaces what
   * was recorded after it; if it is the current placement, `from` corrects when that began.
   *
   * Requires the scope `devices:write`: Create, change and delete devices, their identifiers, labels and tokens.
   */
  set(deviceId: string, body?: schemas.PlacementWrite, options?: RequestOptions): Promise<schemas.Placement> {
    return this.transport.call({ method: "PUT", path: `/api/v2/devices/${segment(deviceId)}/placement`, body }, options);
  }

  /**
   * Set the standing of a device.
   *
   * While a device is in maintenance, its connectivity events state so, and rules can exclude them.
   *
   * Requires the scope `devices:write`: Create, change and delete devices, their identifiers, labels and tokens.
   */
  setStanding(deviceId: string, body: schemas.StandingWrite, options?: RequestOptions): Promise<schemas.Placement> {
    return this.transport.call({ method: "PUT", path: `/api/v2/devices/${segment(deviceId)}/standing`, body }, options);
  }
}
