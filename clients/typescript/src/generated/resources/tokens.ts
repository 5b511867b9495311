// Generated from the OpenAPI document by `make clients`: change the generator, not this file.
import { Resource } from "../../resource.js";
import type { RequestOptions } from "../../options.js";
import type { Content } from "../../transport.js";
import { segment } from "../../transport.js";
import type { Paged } from "../../pages.js";
import type * as schemas from "../schemas.js";

/** The query of `tokens.code`. */
export interface TokensCodeQuery {
  /** Whether the code is returned to one call only. */
  consume?: boolean;
}

/** The query of `tokens.createFromPicture`. */
export interface TokensCreateFromPictureQuery {
  /** The name of the only token in the picture; by default names are made of issuer and account. */
  name?: string;
  /** What to do with a token whose name exists: skip it, rename it, or replace the seed of the existing one. */
  conflict?: "rename" | "replace" | "skip";
  /** Whether the picture is only read. */
  dry_run?: boolean;
}

/** The query of `tokens.list`. */
export interface TokensListQuery {
  /** Only tokens with this text in name, issuer, account or description. */
  search?: string;
  /** Only tokens of this issuer. */
  issuer?: string;
  /** Only tokens whose seed should be replaced, or only the others. */
  rotate?: boolean;
  /** The order: by name or by creation; `-` reverses it. */
  sort?: "-created_at" | "-name" | "created_at" | "name";
  /** Maximum number of results. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
}

/** The query of `tokens.listGrants`. */
export interface TokensListGrantsQuery {
  /** Maximum number of results. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
}

/** The query of `tokens.listGrantsOfSubject`. */
export interface TokensListGrantsOfSubjectQuery {
  /** The id of a group (`grp_…`), user (`usr_…`) or key (`key_…`). */
  subject: string;
  /** Maximum number of results. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
}

/** Seeds of one-time passwords that people and pipelines share, and their codes. */
export class TokensResource extends Resource {
  /**
   * Approve a request of another person.
   *
   * The user or key that made it can then read the seed once, until the time `until`.
   *
   * Requires the scope `tokens:seed`: Read or rotate the seed of a vault token.
   */
  approveSeedRequest(token: string, requestId: string, options?: RequestOptions): Promise<schemas.Request> {
    return this.transport.call({ method: "POST", path: `/api/v2/tokens/${segment(token)}/seed-requests/${segment(requestId)}/approve`, idempotent: true }, options);
  }

  /**
   * Get the current code of a token.
   *
   * Each call is recorded in the audit log before it is answered. With `consume` a code is returned to one call only,
   * so that two pipelines never send the same one: the others are rejected with 409, and `Retry-After` says when the
   * next code begins. A call without it returns the code in any case.
   *
   * With `consume` a code is returned to one call only.
   *
   * Requires the scope `tokens:code`: Get the current code of a vault token.
   */
  code(token: string, query: TokensCodeQuery = {}, options?: RequestOptions): Promise<schemas.Code> {
    return this.transport.call({ method: "GET", path: `/api/v2/tokens/${segment(token)}/code`, query }, options);
  }

  /**
   * Create a token.
   *
   * From a secret in base32, as services show it below their QR code, or from an `otpauth://` URI. The secret is
   * encrypted.
   *
   * Requires the scope `tokens:write`: Create, change and delete vault tokens.
   */
  create(body: schemas.TokenCreate, options?: RequestOptions): Promise<schemas.Token> {
    return this.transport.call({ method: "POST", path: "/api/v2/tokens", body, idempotent: true }, options);
  }

  /**
   * Create tokens from a picture of QR codes.
   *
   * A PNG or JPEG of at most 1 MiB and 16 million pixels, such as a screenshot, sent as it is or in base64. It can have
   * several codes, and those of an export of Google Authenticator. The picture is not stored.
   *
   * With `name` the picture must have one token, which gets this name. Without it, `conflict` is as in an import.
   *
   * Requires the scope `tokens:write`: Create, change and delete vault tokens.
   */
  createFromPicture(
    body: schemas.TokenPicture | Content<"image/png" | "image/jpeg">,
    query: TokensCreateFromPictureQuery = {},
    options?: RequestOptions,
  ): Promise<schemas.TokenImportResult> {
    return this.transport.call({ method: "POST", path: "/api/v2/tokens/from-picture", query, body, idempotent: true }, options);
  }

