// Generated from the OpenAPI document by `make clients`: change the generator, not this file.
import { Resource } from "../../resource.js";
import type { RequestOptions } from "../../options.js";
import type { Paged } from "../../pages.js";
import type * as schemas from "../schemas.js";

/** The query of `audit.export`. */
export interface AuditExportQuery {
  /** The format of the file. */
  format?: "csv" | "json" | "ndjson";
  /** A dotted name such as `apikey.create`, or a prefix followed by `*`. */
  action?: string;
  /** The actor: an e-mail, a key's name, or an id. */
  actor?: string;
  /** The target: `type:name`, or an id. */
  target?: string;
  /** Only actions with this outcome. */
  outcome?: "failure" | "success";
  /** Start, included: RFC 3339, or epoch seconds or milliseconds. */
  from?: string | number | Date;
  /** End, excluded: RFC 3339, or epoch seconds or milliseconds. By default now. */
  to?: string | number | Date;
}

/** The query of `audit.list`. */
export interface AuditListQuery {
  /** A dotted name such as `apikey.create`, or a prefix followed by `*`. */
  action?: string;
  /** The actor: an e-mail, a key's name, or an id. */
  actor?: string;
  /** The target: `type:name`, or an id. */
  target?: string;
  /** Only actions with this outcome. */
  outcome?: "failure" | "success";
  /** Start, included: RFC 3339, or epoch seconds or milliseconds. */
  from?: string | number | Date;
  /** End, excluded: RFC 3339, or epoch seconds or milliseconds. By default now. */
  to?: string | number | Date;
  /** Maximum number of results. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
}

/** The query of `audit.verify`. */
export interface AuditVerifyQuery {
  /** The `next_cursor` of the previous page. */
  cursor?: string;
}

/** Who changed what, and from where; hash-chained, so that tampering is detected. */
export class AuditResource extends Resource {
  /**
   * Export the audit log.
   *
   * Oldest first, streamed, as NDJSON, JSON or CSV. `penstock audit verify` checks the file offline.
   *
   * Filters and format of an export, oldest first.
   *
   * Requires the scope `audit:read`: Read the audit log.
   */
  export(query: AuditExportQuery = {}, options?: RequestOptions): Promise<Response> {
    return this.transport.call({ method: "GET", path: "/api/v2/logs/export", query, raw: true }, options);
  }

  /**
   * Get the head of the audit log's chain.
   *
   * Store it in another place: an export that ends with this hash is complete.
   *
   * Requires the scope `audit:read`: Read the audit log.
   */
  head(options?: RequestOptions): Promise<schemas.AuditHead> {
    return this.transport.call({ method: "GET", path: "/api/v2/logs/head" }, options);
  }

  /**
   * List the audit log.
   *
   * Newest first. Entries never change; each is chained to the previous one by its hash.
   *
   * Filters for audit entries. `action` can end in `*`; `actor` is an e-mail, a key's name or an id.
   *
   * `target` is `kind:name`.
   *
   * Requires the scope `audit:read`: Read the audit log.
   */
  list(query: AuditListQuery = {}, options?: RequestOptions): Paged<schemas.AuditRow, schemas.ListOf_AuditRow> {
    return this.transport.list({ method: "GET", path: "/api/v2/logs", query }, options);
  }

  /**
   * Verify the audit log.
   *
   * Recomputes the hashes of the stored entries, up to 10,000 in one call, and compares the last with the head. It is
   * the server that tells it here: to verify without trusting it, export the log and use `penstock audit verify`.
   *
   * Where to continue: the `next_cursor` of the previous call.
   *
   * Requires the scope `audit:read`: Read the audit log.
   */
  verify(query: AuditVerifyQuery = {}, options?: RequestOptions): Promise<schemas.Verification> {
    return this.transport.call({ method: "GET", path: "/api/v2/logs/verify", query }, options);
  }
}
