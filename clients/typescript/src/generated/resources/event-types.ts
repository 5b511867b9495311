// Generated from the OpenAPI document by `make clients`: change the generator, not this file.
import { Resource } from "../../resource.js";
import type { RequestOptions } from "../../options.js";
import { segment } from "../../transport.js";
import type { Paged } from "../../pages.js";
import type * as schemas from "../schemas.js";

/** The query of `eventTypes.list`. */
export interface EventTypesListQuery {
  /** Maximum number of results. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
  /** A text to search for. A to Z are the same as a to z, and `%` and `_` stand for themselves. */
  q?: string;
  /** The order; descending with a leading minus sign. A `cursor` continues only the order that it was returned for. */
  sort?: "-created_at" | "-name" | "created_at" | "name";
  /** A project's id (`prj_…`). */
  project_id?: string;
}

/** The commands that devices support, and their executions. */
export class EventTypesResource extends Resource {
  /**
   * Create an event type.
   *
   * An event type describes a message from a device to the server, as a command describes one from the server to a
   * device. Messages are not validated against it, and sensors are discovered as usual.
   *
   * Requires the scope `commands:write`: Create, change and delete command definitions and executions.
   */
  create(body: schemas.EventTypeCreate, options?: RequestOptions): Promise<schemas.EventType> {
    return this.transport.call({ method: "POST", path: "/api/v2/event-types", body, idempotent: true }, options);
  }

  /**
   * Delete an event type.
   *
   * Stored messages of this type are kept.
   *
   * Requires the scope `commands:write`: Create, change and delete command definitions and executions.
   */
  delete(eventTypeId: string, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: "DELETE", path: `/api/v2/event-types/${segment(eventTypeId)}` }, options);
  }

  /**
   * Get an event type.
   *
   * Requires the scope `commands:read`: See command definitions and executions.
   */
  get(eventTypeId: string, options?: RequestOptions): Promise<schemas.EventType> {
    return this.transport.call({ method: "GET", path: `/api/v2/event-types/${segment(eventTypeId)}` }, options);
  }

  /**
   * List event types.
   *
   * Newest first by default, of one project or of all.
   *
   * Filters for event types. `q` is searched for in name and description.
   *
   * Requires the scope `commands:read`: See command definitions and executions.
   */
  list(query: EventTypesListQuery = {}, options?: RequestOptions): Paged<schemas.EventType, schemas.ListOf_EventType> {
    return this.transport.list({ method: "GET", path: "/api/v2/event-types", query }, options);
  }

  /**
   * Change an event type.
   *
   * Omitted fields are unchanged.
   *
   * Requires the scope `commands:write`: Create, change and delete command definitions and executions.
   */
  update(eventTypeId: string, body?: schemas.EventTypeChange, options?: RequestOptions): Promise<schemas.EventType> {
    return this.transport.call({ method: "PATCH", path: `/api/v2/event-types/${segment(eventTypeId)}`, body }, options);
  }
}
