// Generated from the OpenAPI document by `make clients`: change the generator, not this file.
import { Resource } from "../../resource.js";
import type { RequestOptions } from "../../options.js";
import { segment } from "../../transport.js";
import type { Paged } from "../../pages.js";
import type * as schemas from "../schemas.js";

/** The query of `projects.list`. */
export interface ProjectsListQuery {
  /** Maximum number of results. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
  /** A text to search for. A to Z are the same as a to z, and `%` and `_` stand for themselves. */
  q?: string;
  /** The order; descending with a leading minus sign. A `cursor` continues only the order that it was returned for. */
  sort?: "-created_at" | "-name" | "created_at" | "name";
}

/** The query of `projects.listLicenses`. */
export interface ProjectsListLicensesQuery {
  /** Maximum number of results. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
}

/** The caller, its organisation and the organisation's projects. */
export class ProjectsResource extends Resource {
  /**
   * Add free licences to a project.
   *
   * Requires the scope `organization:write`: Create, change and delete projects, members and invitations.
   */
  addLicenses(
    projectId: string,
    body?: schemas.LicenseIssue,
    options?: RequestOptions,
  ): Promise<schemas.ListOf_License> {
    return this.transport.call({ method: "POST", path: `/api/v2/projects/${segment(projectId)}/licenses`, body, idempotent: true }, options);
  }

  /**
   * Create a project.
   *
   * Requires the scope `organization:write`: Create, change and delete projects, members and invitations.
   */
  create(body: schemas.ProjectCreate, options?: RequestOptions): Promise<schemas.Project> {
    return this.transport.call({ method: "POST", path: "/api/v2/projects", body, idempotent: true }, options);
  }

  /**
   * Get a project.
   *
   * Requires the scope `organization:read`: See projects, members and invitations.
   */
  get(projectId: string, options?: RequestOptions): Promise<schemas.Project> {
    return this.transport.call({ method: "GET", path: `/api/v2/projects/${segment(projectId)}` }, options);
  }

  /**
   * List projects.
   *
   * Oldest first.
   *
   * A page of the list, oldest first unless sorted otherwise.
   *
   * Requires the scope `organization:read`: See projects, members and invitations.
   */
  list(query: ProjectsListQuery = {}, options?: RequestOptions): Paged<schemas.Project, schemas.ListOf_Project> {
    return this.transport.list({ method: "GET", path: "/api/v2/projects", query }, options);
  }

  /**
   * List the licences of a project.
   *
   * Ordered by id. Each device has one: the oldest free licence of its project, or a new one if none was free.
   *
   * A page of the list. Send the `next_cursor` of a response as `cursor` to get the next page.
   *
   * Requires the scope `organization:read`: See projects, members and invitations.
   */
  listLicenses(
    projectId: string,
    query: ProjectsListLicensesQuery = {},
    options?: RequestOptions,
  ): Paged<schemas.License, schemas.ListOf_License> {
    return this.transport.list({ method: "GET", path: `/api/v2/projects/${segment(projectId)}/licenses`, query }, options);
  }

  /**
   * Withdraw a free licence.
   *
   * A licence that is assigned to a device becomes free when the device is deleted.
   *
   * Requires the scope `organization:write`: Create, change and delete projects, members and invitations.
   */
  withdrawLicense(projectId: string, licenseId: string, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: "DELETE", path: `/api/v2/projects/${segment(projectId)}/licenses/${segment(licenseId)}` }, options);
  }
}
