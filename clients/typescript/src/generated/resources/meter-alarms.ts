// Generated from the OpenAPI document by `make clients`: change the generator, not this file.
import { Resource } from "../../resource.js";
import type { RequestOptions } from "../../options.js";
import { segment } from "../../transport.js";
import type { Paged } from "../../pages.js";
import type * as schemas from "../schemas.js";

/** The query of `meterAlarms.list`. */
export interface MeterAlarmsListQuery {
  /** Only alarms of this device (`dev_…`). */
  device_id?: string;
  /** Only alarms of devices that were this customer's (`cus_…`) when they were opened. */
  customer_id?: string;
  /** Only alarms of this kind. */
  kind?: "back_flow" | "burst" | "continuous_flow" | "frozen" | "low_battery" | "tamper";
  /** Only those in this state. */
  state?: "closed" | "open";
  /** Only alarms that began at or after this time: RFC 3339, or epoch seconds or milliseconds. */
  from?: string | number | Date;
  /** Only alarms that began before this time: RFC 3339, or epoch seconds or milliseconds. */
  to?: string | number | Date;
  /** Maximum number of results. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
}

/** Alarms of meters, such as leaks, back-flow and low batteries, and their settings by device and profile. */
export class MeterAlarmsResource extends Resource {
  /**
   * Acknowledge a meter alarm.
   *
   * It stays open until a reading shows its end. Repeating the call has no effect; the first note is kept.
   *
   * Requires the scope `alerts:write`: Create, change and delete alert definitions and events.
   */
  acknowledge(
    alarmId: string,
    body?: schemas.AcknowledgeAlarm,
    options?: RequestOptions,
  ): Promise<schemas.MeterAlarm> {
    return this.transport.call({ method: "POST", path: `/api/v2/meter-alarms/${segment(alarmId)}/acknowledge`, body, idempotent: true }, options);
  }

  /**
   * Get a meter alarm.
   *
   * Requires the scope `alerts:read`: See alert definitions and events.
   */
  get(alarmId: string, options?: RequestOptions): Promise<schemas.MeterAlarm> {
    return this.transport.call({ method: "GET", path: `/api/v2/meter-alarms/${segment(alarmId)}` }, options);
  }

  /**
   * Get the alarm settings of a meter.
   *
   * Requires the scope `devices:read`: See devices, their identifiers, labels and tokens.
   */
  getSettingsOfMeter(deviceId: string, options?: RequestOptions): Promise<schemas.WatchedSettings> {
    return this.transport.call({ method: "GET", path: `/api/v2/devices/${segment(deviceId)}/meter/alarm-settings` }, options);
  }

  /**
   * Get the alarm settings of a profile.
   *
   * Requires the scope `devices:read`: See devices, their identifiers, labels and tokens.
   */
  getSettingsOfProfile(profileId: string, options?: RequestOptions): Promise<schemas.WatchedSettings> {
    return this.transport.call({ method: "GET", path: `/api/v2/profiles/${segment(profileId)}/meter/alarm-settings` }, options);
  }

  /**
   * List meter alarms.
   *
   * Newest first. Filters are combined with AND.
   *
   * Filters for meter alarms. `from` (included) and `to` (excluded) bound the beginning, `since`.
   *
   * Requires the scope `alerts:read`: See alert definitions and events.
   */
  list(
    query: MeterAlarmsListQuery = {},
    options?: RequestOptions,
  ): Paged<schemas.MeterAlarm, schemas.ListOf_MeterAlarm> {
    return this.transport.list({ method: "GET", path: "/api/v2/meter-alarms", query }, options);
  }

  /**
   * Set the alarm settings of a meter.
   *
   * What is omitted comes from the device's profile, or else from the defaults. A device with settings is watched even
   * if it is not assigned to a customer.
   *
   * Requires the scope `devices:write`: Create, change and delete devices, their identifiers, labels and tokens.
   */
  setSettingsOfMeter(
    deviceId: string,
    body?: schemas.AlarmSettings,
    options?: RequestOptions,
  ): Promise<schemas.WatchedSettings> {
    return this.transport.call({ method: "PUT", path: `/api/v2/devices/${segment(deviceId)}/meter/alarm-settings`, body }, options);
  }

  /**
   * Set the alarm settings of a profile.
   *
   * They apply to every device of the profile, except those that are set on the device itself.
   *
   * Requires the scope `devices:write`: Create, change and delete devices, their identifiers, labels and tokens.
   */
  setSettingsOfProfile(
    profileId: string,
    body?: schemas.AlarmSettings,
    options?: RequestOptions,
  ): Promise<schemas.WatchedSettings> {
    return this.transport.call({ method: "PUT", path: `/api/v2/profiles/${segment(profileId)}/meter/alarm-settings`, body }, options);
  }
}
