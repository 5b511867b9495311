import { answerOf, retryAfterOf } from "./answers.js";
import { ApiError, BatchError, ConfigurationError } from "./errors.js";
import type { BatchStored, ReadingIn, RowError } from "./generated/schemas.js";
import { positive, type RequestOptions } from "./options.js";
import { Content } from "./transport.js";
import { backOff, pause, randomName } from "./waiting.js";

/** How readings are collected. */
export interface BatchOptions {
  /** The most readings in one request, up to 10,000. By default 1,000. */
  maxRows?: number;
  /** The largest request in bytes, up to 8 MiB. By default 4 MiB. */
  maxBytes?: number;
  /** How long a reading may wait for others, in milliseconds. By default 1,000. */
  maxWaitMs?: number;
  /** How many readings may wait; `add` waits while there are more. By default 10,000. */
  maxQueued?: number;
  signal?: AbortSignal;
  /** Called for each reading that the server rejects, with the reasons. */
  onRejected?: (reading: ReadingIn, errors: RowError[]) => void;
  /** Called when readings could not be sent. They stay queued, and are sent again. */
  onError?: (error: BatchError) => void;
}

type Send = (rows: Content<"application/x-ndjson">, options: RequestOptions) => Promise<BatchStored>;

interface Row {
  reading: ReadingIn;
  /** Its JSON: each repetition has the same content, also if the caller changes the object. */
  text: string;
  bytes: number;
}

interface Sending {
  rows: Row[];
  /** The same in each repetition, so that nothing is stored twice. */
  key: string;
}

/** The code of old readings that come too fast: they are sent again. */
const PACED = "limits.backfill_paced";
/** Answers that say that a repetition of the batch would be refused too. */
const FINAL = new Set([400, 413, 415, 422]);

/**
 * Collects readings and sends them in batches, one request at a time and in order. A batch is repeated until the server has
 * acknowledged it, and stored once.
 */
export class Batch {
  /** How many readings the server accepted; of these, how many it already had and keeps apart; and how many it rejected. */
  readonly counts = { accepted: 0, duplicates: 0, quarantined: 0, rejected: 0 };
  readonly #send: Send;
  readonly #options: BatchOptions;
  readonly #maxRows: number;
  readonly #maxBytes: number;
  #rows: Row[] = [];
  #batch: Sending | undefined;
  #sending: Promise<void> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;
  #closed = false;
  #room: (() => void)[] = [];

  constructor(send: Send, options: BatchOptions) {
    this.#send = send;
    this.#options = options;
    this.#maxRows = Math.min(10_000, positive("maxRows", options.maxRows ?? 1_000));
    this.#maxBytes = Math.min(8 * 1024 * 1024, positive("maxBytes", options.maxBytes ?? 4 * 1024 * 1024));
  }

  /** How many readings wait, those that are being sent included. */
  get queued(): number {
    return this.#rows.length + (this.#batch?.rows.length ?? 0);
  }

  /** Queue a reading. Waits while too many are queued. Without a `time`, it has the current one. */
  async add(reading: ReadingIn): Promise<void> {
    while (!this.#closed && this.queued >= (this.#options.maxQueued ?? 10_000)) {
      await new Promise<void>((resolve) => this.#room.push(resolve));
    }
    if (this.#closed) throw new ConfigurationError("the batch is closed");
    // Now, and not when the batch arrives.
    const text = JSON.stringify({ ...reading, time: reading.time ?? new Date().toISOString() });
    this.#rows.push({ reading, text, bytes: new TextEncoder().encode(text).length + 1 });
    if (this.#rows.length >= this.#maxRows) this.#start();
    else this.#later(this.#options.maxWaitMs ?? 1_000);
  }

  /** Send everything that is queued. Throws `BatchError` if some of it could not be sent: that stays queued. */
  async flush(): Promise<void> {
    while (this.queued > 0) await this.#once();
  }

  /** Send everything and end. Throws `BatchError` if some of it could not be sent: it stays queued, and `close` can be called again. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#free();
    await this.flush();
    clearTimeout(this.#timer);
  }

  #later(ms: number): void {
    this.#timer ??= setTimeout(() => this.#start(), ms);
  }

  /** Send in the background. */
  #start(): void {
    this.#once().then(
      () => this.#rows.length && (this.#rows.length >= this.#maxRows ? this.#start() : this.#later(this.#options.maxWaitMs ?? 1_000)),
      (error: BatchError) => this.#options.onError?.(error),
    );
  }

  /** Send one batch, or wait for the one that is being sent. */
  #once(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#sending ??= this.#sent().finally(() => (this.#sending = undefined));
    return this.#sending;
  }

  async #sent(): Promise<void> {
    const batch = (this.#batch ??= this.#cut());
    if (batch === undefined) return;
    let later: Row[] = [];
    let waitMs = 0;
    try {
      const { signal } = this.#options;
      const lines = new Content("application/x-ndjson", batch.rows.map((one) => one.text).join("\n"));
      const done = await this.#send(lines, { idempotencyKey: batch.key, ...(signal && { signal }) });
      this.counts.accepted += done.accepted;
      this.counts.duplicates += done.duplicates;
      this.counts.quarantined += done.quarantined;
      this.#reject(batch, done.errors.filter((one) => one.code !== PACED));
      const paced = new Set(done.errors.filter((one) => one.code === PACED).map((one) => one.row));
      later = batch.rows.filter((_, row) => paced.has(row));
      waitMs = (retryAfterOf(answerOf(done)?.headers ?? new Headers()) ?? 1) * 1000;
    } catch (error) {
      if (!(error instanceof ApiError) || !FINAL.has(error.status)) {
        if (!this.#closed && !this.#options.signal?.aborted) this.#later(backOff(this.#failures, 1_000, 30_000));
        this.#failures += 1;
        throw new BatchError(`${this.queued} readings wait: ${(error as Error).message}`, { cause: error });
      }
      this.#reject(batch, rowsOf(error, batch.rows.length));
    }
    this.#failures = 0;
    this.#batch = later.length ? { rows: later, key: randomName() } : undefined;
    this.#free();
    if (later.length) await pause(waitMs, this.#options.signal);
  }

  #cut(): Sending | undefined {
    let count = 0;
    for (let bytes = 0; count < Math.min(this.#maxRows, this.#rows.length); count += 1) {
      bytes += (this.#rows[count] as Row).bytes;
      if (count > 0 && bytes > this.#maxBytes) break;
    }
    return count ? { rows: this.#rows.splice(0, count), key: randomName() } : undefined;
  }

  #reject(batch: Sending, errors: RowError[]): void {
    const byRow = new Map<number, RowError[]>();
    for (const one of errors) byRow.set(one.row, [...(byRow.get(one.row) ?? []), one]);
    this.counts.rejected += byRow.size;
    for (const [row, found] of byRow) {
      const { reading } = batch.rows[row] ?? {};
      if (reading) this.#options.onRejected?.(reading, found);
    }
  }

  #free(): void {
    for (const resolve of this.#room.splice(0)) resolve();
  }
}

/** The reasons of an error for each row: its own, or that of the whole batch. */
function rowsOf(error: ApiError, count: number): RowError[] {
  const { errors } = error.body as { errors?: RowError[] };
  if (Array.isArray(errors) && errors.length && errors.every((one) => typeof one.row === "number")) return errors;
  return Array.from({ length: count }, (_, row) => ({ row, code: error.code, detail: error.detail, field: "" }));
}