  /**
   * Grant a token to a group, user or key.
   *
   * It applies from the next call, and no longer from its end on. To grant the seed needs the scope tokens:seed as
   * well. A key to which something was granted can access only what is granted from then on, also after the grant has
   * ended.
   *
   * Requires the scope `tokens:write`: Create, change and delete vault tokens.
   */
  createGrant(token: string, body: schemas.GrantCreate, options?: RequestOptions): Promise<schemas.Grant> {
    return this.transport.call({ method: "POST", path: `/api/v2/tokens/${segment(token)}/grants`, body, idempotent: true }, options);
  }

  /**
   * Request to read the seed of a token.
   *
   * For tokens with `four_eyes`. The caller must be allowed to read the seed, apart from the approval of a second
   * person.
   *
   * Requires the scope `tokens:seed`: Read or rotate the seed of a vault token.
   */
  createSeedRequest(token: string, body: schemas.RequestCreate, options?: RequestOptions): Promise<schemas.Request> {
    return this.transport.call({ method: "POST", path: `/api/v2/tokens/${segment(token)}/seed-requests`, body, idempotent: true }, options);
  }

  /**
   * Delete a token.
   *
   * Its seed and its grants are deleted with it.
   *
   * Requires the scope `tokens:write`: Create, change and delete vault tokens.
   */
  delete(token: string, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: "DELETE", path: `/api/v2/tokens/${segment(token)}` }, options);
  }

  /**
   * Deny a request of another person.
   *
   * Requires the scope `tokens:seed`: Read or rotate the seed of a vault token.
   */
  denySeedRequest(token: string, requestId: string, options?: RequestOptions): Promise<schemas.Request> {
    return this.transport.call({ method: "POST", path: `/api/v2/tokens/${segment(token)}/seed-requests/${segment(requestId)}/deny`, idempotent: true }, options);
  }

  /**
   * Grant the seed for a while to a holder of codes.
   *
   * Returns the grant of the seed, which ends by itself: after these seconds, and not after the grant of the codes.
   * Needs the scope tokens:seed as well.
   *
   * Requires the scope `tokens:write`: Create, change and delete vault tokens.
   */
  elevateGrant(
    token: string,
    grantId: string,
    body: schemas.Elevation,
    options?: RequestOptions,
  ): Promise<schemas.Grant> {
    return this.transport.call({ method: "POST", path: `/api/v2/tokens/${segment(token)}/grants/${segment(grantId)}/elevate`, body, idempotent: true }, options);
  }

  /**
   * Export tokens with their seeds.
   *
   * As a file that is encrypted with a passphrase; only if that is asked for, as a text with one `otpauth://` URI per
   * line, which is not encrypted. The caller must be allowed to read the seed of each. The entry in the audit log is
   * flagged, and lists the names.
   *
   * Requires the scope `tokens:seed`: Read or rotate the seed of a vault token.
   */
  export(body?: schemas.TokenExport, options?: RequestOptions): Promise<schemas.ExportedTokenFile> {
    return this.transport.call({ method: "POST", path: "/api/v2/tokens/export", body }, options);
  }

  /**
   * Get a token.
   *
   * By its name or id, without seed and code.
   *
   * Requires the scope `tokens:read`: List vault tokens, without codes or seeds.
   */
  get(token: string, options?: RequestOptions): Promise<schemas.Token> {
    return this.transport.call({ method: "GET", path: `/api/v2/tokens/${segment(token)}` }, options);
  }

  /**
   * Show the seed of a token.
   *
   * The entry in the audit log is flagged. A grant for codes only is not sufficient.
   *
   * Requires the scope `tokens:seed`: Read or rotate the seed of a vault token.
   */
  getSeed(token: string, options?: RequestOptions): Promise<schemas.TokenSeed> {
    return this.transport.call({ method: "GET", path: `/api/v2/tokens/${segment(token)}/seed` }, options);
  }

