// Generated from the OpenAPI document by `make clients`: change the generator, not this file.
import { Resource } from "../../resource.js";
import type { RequestOptions } from "../../options.js";
import { segment } from "../../transport.js";
import type * as schemas from "../schemas.js";

/** The commands that devices support, and their executions. */
export class DeviceQueueResource extends Resource {
  /**
   * Get a device's queue.
   *
   * Requires the scope `commands:read`: See command definitions and executions.
   */
  get(deviceId: string, options?: RequestOptions): Promise<schemas.Queue> {
    return this.transport.call({ method: "GET", path: `/api/v2/devices/${segment(deviceId)}/command-queue` }, options);
  }

  /**
   * Set whether a device receives one command at a time.
   *
   * Requires the scope `commands:write`: Create, change and delete command definitions and executions.
   */
  update(deviceId: string, body: schemas.QueuePatch, options?: RequestOptions): Promise<schemas.Queue> {
    return this.transport.call({ method: "PATCH", path: `/api/v2/devices/${segment(deviceId)}/command-queue`, body }, options);
  }
}
