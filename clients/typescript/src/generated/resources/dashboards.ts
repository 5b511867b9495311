// Generated from the OpenAPI document by `make clients`: change the generator, not this file.
import { Resource } from "../../resource.js";
import type { RequestOptions } from "../../options.js";
import { segment } from "../../transport.js";
import type { Paged } from "../../pages.js";
import type * as schemas from "../schemas.js";

/** The query of `dashboards.data`. */
export interface DashboardsDataQuery {
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
  /** Only the widgets with these ids, repeated for several; by default all. */
  widget_ids?: string[];
}

/** The query of `dashboards.list`. */
export interface DashboardsListQuery {
  /** The id of a folder of dashboards (`dfo_…`). */
  folder_id?: string;
  /** A project's id (`prj_…`). */
  project_id?: string;
  /** A text to search for. A to Z are the same as a to z, and `%` and `_` stand for themselves. */
  q?: string;
  /** The order; descending with a leading minus sign. A `cursor` continues only the order that it was returned for. */
  sort?: "-updated_at" | "name";
  /** Maximum number of results. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
}

/** Dashboards of widgets, their folders, data and images, and links that show them without a credential. */
export class DashboardsResource extends Resource {
  /**
   * Create a dashboard without widgets.
   *
   * Requires the scope `dashboards:write`: Create, change and delete dashboards and their widgets.
   */
  create(body: schemas.DashboardCreate, options?: RequestOptions): Promise<schemas.Dashboard> {
    return this.transport.call({ method: "POST", path: "/api/v2/dashboards", body, idempotent: true }, options);
  }

  /**
   * Get what all widgets of a dashboard show.
   *
   * The same as one call for each widget. A widget whose parts the caller must not read has an `error`, and the others
   * are shown. Ids of widgets that are not on the dashboard are ignored.
   *
   * The same, of the widgets with these ids only. `widget_ids` can be repeated; without it, all widgets are shown.
   *
   * Requires the scope `dashboards:read`: See dashboards and their widgets.
   */
  data(
    dashboardId: string,
    query: DashboardsDataQuery = {},
    options?: RequestOptions,
  ): Promise<schemas.DashboardData> {
    return this.transport.call({ method: "GET", path: `/api/v2/dashboards/${segment(dashboardId)}/data`, query }, options);
  }

  /**
   * Delete a dashboard with its widgets and share links.
   *
   * Requires the scope `dashboards:write`: Create, change and delete dashboards and their widgets.
   */
  delete(dashboardId: string, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: "DELETE", path: `/api/v2/dashboards/${segment(dashboardId)}` }, options);
  }

  /**
   * Copy a dashboard with its widgets, without its share links.
   *
   * Requires the scope `dashboards:write`: Create, change and delete dashboards and their widgets.
   */
  duplicate(
    dashboardId: string,
    body?: schemas.DashboardDuplicate,
    options?: RequestOptions,
  ): Promise<schemas.Dashboard> {
    return this.transport.call({ method: "POST", path: `/api/v2/dashboards/${segment(dashboardId)}/duplicate`, body, idempotent: true }, options);
  }

  /**
   * Export a dashboard as a document.
   *
   * It can be imported here and elsewhere. It has no images and no share links.
   *
   * Requires the scope `dashboards:read`: See dashboards and their widgets.
   */
  export(dashboardId: string, options?: RequestOptions): Promise<schemas.DashboardDocument> {
    return this.transport.call({ method: "GET", path: `/api/v2/dashboards/${segment(dashboardId)}/export` }, options);
  }

  /**
   * Get a dashboard, without its widgets.
   *
   * Requires the scope `dashboards:read`: See dashboards and their widgets.
   */
  get(dashboardId: string, options?: RequestOptions): Promise<schemas.Dashboard> {
    return this.transport.call({ method: "GET", path: `/api/v2/dashboards/${segment(dashboardId)}` }, options);
  }

  /**
   * Get where the widgets of a dashboard are.
   *
   * Send its `ETag` as `If-Match` with a new layout, so that it does not overwrite places that someone else has changed
   * since.
   *
   * Requires the scope `dashboards:read`: See dashboards and their widgets.
   */
  getLayout(dashboardId: string, options?: RequestOptions): Promise<schemas.Layout> {
    return this.transport.call({ method: "GET", path: `/api/v2/dashboards/${segment(dashboardId)}/layout` }, options);
  }

  /**
   * Import a dashboard from a document.
   *
   * Of the devices that it names, those that do not exist here are listed, and their widgets say so.
   *
   * Requires the scope `dashboards:write`: Create, change and delete dashboards and their widgets.
   */
  import(body: schemas.DashboardImport, options?: RequestOptions): Promise<schemas.ImportedDashboard> {
    return this.transport.call({ method: "POST", path: "/api/v2/dashboards/import", body, idempotent: true }, options);
  }

  /**
   * List dashboards.
   *
   * By name, or with `sort=-updated_at` the last changed first. Filters are combined with AND.
   *
   * Filters for dashboards. `q` is searched for in name and description.
   *
   * Requires the scope `dashboards:read`: See dashboards and their widgets.
   */
  list(query: DashboardsListQuery = {}, options?: RequestOptions): Paged<schemas.Dashboard, schemas.ListOf_Dashboard> {
    return this.transport.list({ method: "GET", path: "/api/v2/dashboards", query }, options);
  }

  /**
   * List the values that a variable of a dashboard can have.
   *
   * The ids of devices, or the values of a label; of at most 500 devices. Needs the scope devices:read as well.
   *
   * Requires the scope `dashboards:read`: See dashboards and their widgets.
   */
  listVariableOptions(
    dashboardId: string,
    variable: string,
    options?: RequestOptions,
  ): Promise<schemas.VariableOptions> {
    return this.transport.call({ method: "GET", path: `/api/v2/dashboards/${segment(dashboardId)}/variables/${segment(variable)}/options` }, options);
  }

  /**
   * Move the widgets of a dashboard.
   *
   * All or none. Widgets that are not named stay where they are.
   *
   * Requires the scope `dashboards:write`: Create, change and delete dashboards and their widgets.
   */
  setLayout(dashboardId: string, body: schemas.Layout, options?: RequestOptions): Promise<schemas.WidgetList> {
    return this.transport.call({ method: "PUT", path: `/api/v2/dashboards/${segment(dashboardId)}/layout`, body }, options);
  }

  /**
   * Change a dashboard.
   *
   * Requires the scope `dashboards:write`: Create, change and delete dashboards and their widgets.
   */
  update(dashboardId: string, body?: schemas.DashboardPatch, options?: RequestOptions): Promise<schemas.Dashboard> {
    return this.transport.call({ method: "PATCH", path: `/api/v2/dashboards/${segment(dashboardId)}`, body }, options);
  }
}
