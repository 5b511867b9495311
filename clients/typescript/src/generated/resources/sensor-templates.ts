// Generated from the OpenAPI document by `make clients`: change the generator, not this file.
import { Resource } from "../../resource.js";
import type { RequestOptions } from "../../options.js";
import { segment } from "../../transport.js";
import type { Paged } from "../../pages.js";
import type * as schemas from "../schemas.js";

/** The query of `sensorTemplates.list`. */
export interface SensorTemplatesListQuery {
  /** Maximum number of results. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
  /** A text to search for. A to Z are the same as a to z, and `%` and `_` stand for themselves. */
  q?: string;
  /** The order; descending with a leading minus sign. A `cursor` continues only the order that it was returned for. */
  sort?: "-created_at" | "-name" | "created_at" | "name";
}

/** The named values of a device, declared or discovered in its readings. */
export class SensorTemplatesResource extends Resource {
  /**
   * Create a sensor template.
   *
   * A sensor is declared with it by its id: `template_id` of `POST /api/v2/devices/{device_id}/sensors`.
   *
   * Requires the scope `sensor_templates:write`: Create, change and delete templates that name and type sensors.
   */
  create(body: schemas.SensorTemplateCreate, options?: RequestOptions): Promise<schemas.SensorTemplate> {
    return this.transport.call({ method: "POST", path: "/api/v2/sensor-templates", body, idempotent: true }, options);
  }

  /**
   * Delete a sensor template.
   *
   * Sensors that were declared with it are kept.
   *
   * Requires the scope `sensor_templates:write`: Create, change and delete templates that name and type sensors.
   */
  delete(templateId: string, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: "DELETE", path: `/api/v2/sensor-templates/${segment(templateId)}` }, options);
  }

  /**
   * Get a sensor template.
   *
   * Requires the scope `sensor_templates:read`: See templates that name and type sensors.
   */
  get(templateId: string, options?: RequestOptions): Promise<schemas.SensorTemplate> {
    return this.transport.call({ method: "GET", path: `/api/v2/sensor-templates/${segment(templateId)}` }, options);
  }

  /**
   * List sensor templates.
   *
   * The organisation's own, newest first by default, then those of the system.
   *
   * A page of the list, newest first unless sorted otherwise.
   *
   * Requires the scope `sensor_templates:read`: See templates that name and type sensors.
   */
  list(
    query: SensorTemplatesListQuery = {},
    options?: RequestOptions,
  ): Paged<schemas.SensorTemplate, schemas.ListOf_SensorTemplate> {
    return this.transport.list({ method: "GET", path: "/api/v2/sensor-templates", query }, options);
  }

  /**
   * Change a sensor template.
   *
   * Omitted fields are unchanged. Sensors that were declared with it are unchanged too.
   *
   * Requires the scope `sensor_templates:write`: Create, change and delete templates that name and type sensors.
   */
  update(
    templateId: string,
    body?: schemas.SensorTemplatePatch,
    options?: RequestOptions,
  ): Promise<schemas.SensorTemplate> {
    return this.transport.call({ method: "PATCH", path: `/api/v2/sensor-templates/${segment(templateId)}`, body }, options);
  }
}
