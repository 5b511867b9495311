// Generated from the OpenAPI document by `make clients`: change the generator, not this file.
import { Resource } from "../../resource.js";
import type { RequestOptions } from "../../options.js";
import { segment } from "../../transport.js";
import type { Paged } from "../../pages.js";
import type * as schemas from "../schemas.js";

/** The query of `webhookMessages.list`. */
export interface WebhookMessagesListQuery {
  /** Only messages to this endpoint (`whe_…`). */
  webhook_id?: string;
  /** A topic such as `device.offline`, or a prefix: `device.*`. */
  topic?: string;
  /** Only messages with this status. */
  status?: "delivered" | "expired" | "failed" | "pending";
  /** Start, included: RFC 3339, or epoch seconds or milliseconds. */
  from?: string | number | Date;
  /** End, excluded: RFC 3339, or epoch seconds or milliseconds. By default now. */
  to?: string | number | Date;
  /** Maximum number of results. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
}

/** The query of `webhookMessages.listAttempts`. */
export interface WebhookMessagesListAttemptsQuery {
  /** Maximum number of results. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
}

/** Endpoints that receive events, their messages and delivery attempts, and replay. */
export class WebhookMessagesResource extends Resource {
  /**
   * Get a webhook message with its payload.
   *
   * You need the scope of its topic.
   *
   * Requires the scope `webhooks:read`: See webhook endpoints and deliveries.
   */
  get(messageId: string, options?: RequestOptions): Promise<schemas.WebhookMessage> {
    return this.transport.call({ method: "GET", path: `/api/v2/webhook-messages/${segment(messageId)}` }, options);
  }

  /**
   * List webhook messages.
   *
   * Newest first, without their payloads.
   *
   * Filters for messages. A topic can be `alert.*`; times are those of queueing.
   *
   * Requires the scope `webhooks:read`: See webhook endpoints and deliveries.
   */
  list(
    query: WebhookMessagesListQuery = {},
    options?: RequestOptions,
  ): Paged<schemas.WebhookMessage, schemas.ListOf_WebhookMessage> {
    return this.transport.list({ method: "GET", path: "/api/v2/webhook-messages", query }, options);
  }

  /**
   * List the attempts to deliver a message.
   *
   * Newest first, with the start of each response. You need the scope of the message's topic.
   *
   * A page of the list. Send the `next_cursor` of a response as `cursor` to get the next page.
   *
   * Requires the scope `webhooks:read`: See webhook endpoints and deliveries.
   */
  listAttempts(
    messageId: string,
    query: WebhookMessagesListAttemptsQuery = {},
    options?: RequestOptions,
  ): Paged<schemas.WebhookAttempt, schemas.ListOf_WebhookAttempt> {
    return this.transport.list({ method: "GET", path: `/api/v2/webhook-messages/${segment(messageId)}/attempts`, query }, options);
  }

  /**
   * Replay a message.
   *
   * Keeps the id and restarts the schedule. You need the scope of its topic.
   *
   * Requires the scope `webhooks:write`: Create, change and delete webhook endpoints and deliveries.
   */
  replay(messageId: string, options?: RequestOptions): Promise<schemas.WebhookMessage> {
    return this.transport.call({ method: "POST", path: `/api/v2/webhook-messages/${segment(messageId)}/replay`, idempotent: true }, options);
  }
}
