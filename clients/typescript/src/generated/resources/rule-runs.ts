// Generated from the OpenAPI document by `make clients`: change the generator, not this file.
import { Resource } from "../../resource.js";
import type { RequestOptions } from "../../options.js";
import { segment } from "../../transport.js";
import type { Paged } from "../../pages.js";
import type * as schemas from "../schemas.js";

/** The query of `ruleRuns.list`. */
export interface RuleRunsListQuery {
  /** Only runs caused by this device (`dev_…`). */
  device_id?: string;
  /** Only runs with this outcome. */
  outcome?: "cancelled" | "done" | "failed" | "pending" | "skipped";
  /** Only runs caused at or after this time: RFC 3339, or epoch seconds or milliseconds. */
  from?: string | number | Date;
  /** Only runs caused before this time: RFC 3339, or epoch seconds or milliseconds. */
  to?: string | number | Date;
  /** Maximum number of results. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
  /** Only runs of this rule (`rul_…`). */
  rule_id?: string;
}

/** The query of `ruleRuns.listOfRule`. */
export interface RuleRunsListOfRuleQuery {
  /** Only runs caused by this device (`dev_…`). */
  device_id?: string;
  /** Only runs with this outcome. */
  outcome?: "cancelled" | "done" | "failed" | "pending" | "skipped";
  /** Only runs caused at or after this time: RFC 3339, or epoch seconds or milliseconds. */
  from?: string | number | Date;
  /** Only runs caused before this time: RFC 3339, or epoch seconds or milliseconds. */
  to?: string | number | Date;
  /** Maximum number of results. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
}

/** Automations: rules, their versions, runs and rehearsals, and hooks that trigger them. */
export class RuleRunsResource extends Resource {
  /**
   * Get a run of a rule.
   *
   * Requires the scope `rules:read`: See rules, their versions and builds.
   */
  get(runId: string, options?: RequestOptions): Promise<schemas.Run> {
    return this.transport.call({ method: "GET", path: `/api/v2/rule-executions/${segment(runId)}` }, options);
  }

  /**
   * List the runs of all rules.
   *
   * Newest first: each time that a rule executed its actions, or failed to. Nothing is stored if a condition was false.
   * An input is null if the caller does not have the scope of its source, such as `telemetry:read` for a reading.
   *
   * Filters for runs, of one rule or of all.
   *
   * Requires the scope `rules:read`: See rules, their versions and builds.
   */
  list(query: RuleRunsListQuery = {}, options?: RequestOptions): Paged<schemas.Run, schemas.ListOf_Run> {
    return this.transport.list({ method: "GET", path: "/api/v2/rule-executions", query }, options);
  }

  /**
   * List the runs of a rule.
   *
   * Filters for runs, by the time of their cause.
   *
   * Requires the scope `rules:read`: See rules, their versions and builds.
   */
  listOfRule(
    ruleId: string,
    query: RuleRunsListOfRuleQuery = {},
    options?: RequestOptions,
  ): Paged<schemas.Run, schemas.ListOf_Run> {
    return this.transport.list({ method: "GET", path: `/api/v2/rules/${segment(ruleId)}/executions`, query }, options);
  }
}
