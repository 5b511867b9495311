// Generated from the OpenAPI document by `make clients`: change the generator, not this file.
import { Resource } from "../../resource.js";
import type { RequestOptions } from "../../options.js";
import type * as schemas from "../schemas.js";

/** Readings as they arrive, over Server-Sent Events and WebSocket. */
export class StreamsResource extends Resource {
  /**
   * Create a ticket for one stream.
   *
   * For browsers, which cannot set headers on streams: send it as `?ticket=…`, within a minute. From then on the same
   * browser can open the same stream with it again for a day, so that an `EventSource` resumes by itself.
   *
   * Requires the scope `telemetry:read`: See readings and live streams.
   */
  createTicket(options?: RequestOptions): Promise<schemas.Ticket> {
    return this.transport.call({ method: "POST", path: "/api/v2/streams/tickets", idempotent: true }, options);
  }
}
