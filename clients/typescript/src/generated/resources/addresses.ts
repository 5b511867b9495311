// Generated from the OpenAPI document by `make clients`: change the generator, not this file.
import { Resource } from "../../resource.js";
import type { RequestOptions } from "../../options.js";
import { segment } from "../../transport.js";
import type { Paged } from "../../pages.js";
import type * as schemas from "../schemas.js";

/** The query of `addresses.list`. */
export interface AddressesListQuery {
  /** Maximum number of results. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
  /** A text to search for. A to Z are the same as a to z, and `%` and `_` stand for themselves. */
  q?: string;
  /** Only those of this channel. */
  channel?: "mail" | "sms";
  /** Whether released addresses are listed too. */
  released?: boolean;
  /** The order; descending with a leading minus sign. A `cursor` continues only the order that it was returned for. */
  sort?: "-created_at" | "-label" | "-value" | "created_at" | "label" | "value";
}

/** Phone numbers and mail aliases that receive messages, who can use them, the messages, and accounts at providers. */
export class AddressesResource extends Resource {
  /**
   * Take an address into use.
   *
   * A number that you have at an SMS provider (channel `sms`), or an alias for mails (channel `mail`). One that you
   * released returns with its id, its messages and its grants; an alias stays yours after its release.
   *
   * Requires the scope `sms:write`: Manage the numbers, mail addresses and SMS accounts of inboxes.
   */
  create(body: schemas.AddressCreate, options?: RequestOptions): Promise<schemas.Address> {
    return this.transport.call({ method: "POST", path: "/api/v2/inbox/addresses", body, idempotent: true }, options);
  }

  /**
   * End the grant of an address to a group.
   *
   * Requires the scope `sms:write`: Manage the numbers, mail addresses and SMS accounts of inboxes.
   */
  endGrantToGroup(addressId: string, groupId: string, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: "DELETE", path: `/api/v2/inbox/addresses/${segment(addressId)}/groups/${segment(groupId)}` }, options);
  }

  /**
   * End the grant of an address to a key.
   *
   * Requires the scope `sms:write`: Manage the numbers, mail addresses and SMS accounts of inboxes.
   */
  endGrantToKey(addressId: string, keyId: string, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: "DELETE", path: `/api/v2/inbox/addresses/${segment(addressId)}/keys/${segment(keyId)}` }, options);
  }

  /**
   * End the grant of an address to a user.
   *
   * Requires the scope `sms:write`: Manage the numbers, mail addresses and SMS accounts of inboxes.
   */
  endGrantToUser(addressId: string, userId: string, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: "DELETE", path: `/api/v2/inbox/addresses/${segment(addressId)}/users/${segment(userId)}` }, options);
  }

  /**
   * Get an address.
   *
   * Requires the scope `sms:read`: Read the messages of inboxes.
   */
  get(addressId: string, options?: RequestOptions): Promise<schemas.Address> {
    return this.transport.call({ method: "GET", path: `/api/v2/inbox/addresses/${segment(addressId)}` }, options);
  }

  /**
   * Grant an address to a group.
   *
   * Repeating the call has no effect.
   *
   * Requires the scope `sms:write`: Manage the numbers, mail addresses and SMS accounts of inboxes.
   */
  grantToGroup(addressId: string, groupId: string, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: "PUT", path: `/api/v2/inbox/addresses/${segment(addressId)}/groups/${segment(groupId)}` }, options);
  }

  /**
   * Grant an address to a key.
   *
   * Repeating the call has no effect.
   *
   * Requires the scope `sms:write`: Manage the numbers, mail addresses and SMS accounts of inboxes.
   */
  grantToKey(addressId: string, keyId: string, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: "PUT", path: `/api/v2/inbox/addresses/${segment(addressId)}/keys/${segment(keyId)}` }, options);
  }

  /**
   * Grant an address to a user.
   *
   * Repeating the call has no effect.
   *
   * Requires the scope `sms:write`: Manage the numbers, mail addresses and SMS accounts of inboxes.
   */
  grantToUser(addressId: string, userId: string, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: "PUT", path: `/api/v2/inbox/addresses/${segment(addressId)}/users/${segment(userId)}` }, options);
  }

  /**
   * List addresses.
   *
   * Newest first by default, those that you can access; with `released` also those that were released.
   *
   * Which addresses to list. `q` is searched for in label and value.
   *
   * Requires the scope `sms:read`: Read the messages of inboxes.
   */
  list(query: AddressesListQuery = {}, options?: RequestOptions): Paged<schemas.Address, schemas.ListOf_Address> {
    return this.transport.list({ method: "GET", path: "/api/v2/inbox/addresses", query }, options);
  }

  /**
   * List the grants of an address.
   *
   * All of them, oldest first: the groups, users and keys that can use it. Members who manage addresses need no grant.
   *
   * Requires the scope `sms:write`: Manage the numbers, mail addresses and SMS accounts of inboxes.
   */
  listGrants(addressId: string, options?: RequestOptions): Promise<schemas.ListOf_AddressGrant> {
    return this.transport.call({ method: "GET", path: `/api/v2/inbox/addresses/${segment(addressId)}/grants` }, options);
  }

  /**
   * Release an address.
   *
   * It no longer receives or sends. Its messages can still be read.
   *
   * Requires the scope `sms:write`: Manage the numbers, mail addresses and SMS accounts of inboxes.
   */
  release(addressId: string, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: "DELETE", path: `/api/v2/inbox/addresses/${segment(addressId)}` }, options);
  }

  /**
   * Change an address.
   *
   * If a number becomes `for_notifications`, the former one is no longer.
   *
   * Requires the scope `sms:write`: Manage the numbers, mail addresses and SMS accounts of inboxes.
   */
  update(addressId: string, body?: schemas.AddressPatch, options?: RequestOptions): Promise<schemas.Address> {
    return this.transport.call({ method: "PATCH", path: `/api/v2/inbox/addresses/${segment(addressId)}`, body }, options);
  }
}
