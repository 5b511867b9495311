import { ConfigurationError } from "./errors.js";

/** A function that calls as the global `fetch` does. */
export type Fetch = (input: string, init: RequestInit) => Promise<Response>;

/** How a client reaches its server. */
export interface ClientOptions {
  /** Where the server is, such as `https://iot.example.org`. */
  baseUrl: string;
  /** An API key, `psk_…`. Left out where none is needed, such as for signing in. */
  apiKey?: string;
  /** The organisation's id, `org_…`. By default the one that the key belongs to. */
  organization?: string;
  /** Sends the requests; by default the global `fetch`. */
  fetch?: Fetch;
  /** How long one attempt may take, of a file until it begins, in milliseconds. By default 30,000. */
  timeoutMs?: number;
  /** How often a failed request is repeated, where that is safe. By default 3. */
  retries?: number;
  /** The longest wait before a repetition, in milliseconds: if the server asks for more, the error is thrown. By default 60,000. */
  maxRetryWaitMs?: number;
}

/** What can differ in each call. */
export interface RequestOptions {
  /** Ends the call, its repetitions included. */
  signal?: AbortSignal;
  timeoutMs?: number;
  retries?: number;
  /** A name for the request. Calls that accept one get one by themselves; give your own to repeat a call after a restart. */
  idempotencyKey?: string;
  /** Change only this version: an ETag, or what an earlier call returned. Another version is a `PreconditionFailedError`. */
  ifMatch?: string | object;
  /** Read only another version than this: an ETag, or what an earlier call returned. The same is a `NotModifiedError`. */
  ifNoneMatch?: string | object;
  /** Additional headers. */
  headers?: Record<string, string>;
}

/** The options with all defaults. */
export interface Settings {
  baseUrl: string;
  organization: string;
  fetch: Fetch;
  timeoutMs: number;
  retries: number;
  maxRetryWaitMs: number;
}

/** Check options and fill in the defaults. No text of an error contains the key. */
export function settingsOf(options: ClientOptions): Settings {
  checkKey(options.apiKey);
  const found = options.fetch ?? (globalThis.fetch as Fetch | undefined);
  if (!found) throw new ConfigurationError("there is no global fetch: give one as `fetch`");
  return {
    baseUrl: baseUrlOf(options.baseUrl),
    organization: headerText("organization", options.organization ?? "own"),
    // A browser's fetch must be called on its window.
    fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
    timeoutMs: positive("timeoutMs", options.timeoutMs ?? 30_000),
    retries: countOf("retries", options.retries ?? 3),
    maxRetryWaitMs: positive("maxRetryWaitMs", options.maxRetryWaitMs ?? 60_000),
  };
}

/** Check that a number is a count from zero. */
export function countOf(name: string, value: number): number {
  if (!Number.isInteger(value) || value < 0) throw new ConfigurationError(`${name} must be a whole number from 0`);
  return value;
}

/** Check that a number of milliseconds or rows is positive. */
export function positive(name: string, value: number): number {
  if (!(value > 0)) throw new ConfigurationError(`${name} must be positive`);
  return value;
}

function checkKey(key: unknown): void {
  // fetch would put a value that it refuses as a header into the text of its error.
  if (key !== undefined && (typeof key !== "string" || !/^[\x21-\x7e]+$/.test(key))) {
    throw new ConfigurationError("apiKey must be a text of visible ASCII characters");
  }
}

function headerText(name: string, value: string): string {
  if (!/^[\x21-\x7e]+$/.test(value)) throw new ConfigurationError(`${name} must be a text of visible ASCII characters`);
  return value;
}

function baseUrlOf(text: string): string {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new ConfigurationError("baseUrl must be a URL such as https://iot.example.org");
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") throw new ConfigurationError("baseUrl must begin with http:// or https://");
  if (url.username || url.password) throw new ConfigurationError("baseUrl must not contain a user or a password");
  if (url.search || url.hash) throw new ConfigurationError("baseUrl must not contain a query or a fragment");
  return url.href.replace(/\/+$/, "");
}
