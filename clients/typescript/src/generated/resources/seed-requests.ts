// Generated from the OpenAPI document by `make clients`: change the generator, not this file.
import { Resource } from "../../resource.js";
import type { RequestOptions } from "../../options.js";
import type { Paged } from "../../pages.js";
import type * as schemas from "../schemas.js";

/** The query of `seedRequests.list`. */
export interface SeedRequestsListQuery {
  /** Only requests for this token: its name, or its id (`tok_…`). */
  token?: string;
  /** By default `"open"`. */
  state?: "approved" | "denied" | "expired" | "open" | "used";
  /** Maximum number of results. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
}

/** Seeds of one-time passwords that people and pipelines share, and their codes. */
export class SeedRequestsResource extends Resource {
  /**
   * List requests to read seeds.
   *
   * Newest first, of tokens whose seeds the caller may read; those that are open unless `state` says otherwise. They
   * are kept for 90 days.
   *
   * Filters for requests: the name or id of a token, and their state.
   *
   * Requires the scope `tokens:seed`: Read or rotate the seed of a vault token.
   */
  list(query: SeedRequestsListQuery = {}, options?: RequestOptions): Paged<schemas.Request, schemas.ListOf_Request> {
    return this.transport.list({ method: "GET", path: "/api/v2/seed-requests", query }, options);
  }
}
