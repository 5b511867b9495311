// Generated from the OpenAPI document by `make clients`: change the generator, not this file.
import { Resource } from "../../resource.js";
import type { RequestOptions } from "../../options.js";
import { segment } from "../../transport.js";
import type { Paged } from "../../pages.js";
import type * as schemas from "../schemas.js";

/** The query of `alertEvents.list`. */
export interface AlertEventsListQuery {
  /** Only events that are `raised`, `acknowledged`, either of them (`open`), or `cleared`. */
  state?: "acknowledged" | "cleared" | "open" | "raised";
  /** Only events with this severity; high, medium and low are accepted too. */
  severity?: "critical" | "high" | "info" | "low" | "medium" | "warning";
  /** Only events of this alert (`alert_…`). */
  alert_id?: string;
  /** Only events of this device (`dev_…`). */
  device_id?: string;
  /** Only events of this project's devices (`prj_…`). */
  project_id?: string;
  /** Only events raised at or after this time: RFC 3339, or epoch seconds or milliseconds. */
  from?: string | number | Date;
  /** Only events raised before this time: RFC 3339, or epoch seconds or milliseconds. */
  to?: string | number | Date;
  /** Maximum number of results. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
}

/** Conditions that are monitored on devices, their events, and the actions when an alert is raised. */
export class AlertEventsResource extends Resource {
  /**
   * Acknowledge an alert event.
   *
   * Stops its escalation. A cleared event can be acknowledged too. Repeating the call has no effect; the first note is
   * kept.
   *
   * Requires the scope `alerts:write`: Create, change and delete alert definitions and events.
   */
  acknowledge(eventId: string, body?: schemas.Acknowledge, options?: RequestOptions): Promise<schemas.AlertEvent> {
    return this.transport.call({ method: "POST", path: `/api/v2/alert-events/${segment(eventId)}/acknowledge`, body, idempotent: true }, options);
  }

  /**
   * Acknowledge, clear or snooze many alert events.
   *
   * Up to 500, each done or not by itself; the response has the outcome of each. To snooze an event is to snooze its
   * alert on its device.
   *
   * Requires the scope `alerts:write`: Create, change and delete alert definitions and events.
   */
  changeMany(body: schemas.BulkAct, options?: RequestOptions): Promise<schemas.BulkDone> {
    return this.transport.call({ method: "POST", path: "/api/v2/alert-events/bulk", body, idempotent: true }, options);
  }

  /**
   * Clear an alert event manually.
   *
   * It is raised again if the condition is true at a later reading. Repeating the call has no effect.
   *
   * Requires the scope `alerts:write`: Create, change and delete alert definitions and events.
   */
  clear(eventId: string, options?: RequestOptions): Promise<schemas.AlertEvent> {
    return this.transport.call({ method: "POST", path: `/api/v2/alert-events/${segment(eventId)}/clear`, idempotent: true }, options);
  }

  /**
   * Count open alert events.
   *
   * By state and by severity.
   *
   * Requires the scope `alerts:read`: See alert definitions and events.
   */
  countOpen(options?: RequestOptions): Promise<schemas.Summary> {
    return this.transport.call({ method: "GET", path: "/api/v2/alert-events/summary" }, options);
  }

  /**
   * Get an alert event.
   *
   * Requires the scope `alerts:read`: See alert definitions and events.
   */
  get(eventId: string, options?: RequestOptions): Promise<schemas.AlertEvent> {
    return this.transport.call({ method: "GET", path: `/api/v2/alert-events/${segment(eventId)}` }, options);
  }

  /**
   * List alert events.
   *
   * Newest first. `state=open` selects those that are not cleared.
   *
   * Filters for alert events. `open` means raised or acknowledged. `from` (included) and `to` (excluded) bound the
   * raising.
   *
   * Requires the scope `alerts:read`: See alert definitions and events.
   */
  list(
    query: AlertEventsListQuery = {},
    options?: RequestOptions,
  ): Paged<schemas.AlertEvent, schemas.ListOf_AlertEvent> {
    return this.transport.list({ method: "GET", path: "/api/v2/alert-events", query }, options);
  }
}
