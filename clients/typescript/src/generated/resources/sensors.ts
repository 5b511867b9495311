// Generated from the OpenAPI document by `make clients`: change the generator, not this file.
import { Resource } from "../../resource.js";
import type { RequestOptions } from "../../options.js";
import { segment } from "../../transport.js";
import type { Paged } from "../../pages.js";
import type * as schemas from "../schemas.js";

/** The query of `sensors.list`. */
export interface SensorsListQuery {
  /** Maximum number of results. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
}

/** The named values of a device, declared or discovered in its readings. */
export class SensorsResource extends Resource {
  /**
   * Declare a sensor.
   *
   * With `template_id` the fields that are omitted are those of a sensor template, which requires the scope
   * `sensor_templates:read`.
   *
   * Requires the scope `sensors:write`: Create, change and delete the sensors of devices.
   */
  declare(deviceId: string, body?: schemas.SensorDeclare, options?: RequestOptions): Promise<schemas.Sensor> {
    return this.transport.call({ method: "POST", path: `/api/v2/devices/${segment(deviceId)}/sensors`, body, idempotent: true }, options);
  }

  /**
   * Delete a sensor.
   *
   * Its readings are kept; the next reading that contains the value discovers it again.
   *
   * Requires the scope `sensors:write`: Create, change and delete the sensors of devices.
   */
  delete(deviceId: string, key: string, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: "DELETE", path: `/api/v2/devices/${segment(deviceId)}/sensors/${segment(key)}` }, options);
  }

  /**
   * Get a sensor.
   *
   * Requires the scope `sensors:read`: See the sensors of devices.
   */
  get(deviceId: string, key: string, options?: RequestOptions): Promise<schemas.Sensor> {
    return this.transport.call({ method: "GET", path: `/api/v2/devices/${segment(deviceId)}/sensors/${segment(key)}` }, options);
  }

  /**
   * List the sensors of a device.
   *
   * Ordered by key. Sensors are declared, or discovered in the device's readings.
   *
   * A page of the list. Send the `next_cursor` of a response as `cursor` to get the next page.
   *
   * Requires the scope `sensors:read`: See the sensors of devices.
   */
  list(
    deviceId: string,
    query: SensorsListQuery = {},
    options?: RequestOptions,
  ): Paged<schemas.Sensor, schemas.ListOf_Sensor> {
    return this.transport.list({ method: "GET", path: `/api/v2/devices/${segment(deviceId)}/sensors`, query }, options);
  }

  /**
   * Change a sensor.
   *
   * A discovered sensor becomes a declared one.
   *
   * Requires the scope `sensors:write`: Create, change and delete the sensors of devices.
   */
  update(
    deviceId: string,
    key: string,
    body?: schemas.SensorPatch,
    options?: RequestOptions,
  ): Promise<schemas.Sensor> {
    return this.transport.call({ method: "PATCH", path: `/api/v2/devices/${segment(deviceId)}/sensors/${segment(key)}`, body }, options);
  }
}
