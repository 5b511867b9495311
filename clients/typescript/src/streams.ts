import { ApiError, ConnectionFailedError, PenstockError, StreamEndedError, TimedOutError } from "./errors.js";
import { StreamsResource as Generated } from "./generated/resources/streams.js";
import { countOf, positive } from "./options.js";
import { SseParser, type ServerSentEvent } from "./sse.js";
import { queryOf, type StreamEvent, type StreamFilter, type StreamOptions } from "./stream-events.js";
import { Transport } from "./transport.js";
import { backOff, Link, pause, reasonOf } from "./waiting.js";

const PATH = "/api/v2/streams/sse";
const LIMIT_MS = 30_000;
/** Answers after which a connection is tried again. */
const PASSING = new Set([408, 425, 429, 500, 502, 503, 504]);
/** Reasons of an end after which a stream is resumed. Any other one is thrown. */
const RESUMED = new Set(["server_stopping", "slow_reader"]);

/** Live streams that resume by themselves: nothing is lost or doubled when a connection breaks or the server restarts. */
export class StreamsResource extends Generated {
  /**
   * Follow readings, and whatever else the filter asks for.
   *
   * Readings that can no longer be replayed are an event `gap`, in order with the readings.
   */
  readings(filter: StreamFilter = {}, options: StreamOptions = {}): Stream {
    return new Stream({ transport: this.transport, url: this.transport.url(PATH, queryOf(filter)) }, options);
  }

  /** An address for the `EventSource` of a browser, or for `streamFrom`: it opens one stream, without a key, within a minute. */
  async ticketUrl(filter: StreamFilter = {}, options: { signal?: AbortSignal } = {}): Promise<string> {
    const { ticket } = await this.createTicket(options);
    return this.transport.url(PATH, { ...queryOf(filter), ticket });
  }
}

/** Follow the stream of a ticket's address, in a page that has no key. */
export function streamFrom(ticketUrl: string, options: StreamOptions = {}): Stream {
  const url = new URL(ticketUrl);
  return new Stream({ transport: new Transport({ baseUrl: url.origin }), url: url.href }, options);
}

interface Source {
  transport: Transport;
  url: string;
}

/** A stream of one reader. It begins with the first `next`, and ends with `close`, `break` or the signal. */
export class Stream implements AsyncIterableIterator<StreamEvent> {
  readonly #source: Source;
  readonly #options: StreamOptions;
  readonly #link: Link;
  readonly #events: AsyncGenerator<StreamEvent, void, undefined>;
  readonly #retryMs: number;
  #cursor: number | undefined;
  #opened = false;
  #failures = 0;

  constructor(source: Source, options: StreamOptions) {
    this.#source = source;
    this.#options = options;
    this.#cursor = options.cursor === undefined ? undefined : countOf("cursor", options.cursor);
    this.#retryMs = positive("reconnectMs", options.reconnectMs ?? 500);
    positive("silenceMs", options.silenceMs ?? 1);
    this.#link = new Link(options.signal);
    this.#events = this.#follow();
  }

  /** The position after the last event: keep it to continue later, also in another process. Undefined before the first event. */
  get cursor(): number | undefined {
    return this.#cursor;
  }

  /** The next event; waits for it. */
  next(): Promise<IteratorResult<StreamEvent, void>> {
    return this.#events.next();
  }

  /** End the stream; what `for await` calls at a `break`. */
  return(): Promise<IteratorResult<StreamEvent, void>> {
    this.close();
    return this.#events.return();
  }

