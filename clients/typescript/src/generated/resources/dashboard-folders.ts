// Generated from the OpenAPI document by `make clients`: change the generator, not this file.
import { Resource } from "../../resource.js";
import type { RequestOptions } from "../../options.js";
import { segment } from "../../transport.js";
import type { Paged } from "../../pages.js";
import type * as schemas from "../schemas.js";

/** The query of `dashboardFolders.list`. */
export interface DashboardFoldersListQuery {
  /** Maximum number of results. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
}

/** Dashboards of widgets, their folders, data and images, and links that show them without a credential. */
export class DashboardFoldersResource extends Resource {
  /**
   * Create a folder of dashboards.
   *
   * Requires the scope `dashboards:write`: Create, change and delete dashboards and their widgets.
   */
  create(body: schemas.FolderCreate, options?: RequestOptions): Promise<schemas.Folder> {
    return this.transport.call({ method: "POST", path: "/api/v2/dashboard-folders", body, idempotent: true }, options);
  }

  /**
   * Delete an empty folder of dashboards.
   *
   * Requires the scope `dashboards:write`: Create, change and delete dashboards and their widgets.
   */
  delete(folderId: string, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: "DELETE", path: `/api/v2/dashboard-folders/${segment(folderId)}` }, options);
  }

  /**
   * Get a folder of dashboards.
   *
   * Requires the scope `dashboards:read`: See dashboards and their widgets.
   */
  get(folderId: string, options?: RequestOptions): Promise<schemas.Folder> {
    return this.transport.call({ method: "GET", path: `/api/v2/dashboard-folders/${segment(folderId)}` }, options);
  }

  /**
   * List the folders of dashboards.
   *
   * Oldest first, of all levels.
   *
   * A page of the list. Send the `next_cursor` of a response as `cursor` to get the next page.
   *
   * Requires the scope `dashboards:read`: See dashboards and their widgets.
   */
  list(query: DashboardFoldersListQuery = {}, options?: RequestOptions): Paged<schemas.Folder, schemas.ListOf_Folder> {
    return this.transport.list({ method: "GET", path: "/api/v2/dashboard-folders", query }, options);
  }

  /**
   * Rename or move a folder of dashboards.
   *
   * Requires the scope `dashboards:write`: Create, change and delete dashboards and their widgets.
   */
  update(folderId: string, body?: schemas.FolderPatch, options?: RequestOptions): Promise<schemas.Folder> {
    return this.transport.call({ method: "PATCH", path: `/api/v2/dashboard-folders/${segment(folderId)}`, body }, options);
  }
}
