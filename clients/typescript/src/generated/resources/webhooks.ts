// Generated from the OpenAPI document by `make clients`: change the generator, not this file.
import { Resource } from "../../resource.js";
import type { RequestOptions } from "../../options.js";
import { segment } from "../../transport.js";
import type { Paged } from "../../pages.js";
import type * as schemas from "../schemas.js";

/** The query of `webhooks.list`. */
export interface WebhooksListQuery {
  /** Maximum number of results. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
  /** A text to search for. A to Z are the same as a to z, and `%` and `_` stand for themselves. */
  q?: string;
  /** The order; descending with a leading minus sign. A `cursor` continues only the order that it was returned for. */
  sort?: "-created_at" | "-name" | "created_at" | "name";
  /** Only endpoints of this project (`prj_…`). */
  project_id?: string;
}

/** Endpoints that receive events, their messages and delivery attempts, and replay. */
export class WebhooksResource extends Resource {
  /**
   * Create a webhook endpoint.
   *
   * The response contains, once, the secret that signs its messages. An address that is not public is rejected, here or
   * when a message is sent. You need the scope of each topic (see the list of topics): an endpoint receives only events
   * that its author can read.
   *
   * Requires the scope `webhooks:write`: Create, change and delete webhook endpoints and deliveries.
   */
  create(body: schemas.WebhookCreate, options?: RequestOptions): Promise<schemas.CreatedWebhook> {
    return this.transport.call({ method: "POST", path: "/api/v2/webhooks", body, idempotent: true }, options);
  }

  /**
   * Delete a webhook endpoint.
   *
   * Its messages are deleted with it; waiting ones are not sent.
   *
   * Requires the scope `webhooks:write`: Create, change and delete webhook endpoints and deliveries.
   */
  delete(webhookId: string, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: "DELETE", path: `/api/v2/webhooks/${segment(webhookId)}` }, options);
  }

  /**
   * Disable a webhook endpoint.
   *
   * No messages are sent to it, and new events create no messages for it. Waiting messages keep waiting.
   *
   * Requires the scope `webhooks:write`: Create, change and delete webhook endpoints and deliveries.
   */
  disable(webhookId: string, options?: RequestOptions): Promise<schemas.Webhook> {
    return this.transport.call({ method: "POST", path: `/api/v2/webhooks/${segment(webhookId)}/disable`, idempotent: true }, options);
  }

  /**
   * Enable a webhook endpoint.
   *
   * Waiting messages are sent, and the endpoint receives all events from now on.
   *
   * Requires the scope `webhooks:write`: Create, change and delete webhook endpoints and deliveries.
   */
  enable(webhookId: string, options?: RequestOptions): Promise<schemas.Webhook> {
    return this.transport.call({ method: "POST", path: `/api/v2/webhooks/${segment(webhookId)}/enable`, idempotent: true }, options);
  }

  /**
   * Get a webhook endpoint.
   *
   * Requires the scope `webhooks:read`: See webhook endpoints and deliveries.
   */
  get(webhookId: string, options?: RequestOptions): Promise<schemas.Webhook> {
    return this.transport.call({ method: "GET", path: `/api/v2/webhooks/${segment(webhookId)}` }, options);
  }

  /**
   * List webhook endpoints.
   *
   * Newest first by default.
   *
   * Filters for endpoints. `q` is searched for in name and URL.
   *
   * Requires the scope `webhooks:read`: See webhook endpoints and deliveries.
   */
  list(query: WebhooksListQuery = {}, options?: RequestOptions): Paged<schemas.Webhook, schemas.ListOf_Webhook> {
    return this.transport.list({ method: "GET", path: "/api/v2/webhooks", query }, options);
  }

  /**
   * List the topics of webhooks.
   *
   * All on one page. `scope` is required to subscribe an endpoint to the topic, and to read the payloads of its
   * messages.
   *
   * Requires the scope `webhooks:read`: See webhook endpoints and deliveries.
   */
  listTopics(options?: RequestOptions): Promise<schemas.ListOf_WebhookTopic> {
    return this.transport.call({ method: "GET", path: "/api/v2/webhook-topics" }, options);
  }

  /**
   * Replay messages of an endpoint.
   *
   * The failed ones, or those selected by status, topic and time. Each keeps its id and restarts its schedule.
   *
   * Requires the scope `webhooks:write`: Create, change and delete webhook endpoints and deliveries.
   */
  replay(webhookId: string, body?: schemas.WebhookReplay, options?: RequestOptions): Promise<schemas.WebhookReplayed> {
    return this.transport.call({ method: "POST", path: `/api/v2/webhooks/${segment(webhookId)}/replay`, body, idempotent: true }, options);
  }

  /**
   * Rotate the secret of a webhook endpoint.
   *
   * For some time both secrets sign, so that the receiver can change over.
   *
   * Requires the scope `webhooks:write`: Create, change and delete webhook endpoints and deliveries.
   */
  rotateSecret(
    webhookId: string,
    body?: schemas.WebhookRotate,
    options?: RequestOptions,
  ): Promise<schemas.CreatedWebhook> {
    return this.transport.call({ method: "POST", path: `/api/v2/webhooks/${segment(webhookId)}/rotate-secret`, body, idempotent: true }, options);
  }

  /**
   * Send a test message.
   *
   * Its topic is `webhook.test`, to which no endpoint needs to subscribe. The message's attempts show the outcome.
   *
   * Requires the scope `webhooks:write`: Create, change and delete webhook endpoints and deliveries.
   */
  test(webhookId: string, options?: RequestOptions): Promise<schemas.WebhookMessage> {
    return this.transport.call({ method: "POST", path: `/api/v2/webhooks/${segment(webhookId)}/test`, idempotent: true }, options);
  }

  /**
   * Change a webhook endpoint.
   *
   * Omitted fields are unchanged, null clears a field. Waiting messages are sent to the new URL as they are. The format
   * cannot be changed: create another endpoint instead. You need the scope of each topic, old and new, and of each
   * waiting message if the URL changes.
   *
   * Requires the scope `webhooks:write`: Create, change and delete webhook endpoints and deliveries.
   */
  update(webhookId: string, body?: schemas.WebhookPatch, options?: RequestOptions): Promise<schemas.Webhook> {
    return this.transport.call({ method: "PATCH", path: `/api/v2/webhooks/${segment(webhookId)}`, body }, options);
  }
}
