// Generated from the OpenAPI document by `make clients`: change the generator, not this file.
import { Resource } from "../../resource.js";
import type { RequestOptions } from "../../options.js";
import { segment } from "../../transport.js";
import type { Paged } from "../../pages.js";
import type * as schemas from "../schemas.js";

/** The query of `secrets.getValue`. */
export interface SecretsGetValueQuery {
  /** The number of the version to read; by default the current one. */
  version?: number;
}

/** The query of `secrets.list`. */
export interface SecretsListQuery {
  /** Maximum number of results. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
  /** A text to search for. A to Z are the same as a to z, and `%` and `_` stand for themselves. */
  q?: string;
  /** The whole name of a secret. */
  name?: string;
  /** Only secrets that belong to an object, such as a connection, or only those with a name. */
  managed?: boolean;
  /** Only secrets that belong to an object of this kind. */
  owner_kind?: "channel" | "connection" | "sms_account" | "token" | "webhook";
}

/** The query of `secrets.listUses`. */
export interface SecretsListUsesQuery {
  /** Maximum number of results. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
}

/** Values under a name that connections, chat channels and webhooks refer to, with their versions. */
export class SecretsResource extends Resource {
  /**
   * Create a secret.
   *
   * Fields of connections, chat channels and webhooks that take a secret also take `secret://NAME`, which refers to it.
   *
   * Requires the scope `secrets:write`: Create, change and delete secrets, and rotate the keys that encrypt them.
   */
  create(body: schemas.SecretCreate, options?: RequestOptions): Promise<schemas.Secret> {
    return this.transport.call({ method: "POST", path: "/api/v2/secrets", body, idempotent: true }, options);
  }

  /**
   * Delete a secret.
   *
   * All its versions are deleted. A secret in use is not deleted; the error names what uses it.
   *
   * Requires the scope `secrets:write`: Create, change and delete secrets, and rotate the keys that encrypt them.
   */
  delete(secretId: string, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: "DELETE", path: `/api/v2/secrets/${segment(secretId)}` }, options);
  }

  /**
   * Get a secret.
   *
   * Without its value.
   *
   * Requires the scope `secrets:read`: List secrets and what uses them, without their values.
   */
  get(secretId: string, options?: RequestOptions): Promise<schemas.Secret> {
    return this.transport.call({ method: "GET", path: `/api/v2/secrets/${segment(secretId)}` }, options);
  }

  /**
   * Read the value of a secret.
   *
   * Each call is recorded in the audit log. Values of managed secrets cannot be read here.
   *
   * The version to read: the current one by default.
   *
   * Requires the scope `secrets:reveal`: Read the values of secrets, and let connections, channels and webhooks use
   * them.
   */
  getValue(
    secretId: string,
    query: SecretsGetValueQuery = {},
    options?: RequestOptions,
  ): Promise<schemas.SecretContent> {
    return this.transport.call({ method: "GET", path: `/api/v2/secrets/${segment(secretId)}/value`, query }, options);
  }

  /**
   * List secrets.
   *
   * Newest first, with their uses and without their values. The secrets of connections, channels, webhooks and other
   * things are listed too, as managed.
   *
   * Filters for secrets.
   *
   * `q` is searched for in the name, `name` is the whole name. `managed` selects the secrets that belong to a
   * connection, a channel, a webhook, a token or an SMS account, or those with a name; `owner_kind` those of one kind
   * of owner.
   *
   * Requires the scope `secrets:read`: List secrets and what uses them, without their values.
   */
  list(query: SecretsListQuery = {}, options?: RequestOptions): Paged<schemas.Secret, schemas.ListOf_Secret> {
    return this.transport.list({ method: "GET", path: "/api/v2/secrets", query }, options);
  }

  /**
   * List what uses a secret.
   *
   * Of a managed secret, what it belongs to.
   *
   * A page of the list. Send the `next_cursor` of a response as `cursor` to get the next page.
   *
   * Requires the scope `secrets:read`: List secrets and what uses them, without their values.
   */
  listUses(
    secretId: string,
    query: SecretsListUsesQuery = {},
    options?: RequestOptions,
  ): Paged<schemas.SecretUse, schemas.ListOf_SecretUse> {
    return this.transport.list({ method: "GET", path: `/api/v2/secrets/${segment(secretId)}/used-by`, query }, options);
  }

  /**
   * List the versions of a secret.
   *
   * Newest first, all on one page, without their values. The newest ten are kept.
   *
   * Requires the scope `secrets:read`: List secrets and what uses them, without their values.
   */
  listVersions(secretId: string, options?: RequestOptions): Promise<schemas.ListOf_SecretVersion> {
    return this.transport.call({ method: "GET", path: `/api/v2/secrets/${segment(secretId)}/versions` }, options);
  }

  /**
   * Restore an older value of a secret.
   *
   * It becomes current again, as a new version.
   *
   * Requires the scope `secrets:write`: Create, change and delete secrets, and rotate the keys that encrypt them.
   */
  restoreValue(secretId: string, version: string, options?: RequestOptions): Promise<schemas.SecretVersion> {
    return this.transport.call({ method: "POST", path: `/api/v2/secrets/${segment(secretId)}/versions/${segment(version)}/restore`, idempotent: true }, options);
  }

  /**
   * Replace the value of a secret.
   *
   * Everything that uses the secret uses the new value from its next call on; connections to brokers reconnect.
   *
   * Requires the scope `secrets:write`: Create, change and delete secrets, and rotate the keys that encrypt them.
   */
  setValue(
    secretId: string,
    body: schemas.SecretVersionCreate,
    options?: RequestOptions,
  ): Promise<schemas.SecretVersion> {
    return this.transport.call({ method: "POST", path: `/api/v2/secrets/${segment(secretId)}/versions`, body, idempotent: true }, options);
  }

  /**
   * Change the description of a secret.
   *
   * Requires the scope `secrets:write`: Create, change and delete secrets, and rotate the keys that encrypt them.
   */
  update(secretId: string, body: schemas.SecretPatch, options?: RequestOptions): Promise<schemas.Secret> {
    return this.transport.call({ method: "PATCH", path: `/api/v2/secrets/${segment(secretId)}`, body }, options);
  }
}
