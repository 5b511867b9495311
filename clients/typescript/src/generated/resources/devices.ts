// Generated from the OpenAPI document by `make clients`: change the generator, not this file.
import { Resource } from "../../resource.js";
import type { RequestOptions } from "../../options.js";
import { segment } from "../../transport.js";
import type { Paged } from "../../pages.js";
import type * as schemas from "../schemas.js";

/** The query of `devices.list`. */
export interface DevicesListQuery {
  /** Maximum number of results. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
  /** Only those with this status. */
  status?: "active" | "paused";
  /** Only devices with this connectivity: online, offline, or never seen. */
  connectivity?: "never" | "offline" | "online";
  /** Only those of this type. */
  type?: string;
  /** A project's id (`prj_…`). */
  project_id?: string;
  /** A device profile's id (`prf_…`). */
  profile_id?: string;
  /** Only devices that are placed with this customer (`cus_…`). */
  customer_id?: string;
  /** Only devices that are assigned to this resident (`res_…`). */
  resident_id?: string;
  /** A connection's id (`con_…`). */
  connection_id?: string;
  /** Only devices with an open alert event, or only those without. */
  has_alert?: boolean;
  /** A text to search for. A to Z are the same as a to z, and `%` and `_` stand for themselves. */
  q?: string;
  /** An identifier as `kind:value`. */
  identifier?: string;
  /** A label as `key:value`, such as `site:harbour`. Can be repeated: a device must have all of them. */
  label?: string[];
  /** The order; descending with a leading minus sign. Devices that were never seen count as seen before all others. */
  sort?: "-created_at" | "-last_seen_at" | "-name" | "created_at" | "last_seen_at" | "name";
}

/** The query of `devices.listConnectivityChanges`. */
export interface DevicesListConnectivityChangesQuery {
  /** Maximum number of results. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
  /** Only changes at or after this time: RFC 3339, or epoch seconds or milliseconds. */
  from?: string | number | Date;
  /** Only changes before this time: RFC 3339, or epoch seconds or milliseconds. */
  to?: string | number | Date;
}

/** The query of `devices.listEvents`. */
export interface DevicesListEventsQuery {
  /** Maximum number of results. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
  /** Only events of this kind, such as `join` or `ack`. */
  kind?: string;
  /** Start, included: RFC 3339, or epoch seconds or milliseconds. */
  from?: string | number | Date;
  /** End, excluded: RFC 3339, or epoch seconds or milliseconds. By default now. */
  to?: string | number | Date;
}

/** Things that send readings or receive commands: identifiers, labels, location, access tokens, pause and resume. */
export class DevicesResource extends Resource {
  /**
   * Count devices.
   *
   * By connectivity, as it was stored a few seconds ago. Paused devices are counted in each number.
   *
   * Requires the scope `devices:read`: See devices, their identifiers, labels and tokens.
   */
  count(options?: RequestOptions): Promise<schemas.FleetSummary> {
    return this.transport.call({ method: "GET", path: "/api/v2/devices/summary" }, options);
  }

  /**
   * Create a device.
   *
   * The response contains the device's access token, once. With an `Idempotency-Key` the same request can be sent again
   * and returns the same response.
   *
   * Requires the scope `devices:write`: Create, change and delete devices, their identifiers, labels and tokens.
   */
  create(body: schemas.DeviceCreate, options?: RequestOptions): Promise<schemas.CreatedDevice> {
    return this.transport.call({ method: "POST", path: "/api/v2/devices", body, idempotent: true }, options);
  }

  /**
   * Create many devices.
   *
   * Up to 1,000 devices, each created or rejected by itself: 201 if all were created, 207 if some were, 400 if none
   * was. The response contains the access tokens, once. With an `Idempotency-Key` the same request can be sent again,
   * also after a lost response or an error of the server: devices that were created are returned and not created twice.
   *
   * Requires the scope `devices:write`: Create, change and delete devices, their identifiers, labels and tokens.
   */
  createMany(body: schemas.DevicesCreate, options?: RequestOptions): Promise<schemas.DevicesCreated> {
    return this.transport.call({ method: "POST", path: "/api/v2/devices/bulk", body, idempotent: true }, options);
  }

