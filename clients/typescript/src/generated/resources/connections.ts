// Generated from the OpenAPI document by `make clients`: change the generator, not this file.
import { Resource } from "../../resource.js";
import type { RequestOptions } from "../../options.js";
import { segment } from "../../transport.js";
import type { Paged } from "../../pages.js";
import type * as schemas from "../schemas.js";

/** The query of `connections.ingestMessage`. */
export interface ConnectionsIngestMessageQuery {
  /** The kind of ChirpStack's event, such as `up`; if omitted, it is detected from the keys of the body. */
  event?: string;
}

/** The query of `connections.list`. */
export interface ConnectionsListQuery {
  /** Maximum number of results. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
  /** Only connections of this type. */
  type?: "chirpstack" | "custom" | "lorawan_http" | "mqtt" | "things_stack";
  /** Only connections with this status: active or paused. */
  status?: "active" | "paused";
  /** A project's id (`prj_…`). */
  project_id?: string;
  /** A text to search for. A to Z are the same as a to z, and `%` and `_` stand for themselves. */
  q?: string;
  /** The order; descending with a leading minus sign. A `cursor` continues only the order that it was returned for. */
  sort?: "-created_at" | "-name" | "created_at" | "name";
}

/** Readings from external servers: LoRaWAN network servers, brokers, your own HTTP server. */
export class ConnectionsResource extends Resource {
  /**
   * Create a connection.
   *
   * The response contains the connection's secret, once. The external server sends it with each request, as
   * `X-Connection-Secret` or `Authorization: Bearer`.
   *
   * Requires the scope `connections:write`: Create, change and delete connections to brokers and network servers.
   */
  create(body: schemas.ConnectionCreate, options?: RequestOptions): Promise<schemas.CreatedConnection> {
    return this.transport.call({ method: "POST", path: "/api/v2/connections", body, idempotent: true }, options);
  }

  /**
   * Delete a connection.
   *
   * The readings that it received are kept.
   *
   * Requires the scope `connections:write`: Create, change and delete connections to brokers and network servers.
   */
  delete(connectionId: string, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: "DELETE", path: `/api/v2/connections/${segment(connectionId)}` }, options);
  }

  /**
   * Get a connection.
   *
   * Requires the scope `connections:read`: See connections to brokers and network servers.
   */
  get(connectionId: string, options?: RequestOptions): Promise<schemas.Connection> {
    return this.transport.call({ method: "GET", path: `/api/v2/connections/${segment(connectionId)}` }, options);
  }

  /**
   * Get the connection of a device.
   *
   * This is the connection through which it last reported. It is updated within a second or two.
   *
   * Requires the scope `connections:read`: See connections to brokers and network servers.
   */
  getOfDevice(deviceId: string, options?: RequestOptions): Promise<schemas.DeviceRoute> {
    return this.transport.call({ method: "GET", path: `/api/v2/devices/${segment(deviceId)}/connection` }, options);
  }

  /**
   * Ingest a message from a network server.
   *
   * Called by the network server with the connection's secret (`X-Connection-Secret` or `Authorization: Bearer`), or
   * with an API key. Accepts bodies of ChirpStack 4 and 3, of The Things Stack 3, and JSON with `dev_eui`, `timestamp`
   * and values. A 200 means that the message is on disk. The readings of an unregistered device are stored, and are
   * assigned to the device when it is registered. A message delivered twice is stored once.
   *
   * The type of event that ChirpStack reports, such as `up`. If omitted, it is derived from the body's keys.
   *
   * Requires the scope `telemetry:write`: Send readings for devices.
   *
   * In `options.headers`: `X-Connection-Secret`: The connection's secret.
   */
  ingestMessage(
    connectionId: string,
    body: Record<string, unknown>,
    query: ConnectionsIngestMessageQuery = {},
    options?: RequestOptions,
  ): Promise<schemas.Ingested> {
    return this.transport.call({ method: "POST", path: `/api/v2/ingest/${segment(connectionId)}`, query, body }, options);
  }

  /**
   * List connections.
   *
   * Newest first by default. Filters are combined with AND.
   *
   * Filters for connections. `q` is searched for in the name.
   *
   * Requires the scope `connections:read`: See connections to brokers and network servers.
   */
  list(
    query: ConnectionsListQuery = {},
    options?: RequestOptions,
  ): Paged<schemas.Connection, schemas.ListOf_Connection> {
    return this.transport.list({ method: "GET", path: "/api/v2/connections", query }, options);
  }

  /**
   * List the types of connections.
   *
   * Requires the scope `connectors:read`: See the catalogue of connectors.
   */
  listConnectors(options?: RequestOptions): Promise<schemas.ListOf_Connector> {
    return this.transport.call({ method: "GET", path: "/api/v2/connectors" }, options);
  }

  /**
   * Pause a connection.
   *
   * A paused connection accepts no messages: requests are rejected with 403, and a broker is disconnected.
   *
   * Requires the scope `connections:write`: Create, change and delete connections to brokers and network servers.
   */
  pause(connectionId: string, options?: RequestOptions): Promise<schemas.Connection> {
    return this.transport.call({ method: "POST", path: `/api/v2/connections/${segment(connectionId)}/pause`, idempotent: true }, options);
  }

  /**
   * Resume a paused connection.
   *
   * Requires the scope `connections:write`: Create, change and delete connections to brokers and network servers.
   */
  resume(connectionId: string, options?: RequestOptions): Promise<schemas.Connection> {
    return this.transport.call({ method: "POST", path: `/api/v2/connections/${segment(connectionId)}/resume`, idempotent: true }, options);
  }

  /**
   * Rotate a connection's secret.
   *
   * The new secret is returned only here. The previous one becomes invalid before the response arrives, or after
   * `overlap_s`. Network servers do not repeat rejected messages, so allow enough time to configure the new secret
   * there.
   *
   * Requires the scope `connections:write`: Create, change and delete connections to brokers and network servers.
   */
  rotateSecret(
    connectionId: string,
    body?: schemas.RotateSecret,
    options?: RequestOptions,
  ): Promise<schemas.CreatedConnection> {
    return this.transport.call({ method: "POST", path: `/api/v2/connections/${segment(connectionId)}/secret`, body, idempotent: true }, options);
  }

  /**
   * Set the connection of a device.
   *
   * For a device that receives commands but never reports, or has not reported yet. The setting applies until the
   * device reports through another connection.
   *
   * Requires the scope `connections:write`: Create, change and delete connections to brokers and network servers.
   */
  setOfDevice(deviceId: string, body: schemas.SetDeviceRoute, options?: RequestOptions): Promise<schemas.DeviceRoute> {
    return this.transport.call({ method: "PUT", path: `/api/v2/devices/${segment(deviceId)}/connection`, body }, options);
  }

  /**
   * Change a connection.
   *
   * Omitted fields are unchanged, also inside `settings`; null clears a field. Lists are replaced as a whole. A stored
   * secret is kept until you send a new one or clear it. If you change the address to which a secret is sent, you must
   * send the secret again. The type cannot be changed.
   *
   * Requires the scope `connections:write`: Create, change and delete connections to brokers and network servers.
   */
  update(connectionId: string, body?: schemas.ConnectionPatch, options?: RequestOptions): Promise<schemas.Connection> {
    return this.transport.call({ method: "PATCH", path: `/api/v2/connections/${segment(connectionId)}`, body }, options);
  }
}
