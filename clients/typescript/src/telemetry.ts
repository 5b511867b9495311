import { Batch, type BatchOptions } from "./batches.js";
import { ConnectionFailedError } from "./errors.js";
import { TelemetryResource as Generated, type TelemetryListQuery } from "./generated/resources/telemetry.js";
import type { Reading } from "./generated/schemas.js";
import type { RequestOptions } from "./options.js";

/** Which readings of a device to download. */
export type HistoryQuery = Omit<TelemetryListQuery, "cursor">;

const PAGE_ROWS = 10_000;

/** Readings: those of the API, batches of any length, and histories of any length. */
export class TelemetryResource extends Generated {
  /** The readings of a device, oldest first: as many as there are in the range, requested page by page while you read. */
  async *downloadHistory(
    deviceId: string,
    query: HistoryQuery = {},
    options: RequestOptions = {},
  ): AsyncGenerator<Reading, void, undefined> {
    const asked: TelemetryListQuery = { order: "asc", limit: PAGE_ROWS, ...query };
    const first = await this.list(deviceId, asked, options).page();
    yield* first.data;
    if (!first.next_cursor) return;
    // The range of the first page: one that ends now would move.
    const { from, to } = first.query;
    yield* this.list(deviceId, { ...asked, range: undefined, from, to, cursor: first.next_cursor }, options);
  }

  /** Collects readings and sends them in batches. End it with `close`. */
  batch(options: BatchOptions = {}): Batch {
    return new Batch((rows, about) => this.send(rows, about), options);
  }
}

/** The rows of an export in NDJSON, while it arrives: of `client.telemetry.export(id, { format: "ndjson" })`, for example. */
export async function* ndjson<T = Record<string, unknown>>(response: Response): AsyncGenerator<T, void, undefined> {
  if (!response.body) return;
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for (;;) {
      const piece = await reader.read().catch((error: Error) => {
        throw error.name === "AbortError" ? error : new ConnectionFailedError(`the answer was interrupted: ${error.message}`);
      });
      rest += piece.done ? decoder.decode() : decoder.decode(piece.value, { stream: true });
      const lines = rest.split("\n");
      rest = piece.done ? "" : (lines.pop() ?? "");
      for (const line of lines) if (line.trim()) yield JSON.parse(line) as T;
      if (piece.done) return;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
