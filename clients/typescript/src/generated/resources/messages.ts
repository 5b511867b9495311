// Generated from the OpenAPI document by `make clients`: change the generator, not this file.
import { Resource } from "../../resource.js";
import type { RequestOptions } from "../../options.js";
import { segment } from "../../transport.js";
import type { Paged } from "../../pages.js";
import type * as schemas from "../schemas.js";

/** The query of `messages.list`. */
export interface MessagesListQuery {
  /** Only messages of this address: its id (`ina_…`), or the number or alias itself. */
  address?: string;
  /** Only those of this channel. */
  channel?: "mail" | "sms";
  /** Only messages that were received (`inbound`), or only those that were sent (`outbound`). */
  direction?: "inbound" | "outbound";
  /** Only those with this status. */
  status?: "delivered" | "failed" | "queued" | "received" | "sending" | "sent" | "unknown";
  /** Only messages of this sender. */
  from?: string | number | Date;
  /** Start, included: RFC 3339, or epoch seconds or milliseconds. */
  since?: string | number | Date;
  /** End, excluded: RFC 3339, or epoch seconds or milliseconds. */
  until?: string | number | Date;
  /** Whether only received messages that are not marked as read are listed. */
  unread?: boolean;
  /** Maximum number of results. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
}

/** The query of `messages.waitForNext`. */
export interface MessagesWaitForNextQuery {
  /** The address at which to wait: its id (`ina_…`), or the number or alias itself. */
  address: string;
  /** How long to wait, in seconds. */
  timeout?: number;
  /** The id of a message: the next one after it is returned, also if it arrived before the call. */
  after?: string;
}

/** Phone numbers and mail aliases that receive messages, who can use them, the messages, and accounts at providers. */
export class MessagesResource extends Resource {
  /**
   * Get a message.
   *
   * Who was shown a received message is in the audit log.
   *
   * Requires the scope `sms:read`: Read the messages of inboxes.
   */
  get(inboxMessageId: string, options?: RequestOptions): Promise<schemas.Message> {
    return this.transport.call({ method: "GET", path: `/api/v2/inbox/messages/${segment(inboxMessageId)}` }, options);
  }

  /**
   * List messages.
   *
   * Newest first, of the addresses that you can access. Who was shown received messages is in the audit log.
   *
   * Which messages to list. `address` is the id or the value of an address; `until` is excluded.
   *
   * Requires the scope `sms:read`: Read the messages of inboxes.
   */
  list(query: MessagesListQuery = {}, options?: RequestOptions): Paged<schemas.Message, schemas.ListOf_Message> {
    return this.transport.list({ method: "GET", path: "/api/v2/inbox/messages", query }, options);
  }

  /**
   * Mark a message as read.
   *
   * Of a message that is marked, the time stays.
   *
   * Requires the scope `sms:read`: Read the messages of inboxes.
   */
  markRead(inboxMessageId: string, options?: RequestOptions): Promise<schemas.Message> {
    return this.transport.call({ method: "POST", path: `/api/v2/inbox/messages/${segment(inboxMessageId)}/read`, idempotent: true }, options);
  }

  /**
   * Send an SMS.
   *
   * It is sent in the background, at most once; the SMS of one number in the order of the calls. Plans without SMS
   * answer 403, and each SMS counts towards the limit of the month. Without an SMS account on its number it is only
   * logged.
   *
   * Requires the scope `sms:send`: Send SMS.
   */
  send(body: schemas.MessageSend, options?: RequestOptions): Promise<schemas.QueuedMessage> {
    return this.transport.call({ method: "POST", path: "/api/v2/inbox/messages", body, idempotent: true }, options);
  }

  /**
   * Wait for the next message.
   *
   * Returns the next message that an address receives, as soon as it is there: for CI, which waits for a code. With
   * `after`, a message that arrived since then is returned immediately. If none arrives in time, the status is 204.
   *
   * The message to wait for.
   *
   * `address` is the id or the value of an address. The first message counts that arrives after this call, or after the
   * message `after`. `timeout` is in seconds.
   *
   * Requires the scope `sms:read`: Read the messages of inboxes.
   */
  waitForNext(query: MessagesWaitForNextQuery, options?: RequestOptions): Promise<schemas.Message | undefined> {
    return this.transport.call({ method: "GET", path: "/api/v2/inbox/messages/next", query }, options);
  }
}
