// Generated from the OpenAPI document by `make clients`: change the generator, not this file.
import { Resource } from "../../resource.js";
import type { RequestOptions } from "../../options.js";
import { segment } from "../../transport.js";
import type { Paged } from "../../pages.js";
import type * as schemas from "../schemas.js";

/** The query of `usage.list`. */
export interface UsageListQuery {
  /** By event time, or by arrival time. */
  by?: "customer" | "device" | "key" | "organization" | "project";
  /** The length of a bucket. */
  bucket?: "day" | "hour";
  /** Start, included: RFC 3339, or epoch seconds or milliseconds. */
  from?: string | number | Date;
  /** End, excluded: RFC 3339, or epoch seconds or milliseconds. By default now. */
  to?: string | number | Date;
  /** A length such as `90m`, `24h` or `7d` that ends now or at `to`. */
  range?: string;
  /** Maximum number of results. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
}

/** The query of `usage.listOfKey`. */
export interface UsageListOfKeyQuery {
  /** Start, included: RFC 3339, or epoch seconds or milliseconds. */
  from?: string | number | Date;
  /** End, excluded: RFC 3339, or epoch seconds or milliseconds. By default now. */
  to?: string | number | Date;
  /** A length such as `90m`, `24h` or `7d` that ends now or at `to`. */
  range?: string;
  /** Maximum number of results. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
}

/** The query of `usage.listRefusals`. */
export interface UsageListRefusalsQuery {
  /** A limit's name, such as `plan_minute`. */
  limit_name?: string;
  /** What the limit is shared by. */
  scope?: "account" | "device" | "group" | "key";
  /** The subject whose calls were rejected: the id of a key, user, device or organisation. */
  subject?: string;
  /** Start, included: RFC 3339, or epoch seconds or milliseconds. */
  from?: string | number | Date;
  /** End, excluded: RFC 3339, or epoch seconds or milliseconds. By default now. */
  to?: string | number | Date;
  /** A length such as `90m`, `24h` or `7d` that ends now or at `to`. */
  range?: string;
  /** Maximum number of results. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
}

/** Calls and stored readings by hour or day, and the remaining limits. */
export class UsageResource extends Resource {
  /**
   * Get the limits and their remaining amounts.
   *
   * Requires the scope `usage:read`: See usage counts.
   */
  limits(options?: RequestOptions): Promise<schemas.Limits> {
    return this.transport.call({ method: "GET", path: "/api/v2/limits" }, options);
  }

  /**
   * List the usage by hour or day.
   *
   * Oldest first; buckets without usage are left out. Counts are updated within a few seconds.
   *
   * The scope, the range and the length of the buckets (UTC).
   *
   * Requires the scope `usage:read`: See usage counts.
   */
  list(query: UsageListQuery = {}, options?: RequestOptions): Paged<schemas.Usage, schemas.ListOf_Usage> {
    return this.transport.list({ method: "GET", path: "/api/v2/usage", query }, options);
  }

  /**
   * List the usage of a key by day.
   *
   * Calls by day (UTC), oldest first; days without calls are left out.
   *
   * The range; by default the last 24 hours.
   *
   * Requires the scope `usage:read`: See usage counts.
   */
  listOfKey(
    keyId: string,
    query: UsageListOfKeyQuery = {},
    options?: RequestOptions,
  ): Paged<schemas.Usage, schemas.ListOf_Usage> {
    return this.transport.list({ method: "GET", path: `/api/v2/keys/${segment(keyId)}/usage`, query }, options);
  }

  /**
   * List the refusals.
   *
   * A refusal is a call that a limit rejected. They are counted by hour, newest first, and updated within a few
   * seconds.
   *
   * The range (by default the last 24 hours), the limit, and the subject, such as the id of a key.
   *
   * Requires the scope `usage:read`: See usage counts.
   */
  listRefusals(
    query: UsageListRefusalsQuery = {},
    options?: RequestOptions,
  ): Paged<schemas.Refused, schemas.ListOf_Refused> {
    return this.transport.list({ method: "GET", path: "/api/v2/limits/refusals", query }, options);
  }
}
