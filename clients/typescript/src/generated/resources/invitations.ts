// Generated from the OpenAPI document by `make clients`: change the generator, not this file.
import { Resource } from "../../resource.js";
import type { RequestOptions } from "../../options.js";
import { segment } from "../../transport.js";
import type { Paged } from "../../pages.js";
import type * as schemas from "../schemas.js";

/** The query of `invitations.list`. */
export interface InvitationsListQuery {
  /** Maximum number of results. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
  /** A text to search for. A to Z are the same as a to z, and `%` and `_` stand for themselves. */
  q?: string;
  /** The order; descending with a leading minus sign. A `cursor` continues only the order that it was returned for. */
  sort?: "-created_at" | "-email" | "created_at" | "email";
}

/** Invitations by e-mail, and their status. */
export class InvitationsResource extends Resource {
  /**
   * Invite a person by e-mail.
   *
   * The mail contains a single-use token. The response does not reveal whether the person already has an account. A key
   * with a restriction cannot invite, because members cannot carry it.
   *
   * Requires the scope `organization:write`: Create, change and delete projects, members and invitations.
   */
  create(body: schemas.Invite, options?: RequestOptions): Promise<schemas.Invitation> {
    return this.transport.call({ method: "POST", path: "/api/v2/invitations", body, idempotent: true }, options);
  }

  /**
   * Get an invitation.
   *
   * Requires the scope `organization:read`: See projects, members and invitations.
   */
  get(invitationId: string, options?: RequestOptions): Promise<schemas.Invitation> {
    return this.transport.call({ method: "GET", path: `/api/v2/invitations/${segment(invitationId)}` }, options);
  }

  /**
   * List invitations.
   *
   * Newest first by default, including accepted and withdrawn ones.
   *
   * Filters for invitations. `q` is searched for in the e-mail.
   *
   * Requires the scope `organization:read`: See projects, members and invitations.
   */
  list(
    query: InvitationsListQuery = {},
    options?: RequestOptions,
  ): Paged<schemas.Invitation, schemas.ListOf_Invitation> {
    return this.transport.list({ method: "GET", path: "/api/v2/invitations", query }, options);
  }

  /**
   * Resend an invitation.
   *
   * The mail contains a new token with the full lifetime; the old token becomes invalid.
   *
   * Requires the scope `organization:write`: Create, change and delete projects, members and invitations.
   */
  resend(invitationId: string, options?: RequestOptions): Promise<schemas.Invitation> {
    return this.transport.call({ method: "POST", path: `/api/v2/invitations/${segment(invitationId)}/resend`, idempotent: true }, options);
  }

  /**
   * Withdraw an invitation.
   *
   * Requires the scope `organization:write`: Create, change and delete projects, members and invitations.
   */
  withdraw(invitationId: string, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: "DELETE", path: `/api/v2/invitations/${segment(invitationId)}` }, options);
  }
}
