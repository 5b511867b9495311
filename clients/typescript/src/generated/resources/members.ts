// Generated from the OpenAPI document by `make clients`: change the generator, not this file.
import { Resource } from "../../resource.js";
import type { RequestOptions } from "../../options.js";
import { segment } from "../../transport.js";
import type { Paged } from "../../pages.js";
import type * as schemas from "../schemas.js";

/** The query of `members.list`. */
export interface MembersListQuery {
  /** Maximum number of results. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
  /** A text to search for. A to Z are the same as a to z, and `%` and `_` stand for themselves. */
  q?: string;
  /** The order; descending with a leading minus sign. A `cursor` continues only the order that it was returned for. */
  sort?: "-joined_at" | "-name" | "joined_at" | "name";
}

/** The query of `members.listSessions`. */
export interface MembersListSessionsQuery {
  /** Maximum number of results. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
}

/** The users of the organisation, their roles and sessions; off-boarding. */
export class MembersResource extends Resource {
  /**
   * End all sessions of a member.
   *
   * Requires the scope `org:admin`: Manage the organisation, its users, keys and billing.
   */
  endSessions(userId: string, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: "DELETE", path: `/api/v2/members/${segment(userId)}/sessions` }, options);
  }

  /**
   * Get a member.
   *
   * Requires the scope `organization:read`: See projects, members and invitations.
   */
  get(userId: string, options?: RequestOptions): Promise<schemas.Member> {
    return this.transport.call({ method: "GET", path: `/api/v2/members/${segment(userId)}` }, options);
  }

  /**
   * List members.
   *
   * Filters for members. `q` is searched for in name and e-mail; without `sort` they are by the age of their accounts.
   *
   * Requires the scope `organization:read`: See projects, members and invitations.
   */
  list(query: MembersListQuery = {}, options?: RequestOptions): Paged<schemas.Member, schemas.ListOf_Member> {
    return this.transport.list({ method: "GET", path: "/api/v2/members", query }, options);
  }

  /**
   * List the sessions of a member.
   *
   * Newest first.
   *
   * A page of the list. Send the `next_cursor` of a response as `cursor` to get the next page.
   *
   * Requires the scope `org:admin`: Manage the organisation, its users, keys and billing.
   */
  listSessions(
    userId: string,
    query: MembersListSessionsQuery = {},
    options?: RequestOptions,
  ): Paged<schemas.Session, schemas.ListOf_Session> {
    return this.transport.list({ method: "GET", path: `/api/v2/members/${segment(userId)}/sessions`, query }, options);
  }

  /**
   * Off-board a member.
   *
   * Ends the membership, the group memberships, the sessions in this organisation and all API keys whose root is the
   * member, in one step; the audit log records what the member could access. The user remains in the database, so that
   * older audit entries stay readable.
   *
   * Requires the scope `organization:write`: Create, change and delete projects, members and invitations.
   */
  offBoard(userId: string, options?: RequestOptions): Promise<schemas.OffBoarded> {
    return this.transport.call({ method: "DELETE", path: `/api/v2/members/${segment(userId)}` }, options);
  }

  /**
   * Change a member's role.
   *
   * The new role applies from the member's next call. You cannot grant a role with more permissions than yours, or
   * change a member who has one; a key with a restriction cannot change roles. The last owner cannot lose the role.
   *
   * Requires the scope `organization:write`: Create, change and delete projects, members and invitations.
   */
  update(userId: string, body: schemas.RoleChange, options?: RequestOptions): Promise<schemas.Member> {
    return this.transport.call({ method: "PATCH", path: `/api/v2/members/${segment(userId)}`, body }, options);
  }
}
