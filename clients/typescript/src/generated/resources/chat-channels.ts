// Generated from the OpenAPI document by `make clients`: change the generator, not this file.
import { Resource } from "../../resource.js";
import type { RequestOptions } from "../../options.js";
import { segment } from "../../transport.js";
import type { Paged } from "../../pages.js";
import type * as schemas from "../schemas.js";

/** The query of `chatChannels.list`. */
export interface ChatChannelsListQuery {
  /** Maximum number of results. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
  /** A text to search for. A to Z are the same as a to z, and `%` and `_` stand for themselves. */
  q?: string;
  /** The order; descending with a leading minus sign. A `cursor` continues only the order that it was returned for. */
  sort?: "-created_at" | "-name" | "created_at" | "name";
}

/** Chat channels that alerts and rules post to, and quiet hours. */
export class ChatChannelsResource extends Resource {
  /**
   * Create a chat channel.
   *
   * Alerts and rules post to it by its name. The credential in its address is never returned again. An address that is
   * not public is rejected, here or when a message is sent. It also requires `alerts:read` and `rules:read`.
   *
   * Requires the scope `notifications:write`: Create, change and delete notification settings.
   */
  create(body: schemas.ChannelCreate, options?: RequestOptions): Promise<schemas.Channel> {
    return this.transport.call({ method: "POST", path: "/api/v2/notification-channels", body, idempotent: true }, options);
  }

  /**
   * Delete a chat channel.
   *
   * Actions of alerts and rules that name it fail from then on.
   *
   * Requires the scope `notifications:write`: Create, change and delete notification settings.
   */
  delete(channelId: string, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: "DELETE", path: `/api/v2/notification-channels/${segment(channelId)}` }, options);
  }

  /**
   * Get a chat channel.
   *
   * `failures` and `last_error` show whether its messages are accepted.
   *
   * Requires the scope `notifications:read`: See notification settings.
   */
  get(channelId: string, options?: RequestOptions): Promise<schemas.Channel> {
    return this.transport.call({ method: "GET", path: `/api/v2/notification-channels/${segment(channelId)}` }, options);
  }

  /**
   * List chat channels.
   *
   * Newest first by default.
   *
   * A page of the list, newest first unless sorted otherwise.
   *
   * Requires the scope `notifications:read`: See notification settings.
   */
  list(query: ChatChannelsListQuery = {}, options?: RequestOptions): Paged<schemas.Channel, schemas.ListOf_Channel> {
    return this.transport.list({ method: "GET", path: "/api/v2/notification-channels", query }, options);
  }

  /**
   * Send a test message to a chat channel.
   *
   * The message is sent immediately; the response states whether the chat service accepted it.
   *
   * Requires the scope `notifications:write`: Create, change and delete notification settings.
   */
  test(channelId: string, options?: RequestOptions): Promise<schemas.ChannelTested> {
    return this.transport.call({ method: "POST", path: `/api/v2/notification-channels/${segment(channelId)}/test` }, options);
  }

  /**
   * Change a chat channel.
   *
   * Omitted fields are unchanged. The count of failures is reset. It also requires `alerts:read` and `rules:read`.
   *
   * Requires the scope `notifications:write`: Create, change and delete notification settings.
   */
  update(channelId: string, body?: schemas.ChannelPatch, options?: RequestOptions): Promise<schemas.Channel> {
    return this.transport.call({ method: "PATCH", path: `/api/v2/notification-channels/${segment(channelId)}`, body }, options);
  }
}