  /**
   * Delete a device and its readings.
   *
   * The device is removed immediately; its readings are removed from all segments soon after. Of a meter that had a
   * customer, the counter's values are kept for the consumption of its past.
   *
   * Requires the scope `devices:write`: Create, change and delete devices, their identifiers, labels and tokens.
   */
  delete(deviceId: string, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: "DELETE", path: `/api/v2/devices/${segment(deviceId)}` }, options);
  }

  /**
   * Get a device.
   *
   * Requires the scope `devices:read`: See devices, their identifiers, labels and tokens.
   */
  get(deviceId: string, options?: RequestOptions): Promise<schemas.Device> {
    return this.transport.call({ method: "GET", path: `/api/v2/devices/${segment(deviceId)}` }, options);
  }

  /**
   * Get a device by an identifier.
   *
   * `kind` is eui, mac, serial or external. EUIs and MAC addresses are accepted in any notation.
   *
   * Requires the scope `devices:read`: See devices, their identifiers, labels and tokens.
   */
  getByIdentifier(kind: string, value: string, options?: RequestOptions): Promise<schemas.Device> {
    return this.transport.call({ method: "GET", path: `/api/v2/devices/by-identifier/${segment(kind)}/${segment(value)}` }, options);
  }

  /**
   * Issue a new access token for a device.
   *
   * The previous token becomes invalid before the response arrives. The new one is returned only here.
   *
   * Requires the scope `devices:write`: Create, change and delete devices, their identifiers, labels and tokens.
   */
  issueToken(deviceId: string, options?: RequestOptions): Promise<schemas.CreatedDevice> {
    return this.transport.call({ method: "POST", path: `/api/v2/devices/${segment(deviceId)}/token`, idempotent: true }, options);
  }

  /**
   * List devices.
   *
   * By default newest first. Filters are combined with AND. `connection_id` requires the scope `connections:read`,
   * `has_alert` the scope `alerts:read`.
   *
   * Filters for devices, and the order.
   *
   * `customer_id` and `resident_id` are where the device is placed now, `connection_id` is the connection by which it
   * reports. `has_alert`: whether an alert is open for it. `q` is searched for in name, description and identifiers;
   * `identifier` is `kind:value`. `label` is `key:value`; it can be repeated, and a device must have all of them.
   * `sort` is the order, descending with a leading minus sign.
   *
   * Requires the scope `devices:read`: See devices, their identifiers, labels and tokens.
   */
  list(query: DevicesListQuery = {}, options?: RequestOptions): Paged<schemas.Device, schemas.ListOf_Device> {
    return this.transport.list({ method: "GET", path: "/api/v2/devices", query }, options);
  }

  /**
   * List the connectivity changes of a device.
   *
   * Newest first, each with its reason. Streams report them live.
   *
   * Filters for connectivity changes.
   *
   * Requires the scope `devices:read`: See devices, their identifiers, labels and tokens.
   */
  listConnectivityChanges(
    deviceId: string,
    query: DevicesListConnectivityChangesQuery = {},
    options?: RequestOptions,
  ): Paged<schemas.ConnectivityChange, schemas.ListOf_ConnectivityChange> {
    return this.transport.list({ method: "GET", path: `/api/v2/devices/${segment(deviceId)}/connectivity`, query }, options);
  }

  /**
   * List the events of a device.
   *
   * Events are reported by network servers: joins, acknowledgements of downlinks, battery and margin, locations. Newest
   * first. Streams report them live with `events=true`.
   *
   * Filters for device events; times are the events' own.
   *
   * Requires the scope `devices:read`: See devices, their identifiers, labels and tokens.
   */
  listEvents(
    deviceId: string,
    query: DevicesListEventsQuery = {},
    options?: RequestOptions,
  ): Paged<schemas.DeviceEventShown, schemas.ListOf_DeviceEventShown> {
    return this.transport.list({ method: "GET", path: `/api/v2/devices/${segment(deviceId)}/events`, query }, options);
  }

  /**
   * Pause a device.
   *
   * Readings of a paused device are rejected; its configuration and stored readings are kept.
   *
   * Requires the scope `devices:write`: Create, change and delete devices, their identifiers, labels and tokens.
   */
  pause(deviceId: string, options?: RequestOptions): Promise<schemas.Device> {
    return this.transport.call({ method: "POST", path: `/api/v2/devices/${segment(deviceId)}/pause`, idempotent: true }, options);
  }

  /**
   * Resume a paused device.
   *
   * Requires the scope `devices:write`: Create, change and delete devices, their identifiers, labels and tokens.
   */
  resume(deviceId: string, options?: RequestOptions): Promise<schemas.Device> {
    return this.transport.call({ method: "POST", path: `/api/v2/devices/${segment(deviceId)}/resume`, idempotent: true }, options);
  }

  /**
   * Change a device.
   *
   * Omitted fields are unchanged. Objects and lists are replaced as a whole.
   *
   * Requires the scope `devices:write`: Create, change and delete devices, their identifiers, labels and tokens.
   */
  update(deviceId: string, body?: schemas.DevicePatch, options?: RequestOptions): Promise<schemas.Device> {
    return this.transport.call({ method: "PATCH", path: `/api/v2/devices/${segment(deviceId)}`, body }, options);
  }
}
