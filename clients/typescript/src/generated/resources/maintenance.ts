// Generated from the OpenAPI document by `make clients`: change the generator, not this file.
import { Resource } from "../../resource.js";
import type { RequestOptions } from "../../options.js";
import { segment } from "../../transport.js";
import type * as schemas from "../schemas.js";

/** Conditions that are monitored on devices, their events, and the actions when an alert is raised. */
export class MaintenanceResource extends Resource {
  /**
   * End a device's maintenance.
   *
   * Requires the scope `alerts:write`: Create, change and delete alert definitions and events.
   */
  end(deviceId: string, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: "DELETE", path: `/api/v2/devices/${segment(deviceId)}/maintenance` }, options);
  }

  /**
   * Get the maintenance state of a device.
   *
   * Requires the scope `alerts:read`: See alert definitions and events.
   */
  get(deviceId: string, options?: RequestOptions): Promise<schemas.Maintenance> {
    return this.transport.call({ method: "GET", path: `/api/v2/devices/${segment(deviceId)}/maintenance` }, options);
  }

  /**
   * Start a device's maintenance.
   *
   * No alerts are raised for the device until `until`. Alert events that are already raised stay open, and are cleared
   * as usual.
   *
   * Requires the scope `alerts:write`: Create, change and delete alert definitions and events.
   */
  start(deviceId: string, body?: schemas.MaintenanceSet, options?: RequestOptions): Promise<schemas.Maintenance> {
    return this.transport.call({ method: "PUT", path: `/api/v2/devices/${segment(deviceId)}/maintenance`, body }, options);
  }
}
