// Generated from the OpenAPI document by `make clients`: change the generator, not this file.
import { Resource } from "../../resource.js";
import type { RequestOptions } from "../../options.js";
import type * as schemas from "../schemas.js";

/** The query of `search.find`. */
export interface SearchFindQuery {
  /** A text to search for. A to Z are the same as a to z, and `%` and `_` stand for themselves. */
  q: string;
  /** Only things of these types, repeated for several; by default all. */
  types?: ("alert" | "connection" | "customer" | "dashboard" | "device" | "person" | "profile" | "rule" | "token" | "webhook")[];
  /** Maximum number of results. */
  limit?: number;
}

/** Things of all types by name, identifier or id, as far as the caller can read them. */
export class SearchResource extends Resource {
  /**
   * Search devices, alerts, rules and other things by name.
   *
   * At most 10 of each type: names that begin with the text first, then those with a word that does, then others that
   * contain it. Devices are found by identifier, label (`key:value`) and id too, and all things by the beginning of
   * their id. Each type requires its read scope; types without it are omitted.
   *
   * The text to search for. `types` can be repeated; without it, all types are searched.
   *
   * Requires the scope `profile:read`: See who the key belongs to.
   */
  find(query: SearchFindQuery, options?: RequestOptions): Promise<schemas.Hits> {
    return this.transport.call({ method: "GET", path: "/api/v2/search", query }, options);
  }
}
