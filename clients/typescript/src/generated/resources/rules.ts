// Generated from the OpenAPI document by `make clients`: change the generator, not this file.
import { Resource } from "../../resource.js";
import type { RequestOptions } from "../../options.js";
import { segment } from "../../transport.js";
import type { Paged } from "../../pages.js";
import type * as schemas from "../schemas.js";

/** The query of `rules.compareVersions`. */
export interface RulesCompareVersionsQuery {
  /** The version to compare with (`rvn_…`); by default the previous one. */
  version_id?: string;
}

/** The query of `rules.export`. */
export interface RulesExportQuery {
  /** The version to export (`rvn_…`); by default the newest. */
  version_id?: string;
}

/** The query of `rules.list`. */
export interface RulesListQuery {
  /** Maximum number of results. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
  /** A text to search for. A to Z are the same as a to z, and `%` and `_` stand for themselves. */
  q?: string;
  /** The order; descending with a leading minus sign. A `cursor` continues only the order that it was returned for. */
  sort?: "-created_at" | "-name" | "created_at" | "name";
  /** Whether to list the rules in the trash instead of all others. */
  trashed?: boolean;
}

/** The query of `rules.listVersions`. */
export interface RulesListVersionsQuery {
  /** Maximum number of results. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
}

/** Automations: rules, their versions, runs and rehearsals, and hooks that trigger them. */
export class RulesResource extends Resource {
  /**
   * Call a rule's hook.
   *
   * Requires no key, only the hook's secret in `X-Hook-Secret`. Any JSON object is accepted; expressions can read it as
   * `hook.body`. The response confirms that the call is on disk.
   *
   * In `options.headers`: `X-Hook-Secret`: The hook's secret.
   */
  callHook(hookId: string, body: Record<string, unknown>, options?: RequestOptions): Promise<schemas.HookCall> {
    return this.transport.call({ method: "POST", path: `/api/v2/hooks/${segment(hookId)}`, body, idempotent: true }, options);
  }

  /**
   * Compare two versions of a rule.
   *
   * With the named version, or with the previous one.
   *
   * The version to compare with; by default the previous one.
   *
   * Requires the scope `rules:read`: See rules, their versions and builds.
   */
  compareVersions(
    ruleId: string,
    versionId: string,
    query: RulesCompareVersionsQuery = {},
    options?: RequestOptions,
  ): Promise<schemas.Comparison> {
    return this.transport.call({ method: "GET", path: `/api/v2/rules/${segment(ruleId)}/versions/${segment(versionId)}/differences`, query }, options);
  }

  /**
   * Create a rule.
   *
   * Its first version is saved with it. It does not run until you deploy it.
   *
   * Requires the scope `rules:write`: Create, change and delete rules, their versions and builds.
   */
  create(body: schemas.RuleCreate, options?: RequestOptions): Promise<schemas.RuleWithVersion> {
    return this.transport.call({ method: "POST", path: "/api/v2/rules", body, idempotent: true }, options);
  }

  /**
   * Create a rule's hook, or renew its secret.
   *
   * The secret is returned once; the previous one becomes invalid. It requires the same scopes as saving the rule.
   *
   * Requires the scope `rules:write`: Create, change and delete rules, their versions and builds.
   */
  createHook(ruleId: string, options?: RequestOptions): Promise<schemas.Hook> {
    return this.transport.call({ method: "POST", path: `/api/v2/rules/${segment(ruleId)}/hook`, idempotent: true }, options);
  }

