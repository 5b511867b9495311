import { answerOf, errorOf, remember } from "./answers.js";
import { ApiError, ConnectionFailedError, NotFoundError, PenstockError, TimedOutError, ConfigurationError } from "./errors.js";
import { settingsOf, type ClientOptions, type RequestOptions, type Settings } from "./options.js";
import { Paged, type Page } from "./pages.js";
import { backOff, Link, pause, randomName, reasonOf } from "./waiting.js";

/** The values of a query. Lists are repeated parameters; what is undefined or null is left out. */
export type Query = Record<string, unknown>;

/** A body that is not JSON, such as a picture or NDJSON. */
export class Content<T extends string = string> {
  constructor(
    readonly contentType: T,
    readonly content: string | Blob | ArrayBuffer | Uint8Array,
  ) {}
}

/** One call of the API, as the generated methods describe it. */
export interface Call {
  method: string;
  path: string;
  query?: object | undefined;
  body?: unknown;
  /** Whether the operation accepts an `Idempotency-Key`. */
  idempotent?: boolean;
  /** Whether the answer is not JSON, so that the call returns the `Response`. */
  raw?: boolean;
}

const VERSION = "1.0.0";
/** What a repeatable request is repeated after: the server, or a proxy, was not able to answer it. */
const PASSING = new Set([408, 425, 429, 502, 503, 504]);
/** What every request is repeated after: the server states that it did nothing. */
const REFUSED = new Set([429, 503]);

/** Sends requests with the key, repeats them where that is safe, and turns bad answers into errors. */
export class Transport {
  readonly settings: Settings;
  readonly #key: string | undefined;

  constructor(options: ClientOptions) {
    this.settings = settingsOf(options);
    this.#key = options.apiKey;
  }

  /** Make a call, and return its decoded answer; undefined if the answer is empty. */
  async call<T>(call: Call, options: RequestOptions = {}): Promise<T> {
    const sent = await this.#sent(call, options);
    if (sent === undefined) return undefined as T;
    if (call.raw) return remember(sent.response, sent.response) as T;
    return remember(sent.body as T, sent.response);
  }

  /** A call that returns a page at a time. */
  list<T, P extends Page<T> = Page<T>>(call: Call, options: RequestOptions = {}): Paged<T, P> {
    return new Paged<T, P>((cursor) => {
      const query = { ...(call.query as Query | undefined), ...(cursor === undefined ? {} : { cursor }) };
      return this.call<P>({ ...call, query }, options);
    });
  }

  /** The address of a path with a query. */
  url(path: string, query?: object): string {
    const parameters = new URLSearchParams();
    for (const [name, value] of Object.entries(query ?? {})) {
      for (const one of Array.isArray(value) ? value : [value]) {
        if (one !== undefined && one !== null) parameters.append(name, queryText(one));
      }
    }
    const text = parameters.toString();
    return `${this.settings.baseUrl}${path}${text && `?${text}`}`;
  }

