// Generated from the OpenAPI document by `make clients`: change the generator, not this file.
import { Resource } from "../../resource.js";
import type { RequestOptions } from "../../options.js";
import { segment } from "../../transport.js";
import type { Paged } from "../../pages.js";
import type * as schemas from "../schemas.js";

/** The query of `redecodes.list`. */
export interface RedecodesListQuery {
  /** Only those in this state. */
  state?: "cancelled" | "done" | "failed" | "queued" | "running";
  /** Only re-decodes of this device (`dev_…`). */
  device_id?: string;
  /** Only re-decodes of this profile (`prf_…`). */
  profile_id?: string;
  /** Maximum number of results. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
}

/** The settings shared by devices of one model: expected interval, sensors, and codec. */
export class RedecodesResource extends Resource {
  /**
   * Cancel a re-decode.
   *
   * What it has decoded stays so. One that has ended is returned unchanged.
   *
   * Requires the scope `devices:write`: Create, change and delete devices, their identifiers, labels and tokens.
   */
  cancel(redecodeId: string, options?: RequestOptions): Promise<schemas.Redecode> {
    return this.transport.call({ method: "POST", path: `/api/v2/redecodes/${segment(redecodeId)}/cancel`, idempotent: true }, options);
  }

  /**
   * Get a re-decode with its progress.
   *
   * Requires the scope `devices:read`: See devices, their identifiers, labels and tokens.
   */
  get(redecodeId: string, options?: RequestOptions): Promise<schemas.Redecode> {
    return this.transport.call({ method: "GET", path: `/api/v2/redecodes/${segment(redecodeId)}` }, options);
  }

  /**
   * List re-decodes.
   *
   * Newest first.
   *
   * Which re-decodes to list.
   *
   * Requires the scope `devices:read`: See devices, their identifiers, labels and tokens.
   */
  list(query: RedecodesListQuery = {}, options?: RequestOptions): Paged<schemas.Redecode, schemas.ListOf_Redecode> {
    return this.transport.list({ method: "GET", path: "/api/v2/redecodes", query }, options);
  }

  /**
   * Start a re-decode.
   *
   * Stored uplinks are decoded again from their bytes, in the background, by the codec of their device's profile; those
   * without values come first. Their readings get the new values; times and ids stay. No alert, rule or webhook sees
   * them again. An organisation's re-decodes run one after another, and those of the same uplinks must not overlap.
   *
   * Requires the scope `devices:write`: Create, change and delete devices, their identifiers, labels and tokens.
   */
  start(body?: schemas.RedecodeCreate, options?: RequestOptions): Promise<schemas.Redecode> {
    return this.transport.call({ method: "POST", path: "/api/v2/redecodes", body, idempotent: true }, options);
  }
}