  /**
   * Import tokens from a file.
   *
   * Of Google Authenticator, Aegis, 2FAS, this platform, or `otpauth://` URIs, at most 1,000 tokens. Each gets a name
   * made of its issuer and account. All of them are created together, or none; with `dry_run` nothing is. Entries that
   * cannot become tokens are listed with the reason.
   *
   * Requires the scope `tokens:write`: Create, change and delete vault tokens.
   */
  import(body: schemas.TokenFile, options?: RequestOptions): Promise<schemas.TokenImportResult> {
    return this.transport.call({ method: "POST", path: "/api/v2/tokens/import", body, idempotent: true }, options);
  }

  /**
   * List tokens.
   *
   * By default from A to Z, without seeds and codes. A member sees those that are granted to them.
   *
   * Filters for tokens. `search` is found in name, issuer, account and description; `rotate`: whether they are marked.
   *
   * Requires the scope `tokens:read`: List vault tokens, without codes or seeds.
   */
  list(query: TokensListQuery = {}, options?: RequestOptions): Paged<schemas.Token, schemas.ListOf_Token> {
    return this.transport.list({ method: "GET", path: "/api/v2/tokens", query }, options);
  }

  /**
   * List the grants of a token.
   *
   * Oldest first. Callers who reach only what is granted see the grants to themselves, to their groups and to the key.
   *
   * A page of the list. Send the `next_cursor` of a response as `cursor` to get the next page.
   *
   * Requires the scope `tokens:read`: List vault tokens, without codes or seeds.
   */
  listGrants(
    token: string,
    query: TokensListGrantsQuery = {},
    options?: RequestOptions,
  ): Paged<schemas.Grant, schemas.ListOf_Grant> {
    return this.transport.list({ method: "GET", path: `/api/v2/tokens/${segment(token)}/grants`, query }, options);
  }

  /**
   * List what was granted to a group, user or key.
   *
   * Oldest first. What was granted to the groups of a user is listed with the groups. Callers who reach only what is
   * granted can ask for themselves and their groups.
   *
   * The id of a group, user or key.
   *
   * Requires the scope `tokens:read`: List vault tokens, without codes or seeds.
   */
  listGrantsOfSubject(
    query: TokensListGrantsOfSubjectQuery,
    options?: RequestOptions,
  ): Paged<schemas.Grant, schemas.ListOf_Grant> {
    return this.transport.list({ method: "GET", path: "/api/v2/token-grants", query }, options);
  }

  /**
   * Revoke a grant.
   *
   * It no longer applies to the next call.
   *
   * Requires the scope `tokens:write`: Create, change and delete vault tokens.
   */
  revokeGrant(token: string, grantId: string, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: "DELETE", path: `/api/v2/tokens/${segment(token)}/grants/${segment(grantId)}` }, options);
  }

  /**
   * Replace the seed of a token.
   *
   * By the secret in the body, which the service shows, or by a new random one. The response shows it. The mark that
   * says that the seed should be replaced is removed. The entry in the audit log is flagged. The response is not
   * stored, so an `Idempotency-Key` has no effect: a repeated call replaces the seed again.
   *
   * Requires the scope `tokens:seed`: Read or rotate the seed of a vault token.
   */
  rotateSeed(token: string, body?: schemas.SeedToRotate, options?: RequestOptions): Promise<schemas.TokenSeed> {
    return this.transport.call({ method: "POST", path: `/api/v2/tokens/${segment(token)}/seed/rotate`, body }, options);
  }

  /**
   * Change a token.
   *
   * Omitted fields are unchanged. Algorithm, digits and period belong to the seed: create another token instead.
   *
   * Requires the scope `tokens:write`: Create, change and delete vault tokens.
   */
  update(token: string, body?: schemas.TokenPatch, options?: RequestOptions): Promise<schemas.Token> {
    return this.transport.call({ method: "PATCH", path: `/api/v2/tokens/${segment(token)}`, body }, options);
  }

  /**
   * Set when a grant ends.
   *
   * Requires the scope `tokens:write`: Create, change and delete vault tokens.
   */
  updateGrant(
    token: string,
    grantId: string,
    body?: schemas.GrantPatch,
    options?: RequestOptions,
  ): Promise<schemas.Grant> {
    return this.transport.call({ method: "PATCH", path: `/api/v2/tokens/${segment(token)}/grants/${segment(grantId)}`, body }, options);
  }
}
