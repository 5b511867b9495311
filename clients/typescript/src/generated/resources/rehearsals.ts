// Generated from the OpenAPI document by `make clients`: change the generator, not this file.
import { Resource } from "../../resource.js";
import type { RequestOptions } from "../../options.js";
import { segment } from "../../transport.js";
import type * as schemas from "../schemas.js";

/** Automations: rules, their versions, runs and rehearsals, and hooks that trigger them. */
export class RehearsalsResource extends Resource {
  /**
   * Cancel a rehearsal.
   *
   * The results to date remain available.
   *
   * Requires the scope `rules:write`: Create, change and delete rules, their versions and builds.
   */
  cancel(rehearsalId: string, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: "DELETE", path: `/api/v2/rehearsals/${segment(rehearsalId)}` }, options);
  }

  /**
   * Get a rehearsal.
   *
   * Requires the scope `rules:read`: See rules, their versions and builds.
   */
  get(rehearsalId: string, options?: RequestOptions): Promise<schemas.Rehearsal> {
    return this.transport.call({ method: "GET", path: `/api/v2/rehearsals/${segment(rehearsalId)}` }, options);
  }
}
