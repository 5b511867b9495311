// Generated from the OpenAPI document by `make clients`: change the generator, not this file.
import { Resource } from "../../resource.js";
import type { RequestOptions } from "../../options.js";
import type { Content } from "../../transport.js";
import { segment } from "../../transport.js";
import type * as schemas from "../schemas.js";

/** The query of `widgets.data`. */
export interface WidgetsDataQuery {
  /** A length such as `90m`, `24h` or `7d` that ends now or at `to`. */
  range?: string;
  /** Start, included: RFC 3339, or epoch seconds or milliseconds. */
  from?: string | number | Date;
  /** End, excluded: RFC 3339, or epoch seconds or milliseconds. By default now. */
  to?: string | number | Date;
  /** An IANA time zone, such as `Europe/Brussels`. */
  timezone?: string;
  /** A JSON object with values of variables by name; others keep the value of the dashboard. */
  variables?: string;
}

/** Dashboards of widgets, their folders, data and images, and links that show them without a credential. */
export class WidgetsResource extends Resource {
  /**
   * Add a widget to a dashboard.
   *
   * Requires the scope `dashboards:write`: Create, change and delete dashboards and their widgets.
   */
  create(dashboardId: string, body: schemas.WidgetCreate, options?: RequestOptions): Promise<schemas.Widget> {
    return this.transport.call({ method: "POST", path: `/api/v2/dashboards/${segment(dashboardId)}/widgets`, body, idempotent: true }, options);
  }

  /**
   * Get what a widget shows.
   *
   * Also needs the scopes to read its parts: telemetry:read for values, devices:read for states of devices and for
   * devices by labels, alerts:read for open alerts. A line of a chart has at most 1,000 points. A device that does not
   * exist is `missing`.
   *
   * The range, as for readings; without it, the dashboard's. `variables` is a JSON object with values by name.
   *
   * Requires the scope `dashboards:read`: See dashboards and their widgets.
   */
  data(widgetId: string, query: WidgetsDataQuery = {}, options?: RequestOptions): Promise<schemas.WidgetData> {
    return this.transport.call({ method: "GET", path: `/api/v2/widgets/${segment(widgetId)}/data`, query }, options);
  }

  /**
   * Delete a widget.
   *
   * Requires the scope `dashboards:write`: Create, change and delete dashboards and their widgets.
   */
  delete(widgetId: string, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: "DELETE", path: `/api/v2/widgets/${segment(widgetId)}` }, options);
  }

  /**
   * Copy a widget with its image.
   *
   * The copy is put below all widgets of the dashboard.
   *
   * Requires the scope `dashboards:write`: Create, change and delete dashboards and their widgets.
   */
  duplicate(widgetId: string, options?: RequestOptions): Promise<schemas.Widget> {
    return this.transport.call({ method: "POST", path: `/api/v2/widgets/${segment(widgetId)}/duplicate`, idempotent: true }, options);
  }

  /**
   * Get a widget.
   *
   * Requires the scope `dashboards:read`: See dashboards and their widgets.
   */
  get(widgetId: string, options?: RequestOptions): Promise<schemas.Widget> {
    return this.transport.call({ method: "GET", path: `/api/v2/widgets/${segment(widgetId)}` }, options);
  }

  /**
   * Get the image of a widget.
   *
   * Requires the scope `dashboards:read`: See dashboards and their widgets.
   */
  getImage(widgetId: string, options?: RequestOptions): Promise<Response> {
    return this.transport.call({ method: "GET", path: `/api/v2/widgets/${segment(widgetId)}/image`, raw: true }, options);
  }

  /**
   * List the widgets of a dashboard.
   *
   * All of them, oldest first.
   *
   * Requires the scope `dashboards:read`: See dashboards and their widgets.
   */
  list(dashboardId: string, options?: RequestOptions): Promise<schemas.WidgetList> {
    return this.transport.call({ method: "GET", path: `/api/v2/dashboards/${segment(dashboardId)}/widgets` }, options);
  }

  /**
   * Get what a widget would show.
   *
   * Nothing is stored. Needs the same scopes as the data of a widget.
   *
   * Requires the scope `dashboards:read`: See dashboards and their widgets.
   */
  preview(body: schemas.WidgetPreview, options?: RequestOptions): Promise<schemas.WidgetData> {
    return this.transport.call({ method: "POST", path: "/api/v2/widgets/preview", body }, options);
  }

  /**
   * Remove the image of a widget.
   *
   * Requires the scope `dashboards:write`: Create, change and delete dashboards and their widgets.
   */
  removeImage(widgetId: string, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: "DELETE", path: `/api/v2/widgets/${segment(widgetId)}/image` }, options);
  }

  /**
   * Set the image of a widget of the type `image`.
   *
   * A PNG, JPEG or WebP of at most 1 MiB and 6000 × 6000 pixels, sent as it is or in base64. It is decoded and encoded
   * again, and made smaller if it is larger than 2400 × 2400.
   *
   * Requires the scope `dashboards:write`: Create, change and delete dashboards and their widgets.
   */
  setImage(
    widgetId: string,
    body: schemas.ImageWrite | Content<"image/png" | "image/jpeg" | "image/webp">,
    options?: RequestOptions,
  ): Promise<schemas.Widget> {
    return this.transport.call({ method: "PUT", path: `/api/v2/widgets/${segment(widgetId)}/image`, body }, options);
  }

  /**
   * Change a widget.
   *
   * Devices that its options named before may be gone.
   *
   * Requires the scope `dashboards:write`: Create, change and delete dashboards and their widgets.
   */
  update(widgetId: string, body?: schemas.WidgetPatch, options?: RequestOptions): Promise<schemas.Widget> {
    return this.transport.call({ method: "PATCH", path: `/api/v2/widgets/${segment(widgetId)}`, body }, options);
  }
}
