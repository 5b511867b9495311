// Generated from the OpenAPI document by `make clients`: change the generator, not this file.
import { Resource } from "../../resource.js";
import type { RequestOptions } from "../../options.js";
import { segment } from "../../transport.js";
import type { Paged } from "../../pages.js";
import type * as schemas from "../schemas.js";

/** The query of `alerts.endSnooze`. */
export interface AlertsEndSnoozeQuery {
  /** A device's id (`dev_…`). */
  device_id?: string;
}

/** The query of `alerts.list`. */
export interface AlertsListQuery {
  /** Maximum number of results. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
  /** A text to search for. A to Z are the same as a to z, and `%` and `_` stand for themselves. */
  q?: string;
  /** The order; descending with a leading minus sign. A `cursor` continues only the order that it was returned for. */
  sort?: "-created_at" | "-name" | "created_at" | "name";
  /** Only alerts that are `enabled`, `disabled`, or currently raised for a device (`active`). */
  status?: "active" | "disabled" | "enabled";
  /** Only alerts with this severity; high, medium and low are accepted too. */
  severity?: "critical" | "high" | "info" | "low" | "medium" | "warning";
  /** Only alerts that name this device (`dev_…`). */
  device_id?: string;
  /** Only alerts that name this project (`prj_…`). */
  project_id?: string;
  /** Only alerts with this text in name or description. */
  text?: string;
}

/** The query of `alerts.listEvents`. */
export interface AlertsListEventsQuery {
  /** Only events that are `raised`, `acknowledged`, either of them (`open`), or `cleared`. */
  state?: "acknowledged" | "cleared" | "open" | "raised";
  /** Only events of this device (`dev_…`). */
  device_id?: string;
  /** Maximum number of results. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
}

/** Conditions that are monitored on devices, their events, and the actions when an alert is raised. */
export class AlertsResource extends Resource {
  /**
   * Create an alert.
   *
   * Besides `alerts:write` it requires the scopes of its condition and actions: `telemetry:read` for readings,
   * `devices:read` for `no_data` and `connectivity`, and for example `commands:write` for a command. It applies to
   * readings that arrive from now on. With an `Idempotency-Key` the same request can be sent again and creates only one
   * alert.
   *
   * Requires the scope `alerts:write`: Create, change and delete alert definitions and events.
   */
  create(body: schemas.AlertCreate, options?: RequestOptions): Promise<schemas.Alert> {
    return this.transport.call({ method: "POST", path: "/api/v2/alerts", body, idempotent: true }, options);
  }

  /**
   * Delete an alert.
   *
   * Its events are deleted with it. Open events are reported as cleared.
   *
   * Requires the scope `alerts:write`: Create, change and delete alert definitions and events.
   */
  delete(alertId: string, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: "DELETE", path: `/api/v2/alerts/${segment(alertId)}` }, options);
  }

  /**
   * End the snooze of an alert.
   *
   * Events that are still raised and not acknowledged are notified now.
   *
   * The device whose snooze is meant; by default the snooze on every device.
   *
   * Requires the scope `alerts:write`: Create, change and delete alert definitions and events.
   */
  endSnooze(alertId: string, query: AlertsEndSnoozeQuery = {}, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: "DELETE", path: `/api/v2/alerts/${segment(alertId)}/snooze`, query }, options);
  }

  /**
   * Get an alert.
   *
   * Requires the scope `alerts:read`: See alert definitions and events.
   */
  get(alertId: string, options?: RequestOptions): Promise<schemas.Alert> {
    return this.transport.call({ method: "GET", path: `/api/v2/alerts/${segment(alertId)}` }, options);
  }

  /**
   * List alerts.
   *
   * Newest first by default. `status=active` selects those that are currently raised for at least one device.
   *
   * Filters for alerts. A device or project selects those that name it; `q` and `text` are found in name and
   * description.
   *
   * Requires the scope `alerts:read`: See alert definitions and events.
   */
  list(query: AlertsListQuery = {}, options?: RequestOptions): Paged<schemas.Alert, schemas.ListOf_Alert> {
    return this.transport.list({ method: "GET", path: "/api/v2/alerts", query }, options);
  }

  /**
   * List the events of an alert.
   *
   * Newest first.
   *
   * Filters for the events of an alert.
   *
   * Requires the scope `alerts:read`: See alert definitions and events.
   */
  listEvents(
    alertId: string,
    query: AlertsListEventsQuery = {},
    options?: RequestOptions,
  ): Paged<schemas.AlertEvent, schemas.ListOf_AlertEvent> {
    return this.transport.list({ method: "GET", path: `/api/v2/alerts/${segment(alertId)}/history`, query }, options);
  }

  /**
   * Preview an alert.
   *
   * Evaluates a definition for a device with its stored readings, by default those of the last 24 hours, and returns
   * when it would have been raised. Nothing is stored, and no action is executed. It requires the scope of its
   * condition: `devices:read` for `no_data` and `connectivity`, otherwise `telemetry:read`. Late readings count as if
   * they had arrived in time, and maintenance does not count.
   *
   * Requires the scope `alerts:read`: See alert definitions and events.
   */
  preview(body: schemas.AlertPreview, options?: RequestOptions): Promise<schemas.AlertPreviewed> {
    return this.transport.call({ method: "POST", path: "/api/v2/alerts/preview", body }, options);
  }

  /**
   * Snooze an alert.
   *
   * Until then it is evaluated and its events are recorded, but it notifies no one and executes no actions. Events that
   * are still raised and not acknowledged at the end are notified then. With `device_id` it is snoozed on this device
   * only.
   *
   * Requires the scope `alerts:write`: Create, change and delete alert definitions and events.
   */
  snooze(alertId: string, body?: schemas.SnoozeSet, options?: RequestOptions): Promise<schemas.Snooze> {
    return this.transport.call({ method: "POST", path: `/api/v2/alerts/${segment(alertId)}/snooze`, body, idempotent: true }, options);
  }

  /**
   * Test the actions of an alert.
   *
   * They are executed shortly afterwards and are marked as a test. No alert is raised.
   *
   * Requires the scope `alerts:write`: Create, change and delete alert definitions and events.
   */
  test(alertId: string, body?: schemas.AlertTest, options?: RequestOptions): Promise<schemas.AlertTested> {
    return this.transport.call({ method: "POST", path: `/api/v2/alerts/${segment(alertId)}/test`, body, idempotent: true }, options);
  }

  /**
   * Change, enable or disable an alert.
   *
   * Omitted fields are unchanged. A change of the target or the condition clears the open alert events and restarts the
   * evaluation.
   *
   * Requires the scope `alerts:write`: Create, change and delete alert definitions and events.
   */
  update(alertId: string, body?: schemas.AlertPatch, options?: RequestOptions): Promise<schemas.Alert> {
    return this.transport.call({ method: "PATCH", path: `/api/v2/alerts/${segment(alertId)}`, body }, options);
  }
}
