// Generated from the OpenAPI document by `make clients`: change the generator, not this file.
import { Resource } from "../../resource.js";
import type { RequestOptions } from "../../options.js";
import { segment } from "../../transport.js";
import type { Paged } from "../../pages.js";
import type * as schemas from "../schemas.js";

/** The query of `dashboardShares.list`. */
export interface DashboardSharesListQuery {
  /** Maximum number of results. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
}

/** Dashboards of widgets, their folders, data and images, and links that show them without a credential. */
export class DashboardSharesResource extends Resource {
  /**
   * Share a dashboard by a link.
   *
   * Who has the link can read the dashboard without signing in, until it expires or is revoked. It shows what its
   * creator can reach, and stops when they lose access. The token is returned once.
   *
   * Requires the scope `dashboards:write`: Create, change and delete dashboards and their widgets.
   */
  create(dashboardId: string, body?: schemas.ShareCreate, options?: RequestOptions): Promise<schemas.CreatedShare> {
    return this.transport.call({ method: "POST", path: `/api/v2/dashboards/${segment(dashboardId)}/shares`, body, idempotent: true }, options);
  }

  /**
   * List the share links of a dashboard.
   *
   * Newest first, also those that have expired; without their tokens.
   *
   * A page of the list. Send the `next_cursor` of a response as `cursor` to get the next page.
   *
   * Requires the scope `dashboards:read`: See dashboards and their widgets.
   */
  list(
    dashboardId: string,
    query: DashboardSharesListQuery = {},
    options?: RequestOptions,
  ): Paged<schemas.Share, schemas.ListOf_Share> {
    return this.transport.list({ method: "GET", path: `/api/v2/dashboards/${segment(dashboardId)}/shares`, query }, options);
  }

  /**
   * Revoke a share link.
   *
   * It no longer works from the next call on.
   *
   * Requires the scope `dashboards:write`: Create, change and delete dashboards and their widgets.
   */
  revoke(shareId: string, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: "DELETE", path: `/api/v2/dashboard-shares/${segment(shareId)}` }, options);
  }
}
