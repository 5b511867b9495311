// Generated from the OpenAPI document by `make clients`: change the generator, not this file.
import { Resource } from "../../resource.js";
import type { RequestOptions } from "../../options.js";
import type * as schemas from "../schemas.js";

/** The keys that encrypt the secrets of the organisation. */
export class VaultResource extends Resource {
  /**
   * Destroy the organisation's keys.
   *
   * **This cannot be undone.** No one can decrypt the secrets of the organisation afterwards, in backups neither.
   * Secrets that are entered afterwards are encrypted with a new version. `organization_name` must be the name of the
   * organisation.
   *
   * Requires the scope `org:admin`: Manage the organisation, its users, keys and billing.
   */
  destroyKeys(body: schemas.Shred, options?: RequestOptions): Promise<schemas.Keys> {
    return this.transport.call({ method: "POST", path: "/api/v2/vault/keys/shred", body, idempotent: true }, options);
  }

  /**
   * Get the organisation's key.
   *
   * Its versions, and how many values are still under older ones. Keys themselves are never shown.
   *
   * Requires the scope `secrets:read`: List secrets and what uses them, without their values.
   */
  getKey(options?: RequestOptions): Promise<schemas.Keys> {
    return this.transport.call({ method: "GET", path: "/api/v2/vault/keys" }, options);
  }

  /**
   * Rotate the organisation's key.
   *
   * Adds a version, which encrypts from now on. Values under older versions are encrypted again in the background. Old
   * versions are kept, because backups need them.
   *
   * Requires the scope `secrets:write`: Create, change and delete secrets, and rotate the keys that encrypt them.
   */
  rotateKey(options?: RequestOptions): Promise<schemas.Keys> {
    return this.transport.call({ method: "POST", path: "/api/v2/vault/keys/rotate", idempotent: true }, options);
  }
}