  /** End the stream. A waiting `next` returns. */
  close(): void {
    this.#link.controller.abort(CLOSED);
    this.#link.release();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async *#follow(): AsyncGenerator<StreamEvent, void, undefined> {
    try {
      for (;;) {
        try {
          for await (const event of this.#connection()) {
            yield event;
          }
        } catch (error) {
          await this.#pause(error);
        }
      }
    } catch (error) {
      if (this.#link.signal.reason !== CLOSED) throw error;
    } finally {
      this.close();
    }
  }

  /** Wait before the next connection. Throws if there must be none. */
  async #pause(error: unknown): Promise<void> {
    if (this.#link.signal.aborted) throw reasonOf(this.#link.signal);
    const passing = error instanceof ConnectionFailedError || (error instanceof ApiError && PASSING.has(error.status));
    // A server that never answered may have another address; one that did comes back.
    const limit = this.#options.maxReconnects ?? (this.#opened ? Infinity : this.#source.transport.settings.retries);
    if (!passing || this.#failures >= limit) throw error;
    this.#options.onReconnect?.(error);
    const askedMs = error instanceof ApiError ? (error.retryAfter ?? 0) * 1000 : 0;
    await pause(Math.max(askedMs, backOff(this.#failures++, this.#retryMs, LIMIT_MS)), this.#link.signal);
  }

  /** The events of one connection, which ends with an error. */
  async *#connection(): AsyncGenerator<StreamEvent, void, undefined> {
    const watch = new Watch(this.#link.signal, this.#options.silenceMs ?? 45_000);
    let reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
    try {
      const response = await this.#open(watch.signal);
      reader = (response.body as ReadableStream<Uint8Array>).getReader();
      const parser = new SseParser();
      const decoder = new TextDecoder();
      for (;;) {
        const piece = await this.#read(reader, watch);
        if (piece.done) throw new ConnectionFailedError("the stream was interrupted");
        // Not while the program works on the events: then it is the one that is silent.
        watch.stop();
        for (const event of parser.take(decoder.decode(piece.value, { stream: true })).events) {
          const found = this.#taken(event);
          if (found) yield found;
        }
        watch.start();
      }
    } finally {
      watch.end();
      await reader?.cancel().catch(() => undefined);
    }
  }

  async #open(signal: AbortSignal): Promise<Response> {
    const { transport, url } = this.#source;
    const headers: Record<string, string> = { Accept: "text/event-stream", ...transport.credentials() };
    if (this.#cursor !== undefined) headers["Last-Event-ID"] = String(this.#cursor);
    const response = await transport.send(url, { headers, signal, cache: "no-store" });
    if (!response.ok) throw await transport.error(response);
    if (!response.body || !(response.headers.get("content-type") ?? "").startsWith("text/event-stream")) {
      throw new PenstockError("the answer is not a stream: is this the address of a Penstock server?");
    }
    return response;
  }

  async #read(reader: ReadableStreamDefaultReader<Uint8Array>, watch: Watch): Promise<ReadableStreamReadResult<Uint8Array>> {
    try {
      return await reader.read();
    } catch (error) {
      if (watch.signal.aborted) throw reasonOf(watch.signal);
      throw new ConnectionFailedError(this.#source.transport.hide(`the stream was interrupted: ${(error as Error).message}`));
    }
  }

  /** An event of the server as the caller gets it; undefined if it is not for the caller, or was already passed on. */
  #taken(event: ServerSentEvent): StreamEvent | undefined {
    const data = JSON.parse(event.data) as Record<string, unknown>;
    if (event.name === "end") {
      const reason = String(data["reason"] ?? "");
      if (RESUMED.has(reason)) throw new ConnectionFailedError(`the server ended the stream: ${reason}`);
      throw new StreamEndedError(reason, this.#cursor);
    }
    const before = this.#cursor ?? -1;
    const cursor = /^\d+$/.test(event.id) ? Number(event.id) : Math.max(0, before);
    if (event.name === "reading" && cursor <= before) return undefined;
    // `ready` and `gap` say where the stream is: after a restored backup, that is before what we have seen.
    this.#cursor = event.name === "ready" || event.name === "gap" ? cursor : Math.max(cursor, before);
    this.#opened = true;
    this.#failures = 0;
    if (event.name !== "ready") return { name: event.name, cursor, data } as unknown as StreamEvent;
    this.#options.onOpen?.(cursor);
    return undefined;
  }
}

const CLOSED = new PenstockError("the stream was closed");

/** Ends a connection on which nothing comes, not even a heartbeat. */
class Watch {
  readonly #link: Link;
  readonly #silenceMs: number;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(outer: AbortSignal, silenceMs: number) {
    this.#link = new Link(outer);
    this.#silenceMs = silenceMs;
    this.start();
  }

  get signal(): AbortSignal {
    return this.#link.signal;
  }

  start(): void {
    this.stop();
    const late = new TimedOutError(`nothing came on the stream for ${this.#silenceMs} ms`);
    this.#timer = setTimeout(() => this.#link.controller.abort(late), this.#silenceMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  end(): void {
    this.stop();
    this.#link.release();
    this.#link.controller.abort(CLOSED);
  }
}
