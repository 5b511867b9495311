// Generated from the OpenAPI document by `make clients`: change the generator, not this file.
import { Resource } from "../../resource.js";
import type { RequestOptions } from "../../options.js";
import { segment } from "../../transport.js";
import type { Paged } from "../../pages.js";
import type * as schemas from "../schemas.js";

/** The query of `groups.list`. */
export interface GroupsListQuery {
  /** Maximum number of results. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
  /** A text to search for. A to Z are the same as a to z, and `%` and `_` stand for themselves. */
  q?: string;
  /** The order; descending with a leading minus sign. A `cursor` continues only the order that it was returned for. */
  sort?: "-created_at" | "-name" | "created_at" | "name";
}

/** The query of `groups.listMembers`. */
export interface GroupsListMembersQuery {
  /** Maximum number of results. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
}

/** Sets of members of the organisation. */
export class GroupsResource extends Resource {
  /**
   * Add a member to a group.
   *
   * Repeating the call has no effect.
   *
   * Requires the scope `organization:write`: Create, change and delete projects, members and invitations.
   */
  addMember(groupId: string, userId: string, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: "PUT", path: `/api/v2/groups/${segment(groupId)}/members/${segment(userId)}` }, options);
  }

  /**
   * Create a group.
   *
   * Requires the scope `organization:write`: Create, change and delete projects, members and invitations.
   */
  create(body: schemas.GroupWrite, options?: RequestOptions): Promise<schemas.Group> {
    return this.transport.call({ method: "POST", path: "/api/v2/groups", body, idempotent: true }, options);
  }

  /**
   * Delete a group.
   *
   * Its members stay members of the organisation.
   *
   * Requires the scope `organization:write`: Create, change and delete projects, members and invitations.
   */
  delete(groupId: string, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: "DELETE", path: `/api/v2/groups/${segment(groupId)}` }, options);
  }

  /**
   * Get a group.
   *
   * Requires the scope `organization:read`: See projects, members and invitations.
   */
  get(groupId: string, options?: RequestOptions): Promise<schemas.Group> {
    return this.transport.call({ method: "GET", path: `/api/v2/groups/${segment(groupId)}` }, options);
  }

  /**
   * List groups.
   *
   * A page of the list, oldest first unless sorted otherwise.
   *
   * Requires the scope `organization:read`: See projects, members and invitations.
   */
  list(query: GroupsListQuery = {}, options?: RequestOptions): Paged<schemas.Group, schemas.ListOf_Group> {
    return this.transport.list({ method: "GET", path: "/api/v2/groups", query }, options);
  }

  /**
   * List the members of a group.
   *
   * A page of the list. Send the `next_cursor` of a response as `cursor` to get the next page.
   *
   * Requires the scope `organization:read`: See projects, members and invitations.
   */
  listMembers(
    groupId: string,
    query: GroupsListMembersQuery = {},
    options?: RequestOptions,
  ): Paged<schemas.Member, schemas.ListOf_Member> {
    return this.transport.list({ method: "GET", path: `/api/v2/groups/${segment(groupId)}/members`, query }, options);
  }

  /**
   * Remove a member from a group.
   *
   * Requires the scope `organization:write`: Create, change and delete projects, members and invitations.
   */
  removeMember(groupId: string, userId: string, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: "DELETE", path: `/api/v2/groups/${segment(groupId)}/members/${segment(userId)}` }, options);
  }

  /**
   * Rename a group.
   *
   * Requires the scope `organization:write`: Create, change and delete projects, members and invitations.
   */
  update(groupId: string, body: schemas.GroupWrite, options?: RequestOptions): Promise<schemas.Group> {
    return this.transport.call({ method: "PATCH", path: `/api/v2/groups/${segment(groupId)}`, body }, options);
  }
}
