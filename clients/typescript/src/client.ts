import { Resources } from "./generated/resources.js";
import type { ClientOptions } from "./options.js";
import { StreamsResource } from "./streams.js";
import { TelemetryResource } from "./telemetry.js";
import { Transport } from "./transport.js";

/**
 * A client of a Penstock server. Its resources have the methods of the API: `client.devices.list({ q: "pump" })`.
 *
 * The key is sent in headers only. It is in no text of an error, and not in what logging the client prints.
 */
export class Penstock extends Resources {
  override readonly telemetry: TelemetryResource;
  override readonly streams: StreamsResource;
  readonly #baseUrl: string;

  constructor(options: ClientOptions) {
    const transport = new Transport(options);
    super(transport);
    this.telemetry = new TelemetryResource(transport);
    this.streams = new StreamsResource(transport);
    this.#baseUrl = transport.settings.baseUrl;
  }

  override toString(): string {
    return `Penstock(${this.#baseUrl})`;
  }
}
