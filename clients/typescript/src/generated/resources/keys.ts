// Generated from the OpenAPI document by `make clients`: change the generator, not this file.
import { Resource } from "../../resource.js";
import type { RequestOptions } from "../../options.js";
import { segment } from "../../transport.js";
import type { Paged } from "../../pages.js";
import type * as schemas from "../schemas.js";

/** The query of `keys.list`. */
export interface KeysListQuery {
  /** Maximum number of results. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
  /** A text to search for. A to Z are the same as a to z, and `%` and `_` stand for themselves. */
  q?: string;
  /** The order; descending with a leading minus sign. A `cursor` continues only the order that it was returned for. */
  sort?: "-created_at" | "-name" | "created_at" | "name";
  /** Only those with this status. */
  status?: "active" | "expired" | "revoked" | "rotated" | "spent";
}

/** API keys: scopes, restrictions, rotation and revocation. */
export class KeysResource extends Resource {
  /**
   * Create a key.
   *
   * The response contains the key's value, once. You can grant only scopes that you have. The key's root is you, or the
   * root of the key that makes the call; when that user is removed, so are the keys that they answer for.
   *
   * Requires the scope `org:admin`: Manage the organisation, its users, keys and billing.
   */
  create(body: schemas.KeyCreate, options?: RequestOptions): Promise<schemas.CreatedKey> {
    return this.transport.call({ method: "POST", path: "/api/v2/keys", body, idempotent: true }, options);
  }

  /**
   * Get a key.
   *
   * Requires the scope `org:admin`: Manage the organisation, its users, keys and billing.
   */
  get(keyId: string, options?: RequestOptions): Promise<schemas.Key> {
    return this.transport.call({ method: "GET", path: `/api/v2/keys/${segment(keyId)}` }, options);
  }

  /**
   * List keys.
   *
   * Newest first by default, including rotated and revoked ones.
   *
   * Filters for keys. `q` is searched for in name and prefix.
   *
   * Requires the scope `org:admin`: Manage the organisation, its users, keys and billing.
   */
  list(query: KeysListQuery = {}, options?: RequestOptions): Paged<schemas.Key, schemas.ListOf_Key> {
    return this.transport.list({ method: "GET", path: "/api/v2/keys", query }, options);
  }

  /**
   * List the scopes that a key can have.
   *
   * Requires the scope `profile:read`: See who the key belongs to.
   */
  listScopes(options?: RequestOptions): Promise<schemas.ListOf_ScopeInfo> {
    return this.transport.call({ method: "GET", path: "/api/v2/scopes" }, options);
  }

  /**
   * Revoke a key.
   *
   * The key becomes invalid immediately and permanently; it stays in the list. Repeating the call has no effect.
   *
   * Requires the scope `org:admin`: Manage the organisation, its users, keys and billing.
   */
  revoke(keyId: string, options?: RequestOptions): Promise<schemas.Key> {
    return this.transport.call({ method: "POST", path: `/api/v2/keys/${segment(keyId)}/revoke`, idempotent: true }, options);
  }

  /**
   * Rotate a key.
   *
   * Returns the new value once, under a new id and with the same rights, restrictions and root. The old value becomes
   * invalid immediately, or after `overlap_s`; the old key stays in the list as rotated.
   *
   * Requires the scope `org:admin`: Manage the organisation, its users, keys and billing.
   */
  rotate(keyId: string, body?: schemas.KeyRotate, options?: RequestOptions): Promise<schemas.CreatedKey> {
    return this.transport.call({ method: "POST", path: `/api/v2/keys/${segment(keyId)}/rotate`, body, idempotent: true }, options);
  }

  /**
   * Rename a key.
   *
   * The scopes and restrictions of a key cannot be changed: create another key instead.
   *
   * Requires the scope `org:admin`: Manage the organisation, its users, keys and billing.
   */
  update(keyId: string, body: schemas.KeyPatch, options?: RequestOptions): Promise<schemas.Key> {
    return this.transport.call({ method: "PATCH", path: `/api/v2/keys/${segment(keyId)}`, body }, options);
  }
}
