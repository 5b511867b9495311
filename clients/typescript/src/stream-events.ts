import type { Reading } from "./generated/schemas.js";

/** A reading of a stream: that of the API, with its project. */
export interface LiveReading extends Reading {
  project_id: string;
}

/** Readings that are no longer in the log, so that a stream cannot replay them. The history of the devices still has them. */
export interface Gap {
  reason: string;
  requested_after: number;
  resumes_after: number;
}

/** A change of a command, a device's connectivity, an alert and so on: the data that webhooks send, with the topic as `event`. */
export interface Notice {
  event?: string;
  device_id?: string;
  [field: string]: unknown;
}

/** One event of a stream. `cursor` is the position after it, from which another stream can continue. */
export type StreamEvent =
  | { name: "reading"; cursor: number; data: LiveReading }
  | { name: "gap"; cursor: number; data: Gap }
  | { name: "command" | "connectivity" | "event" | "alert" | "sms"; cursor: number; data: Notice };

/** Which events a stream has. An empty filter is every reading that the key can access. */
export interface StreamFilter {
  /** Ids of devices. */
  devices?: readonly string[];
  project?: string;
  /** Kinds of readings. */
  kinds?: readonly string[];
  /** Keys of sensors: only readings that contain one of them, and only these values. */
  keys?: readonly string[];
  /** Also changes of executions; requires the scope `commands:read`. */
  commands?: boolean;
  /** Also devices that come online or go offline; requires `devices:read`. */
  connectivity?: boolean;
  /** Also what network servers report about devices; requires `devices:read`. */
  events?: boolean;
  /** Also alerts and alarms of meters; requires `alerts:read`. */
  alerts?: boolean;
  /** Also the messages of inboxes; requires `sms:read`. */
  sms?: boolean;
}

/** How a stream is kept. */
export interface StreamOptions {
  /** Continue after this position: the `cursor` of an earlier stream. */
  cursor?: number;
  signal?: AbortSignal;
  /** How long nothing may come, not even a heartbeat, before the connection is replaced. Milliseconds; by default 45,000. */
  silenceMs?: number;
  /** The first wait before a new connection, in milliseconds; it doubles up to 30 s while none succeeds. By default 500. */
  reconnectMs?: number;
  /** How many connections in a row may fail before the error is thrown. By default without a limit. */
  maxReconnects?: number;
  /** Called when a connection is open: what is sent from now on arrives. */
  onOpen?: (cursor: number) => void;
  /** Called when a connection was lost and will be replaced. */
  onReconnect?: (error: Error) => void;
}

/** The query of a filter, as the server reads it. */
export function queryOf(filter: StreamFilter): Record<string, unknown> {
  const { devices, kinds, keys, project, ...switches } = filter;
  const lists = Object.entries({ devices, kinds, keys }).map(([name, value]) => [name, value?.length ? value.join(",") : undefined]);
  const on = Object.entries(switches).filter(([, value]) => value);
  return Object.fromEntries([...lists, ["project", project], ...on.map(([name]) => [name, "true"])]) as Record<string, unknown>;
}
