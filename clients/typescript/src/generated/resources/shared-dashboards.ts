// Generated from the OpenAPI document by `make clients`: change the generator, not this file.
import { Resource } from "../../resource.js";
import type { RequestOptions } from "../../options.js";
import { segment } from "../../transport.js";
import type * as schemas from "../schemas.js";

/** The query of `sharedDashboards.data`. */
export interface SharedDashboardsDataQuery {
  /** A length such as `90m`, `24h` or `7d` that ends now or at `to`. */
  range?: string;
  /** Start, included: RFC 3339, or epoch seconds or milliseconds. */
  from?: string | number | Date;
  /** End, excluded: RFC 3339, or epoch seconds or milliseconds. By default now. */
  to?: string | number | Date;
  /** An IANA time zone, such as `Europe/Brussels`. */
  timezone?: string;
  /** Only the widgets with these ids, repeated for several; by default all. */
  widget_ids?: string[];
}

/** The query of `sharedDashboards.widgetData`. */
export interface SharedDashboardsWidgetDataQuery {
  /** A length such as `90m`, `24h` or `7d` that ends now or at `to`. */
  range?: string;
  /** Start, included: RFC 3339, or epoch seconds or milliseconds. */
  from?: string | number | Date;
  /** End, excluded: RFC 3339, or epoch seconds or milliseconds. By default now. */
  to?: string | number | Date;
  /** An IANA time zone, such as `Europe/Brussels`. */
  timezone?: string;
}

/** Dashboards of widgets, their folders, data and images, and links that show them without a credential. */
export class SharedDashboardsResource extends Resource {
  /**
   * Get what all widgets of a shared dashboard show.
   *
   * The same as one call for each widget, and counted as one. A widget that can no longer be shown has an `error`.
   *
   * The same, of the widgets with these ids only. `widget_ids` can be repeated; without it, all widgets are shown.
   */
  data(
    shareToken: string,
    query: SharedDashboardsDataQuery = {},
    options?: RequestOptions,
  ): Promise<schemas.DashboardData> {
    return this.transport.call({ method: "GET", path: `/api/v2/shared/dashboards/${segment(shareToken)}/data`, query }, options);
  }

  /**
   * Get a shared dashboard with its widgets.
   *
   * Requires no credential, only the token of the link. Buttons that send commands are left out.
   */
  get(shareToken: string, options?: RequestOptions): Promise<schemas.SharedDashboard> {
    return this.transport.call({ method: "GET", path: `/api/v2/shared/dashboards/${segment(shareToken)}` }, options);
  }

  /**
   * Get what a widget of a shared dashboard shows.
   *
   * With the link's values of the variables, and without the ids of devices.
   *
   * The range, as for readings; without it, the dashboard's.
   */
  widgetData(
    shareToken: string,
    widgetId: string,
    query: SharedDashboardsWidgetDataQuery = {},
    options?: RequestOptions,
  ): Promise<schemas.WidgetData> {
    return this.transport.call({ method: "GET", path: `/api/v2/shared/dashboards/${segment(shareToken)}/widgets/${segment(widgetId)}/data`, query }, options);
  }

  /** Get the image of a widget of a shared dashboard. */
  widgetImage(shareToken: string, widgetId: string, options?: RequestOptions): Promise<Response> {
    return this.transport.call({ method: "GET", path: `/api/v2/shared/dashboards/${segment(shareToken)}/widgets/${segment(widgetId)}/image`, raw: true }, options);
  }
}