  /** The headers that name the caller. */
  credentials(): Record<string, string> {
    if (this.#key === undefined) return {};
    return { "X-API-Key": this.#key, "X-Organization-Id": this.settings.organization };
  }

  /** Send a request once. Returns an answer that may be an error; a stream's body is not read. */
  async send(url: string, init: RequestInit): Promise<Response> {
    let response: Response;
    if (init.signal?.aborted) throw reasonOf(init.signal);
    try {
      // A redirect would carry the key to another host.
      response = await this.settings.fetch(url, { ...init, redirect: "manual" });
    } catch (error) {
      if (init.signal?.aborted) throw reasonOf(init.signal);
      throw new ConnectionFailedError(this.hide(`no answer from ${this.settings.baseUrl}: ${texts(error)}`));
    }
    if (response.type === "opaqueredirect" || (response.status >= 300 && response.status < 400 && response.status !== 304)) {
      throw new ConfigurationError(`${this.settings.baseUrl} redirects: set baseUrl to the address that it redirects to`);
    }
    return response;
  }

  /** The error of an answer, without the key. */
  async error(response: Response): Promise<ApiError> {
    return errorOf(response, (text) => this.hide(text));
  }

  /** A text without the key. */
  hide(text: string): string {
    return this.#key ? text.split(this.#key).join("[the key]") : text;
  }

  async #sent(call: Call, options: RequestOptions): Promise<Sent | undefined> {
    const url = this.url(call.path, call.query);
    const init = this.#init(call, options);
    const retries = options.retries ?? this.settings.retries;
    let lost = false;
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await this.#attempt(url, init, call, options);
      } catch (error) {
        // The first attempt may have deleted it, and only its answer was lost.
        if (lost && call.method === "DELETE" && error instanceof NotFoundError) return undefined;
        const waitMs = attempt < retries ? this.#waitMs(error, attempt, call, options) : undefined;
        if (waitMs === undefined) throw error;
        lost ||= error instanceof ConnectionFailedError;
        await pause(waitMs, options.signal);
      }
    }
  }

  async #attempt(url: string, init: RequestInit, call: Call, options: RequestOptions): Promise<Sent> {
    const link = new Link(options.signal);
    const limitMs = options.timeoutMs ?? this.settings.timeoutMs;
    const late = new TimedOutError(`no answer from ${this.settings.baseUrl} within ${limitMs} ms`);
    const timer = setTimeout(() => link.controller.abort(late), limitMs);
    let released = true;
    try {
      const response = await this.send(url, { ...init, signal: link.signal });
      if (!response.ok) throw await this.error(response);
      if (call.raw) {
        released = false; // the caller's signal still ends its body
        return { response, body: undefined };
      }
      return { response, body: await this.#json(response, link.signal) };
    } finally {
      clearTimeout(timer);
      if (released) link.release();
    }
  }

  async #json(response: Response, signal: AbortSignal): Promise<unknown> {
    let text: string;
    try {
      text = await response.text();
    } catch (error) {
      if (signal.aborted) throw reasonOf(signal);
      throw new ConnectionFailedError(this.hide(`the answer of ${this.settings.baseUrl} was interrupted: ${texts(error)}`));
    }
    if (!text) return undefined;
    try {
      return JSON.parse(text);
    } catch {
      throw new PenstockError(`the answer of ${this.settings.baseUrl} is not JSON: is this the address of a Penstock server?`);
    }
  }

  /** How long to wait before a repetition, in milliseconds; undefined if there must be none. */
  #waitMs(error: unknown, attempt: number, call: Call, options: RequestOptions): number | undefined {
    if (options.signal?.aborted) return undefined;
    const repeatable = isRepeatable(call, options);
    if (error instanceof ConnectionFailedError) return repeatable ? backOff(attempt) : undefined;
    if (!(error instanceof ApiError) || !(repeatable ? PASSING : REFUSED).has(error.status)) return undefined;
    const askedMs = (error.retryAfter ?? 0) * 1000;
    if (askedMs > this.settings.maxRetryWaitMs) return undefined;
    // A little later than asked, so that not all clients return in the same moment.
    return error.retryAfter === undefined ? backOff(attempt) : askedMs + Math.random() * Math.min(1000, askedMs * 0.1 + 50);
  }

  #init(call: Call, options: RequestOptions): RequestInit {
    const headers: Record<string, string> = { Accept: call.raw ? "*/*" : "application/json", ...this.credentials() };
    if (inNode()) headers["User-Agent"] = `penstock-client-typescript/${VERSION}`;
    if (call.idempotent) headers["Idempotency-Key"] = options.idempotencyKey ?? randomName();
    if (options.ifMatch !== undefined) headers["If-Match"] = etagOf(options.ifMatch);
    if (options.ifNoneMatch !== undefined) headers["If-None-Match"] = etagOf(options.ifNoneMatch);
    const init: RequestInit = { method: call.method, headers };
    if (call.body instanceof Content) {
      headers["Content-Type"] = call.body.contentType;
      init.body = call.body.content as BodyInit;
    } else if (call.body !== undefined) {
      headers["Content-Type"] = "application/json";
      init.body = JSON.stringify(call.body);
    }
    Object.assign(headers, options.headers);
    return init;
  }
}

interface Sent {
  response: Response;
  body: unknown;
}

/** A part of a path. What the rules of URLs would turn into another path is refused. */
export function segment(value: string | number): string {
  const text = String(value);
  if (text === "" || text === "." || text === ".." || value === undefined || value === null) {
    throw new ConfigurationError("an id must not be empty");
  }
  return encodeURIComponent(text);
}

/** A query whose lists of these names are texts, separated by commas. */
export function joined<T extends object>(query: T, ...names: (keyof T)[]): Query {
  const found = { ...query } as Query;
  for (const name of names as string[]) {
    if (Array.isArray(found[name])) found[name] = found[name].length ? found[name].join(",") : undefined;
  }
  return found;
}

function isRepeatable(call: Call, options: RequestOptions): boolean {
  if (call.method === "GET" || call.idempotent) return true;
  // With a condition, the repetition of a change whose answer was lost would be refused because of that change.
  return (call.method === "PUT" || call.method === "DELETE") && options.ifMatch === undefined;
}

function etagOf(value: string | object): string {
  const found = typeof value === "string" ? value : answerOf(value)?.etag;
  if (!found) throw new ConfigurationError("ifMatch and ifNoneMatch need an ETag, or an object that a call returned with one");
  return found;
}

function queryText(value: unknown): string {
  return value instanceof Date ? value.toISOString() : String(value);
}

function inNode(): boolean {
  const { process } = globalThis as { process?: { versions?: { node?: string } } };
  return process?.versions?.node !== undefined && typeof (globalThis as { document?: unknown }).document === "undefined";
}

function texts(error: unknown): string {
  const { message, cause } = error as { message?: unknown; cause?: { message?: unknown; code?: unknown } };
  return [message ?? error, cause?.message || cause?.code].filter(Boolean).map(String).join(": ");
}
