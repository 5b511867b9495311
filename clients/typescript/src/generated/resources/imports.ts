// Generated from the OpenAPI document by `make clients`: change the generator, not this file.
import { Resource } from "../../resource.js";
import type { RequestOptions } from "../../options.js";
import type { Content } from "../../transport.js";
import { segment } from "../../transport.js";
import type { Paged } from "../../pages.js";
import type * as schemas from "../schemas.js";

/** The query of `imports.getTemplate`. */
export interface ImportsGetTemplateQuery {
  /** What the rows of the file will be. */
  kind: "devices" | "placements" | "registers" | "residents";
}

/** The query of `imports.list`. */
export interface ImportsListQuery {
  /** Maximum number of results. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
}

/** The query of `imports.listFaults`. */
export interface ImportsListFaultsQuery {
  /** Maximum number of results. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
}

/** The query of `imports.start`. */
export interface ImportsStartQuery {
  /** What the rows of the file are. */
  kind: "devices" | "placements" | "registers" | "residents";
  /** Whether the rows are only checked. */
  dry_run?: boolean;
  /** How many faults the response of a dry run has at most. */
  limit?: number;
}

/** Devices, registers, residents and placements from CSV files, checked by a dry run. */
export class ImportsResource extends Resource {
  /**
   * Cancel an import.
   *
   * The rows that were imported stay so. One that has ended is returned unchanged.
   *
   * Requires the scope `devices:write`: Create, change and delete devices, their identifiers, labels and tokens.
   */
  cancel(importId: string, options?: RequestOptions): Promise<schemas.Import> {
    return this.transport.call({ method: "POST", path: `/api/v2/imports/${segment(importId)}/cancel`, idempotent: true }, options);
  }

  /**
   * Get an import with its progress.
   *
   * Requires the scope `devices:read`: See devices, their identifiers, labels and tokens.
   */
  get(importId: string, options?: RequestOptions): Promise<schemas.Import> {
    return this.transport.call({ method: "GET", path: `/api/v2/imports/${segment(importId)}` }, options);
  }

  /**
   * Get the faults of an import as a CSV file.
   *
   * Requires the scope `devices:read`: See devices, their identifiers, labels and tokens.
   */
  getFaultsFile(importId: string, options?: RequestOptions): Promise<Response> {
    return this.transport.call({ method: "GET", path: `/api/v2/imports/${segment(importId)}/faults/file`, raw: true }, options);
  }

  /**
   * Get a CSV file to fill in.
   *
   * With all columns, and a row as an example.
   *
   * What the rows of the file will be.
   *
   * Requires the scope `devices:read`: See devices, their identifiers, labels and tokens.
   */
  getTemplate(query: ImportsGetTemplateQuery, options?: RequestOptions): Promise<Response> {
    return this.transport.call({ method: "GET", path: "/api/v2/imports/template", query, raw: true }, options);
  }

  /**
   * List imports.
   *
   * Newest first, with dry runs.
   *
   * A page of the list. Send the `next_cursor` of a response as `cursor` to get the next page.
   *
   * Requires the scope `devices:read`: See devices, their identifiers, labels and tokens.
   */
  list(query: ImportsListQuery = {}, options?: RequestOptions): Paged<schemas.Import, schemas.ListOf_Import> {
    return this.transport.list({ method: "GET", path: "/api/v2/imports", query }, options);
  }

  /**
   * List the faults of an import.
   *
   * In the order of the file's rows. A row can have several.
   *
   * A page of the list. Send the `next_cursor` of a response as `cursor` to get the next page.
   *
   * Requires the scope `devices:read`: See devices, their identifiers, labels and tokens.
   */
  listFaults(
    importId: string,
    query: ImportsListFaultsQuery = {},
    options?: RequestOptions,
  ): Paged<schemas.Fault, schemas.ListOf_Fault> {
    return this.transport.list({ method: "GET", path: `/api/v2/imports/${segment(importId)}/faults`, query }, options);
  }

  /**
   * Import a CSV file.
   *
   * The file is UTF-8 with a header; its delimiter is a comma, a semicolon or a tab, and it has at most 50,000 rows.
   * With `dry_run` nothing is imported: each row is checked against what is stored, and the response has its faults.
   * Otherwise the rows are imported in the background, each completely or not at all. What exists is updated, so that
   * the same file can be imported again; an empty cell leaves a value as it is. Residents need the scope
   * customers:write, placements customers:read.
   *
   * What the rows of the file are. With `dry_run` they are only checked; `limit` is how many faults the answer has at
   * most.
   *
   * Requires the scope `devices:write`: Create, change and delete devices, their identifiers, labels and tokens.
   */
  start(
    body: schemas.ImportFile | Content<"text/csv">,
    query: ImportsStartQuery,
    options?: RequestOptions,
  ): Promise<schemas.StartedImport> {
    return this.transport.call({ method: "POST", path: "/api/v2/imports", query, body, idempotent: true }, options);
  }
}