  /**
   * Move a rule to the trash.
   *
   * The rule is stopped. It can be recovered for some days.
   *
   * Requires the scope `rules:write`: Create, change and delete rules, their versions and builds.
   */
  delete(ruleId: string, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: "DELETE", path: `/api/v2/rules/${segment(ruleId)}` }, options);
  }

  /**
   * Deploy a version of a rule.
   *
   * It runs from now on and replaces the version that ran; at most one version of a rule runs. Readings that arrived
   * earlier are not evaluated.
   *
   * Requires the scope `rules:write`: Create, change and delete rules, their versions and builds.
   */
  deployVersion(ruleId: string, versionId: string, options?: RequestOptions): Promise<schemas.Rule> {
    return this.transport.call({ method: "POST", path: `/api/v2/rules/${segment(ruleId)}/versions/${segment(versionId)}/deploy`, idempotent: true }, options);
  }

  /**
   * Export a rule.
   *
   * Returns one version, by default the newest, as a document that can be imported into another organisation.
   *
   * The version to export; by default the newest.
   *
   * Requires the scope `rules:read`: See rules, their versions and builds.
   */
  export(ruleId: string, query: RulesExportQuery = {}, options?: RequestOptions): Promise<schemas.RuleDocument> {
    return this.transport.call({ method: "GET", path: `/api/v2/rules/${segment(ruleId)}/export`, query }, options);
  }

  /**
   * Get a rule.
   *
   * Requires the scope `rules:read`: See rules, their versions and builds.
   */
  get(ruleId: string, options?: RequestOptions): Promise<schemas.RuleWithVersion> {
    return this.transport.call({ method: "GET", path: `/api/v2/rules/${segment(ruleId)}` }, options);
  }

  /**
   * Get a version of a rule.
   *
   * Requires the scope `rules:read`: See rules, their versions and builds.
   */
  getVersion(ruleId: string, versionId: string, options?: RequestOptions): Promise<schemas.Version> {
    return this.transport.call({ method: "GET", path: `/api/v2/rules/${segment(ruleId)}/versions/${segment(versionId)}` }, options);
  }

  /**
   * Import a rule.
   *
   * Creates a rule from an exported document. The devices that it names must belong to this organisation.
   *
   * Requires the scope `rules:write`: Create, change and delete rules, their versions and builds.
   */
  import(body: schemas.RuleDocument, options?: RequestOptions): Promise<schemas.RuleWithVersion> {
    return this.transport.call({ method: "POST", path: "/api/v2/rules/import", body, idempotent: true }, options);
  }

  /**
   * List rules.
   *
   * Newest first by default: those in the trash, or all others.
   *
   * Filters for rules: those in the trash, or all others. `q` is searched for in name and description.
   *
   * Requires the scope `rules:read`: See rules, their versions and builds.
   */
  list(query: RulesListQuery = {}, options?: RequestOptions): Paged<schemas.Rule, schemas.ListOf_Rule> {
    return this.transport.list({ method: "GET", path: "/api/v2/rules", query }, options);
  }

  /**
   * List the versions of a rule.
   *
   * Newest first. Each save created one.
   *
   * A page of the list. Send the `next_cursor` of a response as `cursor` to get the next page.
   *
   * Requires the scope `rules:read`: See rules, their versions and builds.
   */
  listVersions(
    ruleId: string,
    query: RulesListVersionsQuery = {},
    options?: RequestOptions,
  ): Paged<schemas.Version, schemas.ListOf_Version> {
    return this.transport.list({ method: "GET", path: `/api/v2/rules/${segment(ruleId)}/versions`, query }, options);
  }

  /**
   * Recover a rule from the trash.
   *
   * It does not run until you deploy it.
   *
   * Requires the scope `rules:write`: Create, change and delete rules, their versions and builds.
   */
  recover(ruleId: string, options?: RequestOptions): Promise<schemas.RuleWithVersion> {
    return this.transport.call({ method: "POST", path: `/api/v2/rules/${segment(ruleId)}/recover`, idempotent: true }, options);
  }

  /**
   * Rehearse a rule against stored readings.
   *
   * Evaluates a version with the readings of a range of event times, and reports the actions it would have executed. No
   * action is executed. Poll the rehearsal until it is done. Rehearsals do not survive a restart of the server.
   *
   * Requires the scope `rules:write`: Create, change and delete rules, their versions and builds.
   */
  rehearse(ruleId: string, body: schemas.Rehearse, options?: RequestOptions): Promise<schemas.Rehearsal> {
    return this.transport.call({ method: "POST", path: `/api/v2/rules/${segment(ruleId)}/rehearse`, body, idempotent: true }, options);
  }

  /**
   * Restore a version of a rule.
   *
   * Saves its definition as a new version. Nothing is deleted, and nothing is deployed.
   *
   * Requires the scope `rules:write`: Create, change and delete rules, their versions and builds.
   */
  restoreVersion(
    ruleId: string,
    versionId: string,
    body?: schemas.Restore,
    options?: RequestOptions,
  ): Promise<schemas.Version> {
    return this.transport.call({ method: "POST", path: `/api/v2/rules/${segment(ruleId)}/versions/${segment(versionId)}/restore`, body, idempotent: true }, options);
  }

  /**
   * Stop a rule.
   *
   * Actions that have not been completed are cancelled.
   *
   * Requires the scope `rules:write`: Create, change and delete rules, their versions and builds.
   */
  stop(ruleId: string, body?: schemas.Stop, options?: RequestOptions): Promise<schemas.Rule> {
    return this.transport.call({ method: "POST", path: `/api/v2/rules/${segment(ruleId)}/stop`, body, idempotent: true }, options);
  }

  /**
   * Change a rule.
   *
   * Omitted fields are unchanged. A different definition is saved as a new version; the running version keeps running
   * until you deploy another.
   *
   * Requires the scope `rules:write`: Create, change and delete rules, their versions and builds.
   */
  update(ruleId: string, body?: schemas.RulePatch, options?: RequestOptions): Promise<schemas.RuleWithVersion> {
    return this.transport.call({ method: "PATCH", path: `/api/v2/rules/${segment(ruleId)}`, body }, options);
  }

  /**
   * Rename a version of a rule.
   *
   * Its definition never changes.
   *
   * Requires the scope `rules:write`: Create, change and delete rules, their versions and builds.
   */
  updateVersion(
    ruleId: string,
    versionId: string,
    body: schemas.VersionPatch,
    options?: RequestOptions,
  ): Promise<schemas.Version> {
    return this.transport.call({ method: "PATCH", path: `/api/v2/rules/${segment(ruleId)}/versions/${segment(versionId)}`, body }, options);
  }
}
