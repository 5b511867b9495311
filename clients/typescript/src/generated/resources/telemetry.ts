// Generated from the OpenAPI document by `make clients`: change the generator, not this file.
import { Resource } from "../../resource.js";
import type { RequestOptions } from "../../options.js";
import type { Content } from "../../transport.js";
import { joined, segment } from "../../transport.js";
import type { Paged } from "../../pages.js";
import type * as schemas from "../schemas.js";

/** The query of `telemetry.aggregate`. */
export interface TelemetryAggregateQuery {
  /** The length of a bucket. */
  bucket?: string;
  /** Start, included: RFC 3339, or epoch seconds or milliseconds. */
  from?: string | number | Date;
  /** End, excluded: RFC 3339, or epoch seconds or milliseconds. By default now. */
  to?: string | number | Date;
  /** A length such as `90m`, `24h` or `7d` that ends now or at `to`. */
  range?: string;
  /** An IANA time zone, such as `Europe/Brussels`. */
  timezone?: string;
  /** Keys of sensors, separated by commas; by default all sensors. */
  fields?: string | readonly string[];
  /** The `next_fields_after` of the previous response, to continue with the fields after it. */
  fields_after?: string;
  /** The functions to compute, separated by commas. */
  functions?: string | readonly string[];
  /** Whether buckets without readings are returned. */
  empty?: boolean;
}

/** The query of `telemetry.export`. */
export interface TelemetryExportQuery {
  /** The format of the file. */
  format?: "csv" | "ndjson";
  /** Start, included: RFC 3339, or epoch seconds or milliseconds. */
  from?: string | number | Date;
  /** End, excluded: RFC 3339, or epoch seconds or milliseconds. By default now. */
  to?: string | number | Date;
  /** A length such as `90m`, `24h` or `7d` that ends now or at `to`. */
  range?: string;
  /** Keys of sensors, separated by commas; by default all sensors. */
  fields?: string | readonly string[];
}

/** The query of `telemetry.latest`. */
export interface TelemetryLatestQuery {
  /** By event time, or by arrival time. */
  by?: "arrival" | "event";
}

/** The query of `telemetry.latestOfMany`. */
export interface TelemetryLatestOfManyQuery {
  /** Ids of devices, separated by commas; by default all devices. */
  devices: string | readonly string[];
  /** By event time, or by arrival time. */
  by?: "arrival" | "event";
}

/** The query of `telemetry.list`. */
export interface TelemetryListQuery {
  /** Start, included: RFC 3339, or epoch seconds or milliseconds. */
  from?: string | number | Date;
  /** End, excluded: RFC 3339, or epoch seconds or milliseconds. By default now. */
  to?: string | number | Date;
  /** A length such as `90m`, `24h` or `7d` that ends now or at `to`. */
  range?: string;
  /** Keys of sensors, separated by commas; by default all sensors. */
  fields?: string | readonly string[];
  /** Oldest or newest first. */
  order?: "asc" | "desc";
  /** Maximum number of results. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
}

/** The query of `telemetry.listQuarantined`. */
export interface TelemetryListQuarantinedQuery {
  /** Maximum number of results. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
}

/** The query of `telemetry.listQuarantinedOfDevice`. */
export interface TelemetryListQuarantinedOfDeviceQuery {
  /** Maximum number of results. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
}

/** The query of `telemetry.thin`. */
export interface TelemetryThinQuery {
  /** A sensor's key. */
  field: string;
  /** The number of points. */
  points?: number;
  /** Start, included: RFC 3339, or epoch seconds or milliseconds. */
  from?: string | number | Date;
  /** End, excluded: RFC 3339, or epoch seconds or milliseconds. By default now. */
  to?: string | number | Date;
  /** A length such as `90m`, `24h` or `7d` that ends now or at `to`. */
  range?: string;
}

/** Readings: ingestion, latest, history, aggregates, thinned series, exports. */
export class TelemetryResource extends Resource {
  /**
   * Aggregate the values of sensors in buckets of time.
   *
   * Functions: avg, min, max, sum, count, first, last. Buckets: fixed (`10s` … `1d`) or of the calendar (`hour`, `day`,
   * `week`, `month`, `quarter`, `year`) in an IANA time zone, correct across daylight-saving changes. Without `fields`,
   * all fields of the readings in the range are aggregated, 100 at a time: if `truncated` is true, send
   * `next_fields_after` as `fields_after` to get the next.
   *
   * Buckets of time. `bucket` is fixed (`10s` … `1d`) or of the calendar (`hour` … `year`) in `timezone`.
   *
   * Without `fields`, `fields_after` continues with the fields whose names follow this one.
   *
   * Requires the scope `telemetry:read`: See readings and live streams.
   */
  aggregate(
    deviceId: string,
    query: TelemetryAggregateQuery = {},
    options?: RequestOptions,
  ): Promise<schemas.Aggregated> {
    return this.transport.call({ method: "GET", path: `/api/v2/devices/${segment(deviceId)}/telemetry/aggregate`, query: joined(query, "fields", "functions") }, options);
  }

  /**
   * Export the readings of a device.
   *
   * CSV with a column per field of the readings in the range, or NDJSON with a reading per line; oldest first,
   * streamed. The headers `X-Range-From` and `X-Range-To` are the range within the plan's retention. Kind and channel
   * are only in NDJSON. Without `fields`, readings with more than 10,000 different fields are rejected as CSV: name
   * some, or use NDJSON.
   *
   * All readings of a range as a file, oldest first.
   *
   * Requires the scope `telemetry:read`: See readings and live streams.
   */
  export(deviceId: string, query: TelemetryExportQuery = {}, options?: RequestOptions): Promise<Response> {
    return this.transport.call({ method: "GET", path: `/api/v2/devices/${segment(deviceId)}/telemetry/export`, query: joined(query, "fields"), raw: true }, options);
  }

  /**
   * Get the latest reading of a device.
   *
   * By event time (when it was measured) or by arrival (when it was received). Null if the device has no reading.
   *
   * How to select the latest reading: by `event` (when it was measured) or by `arrival` (when it was received).
   *
   * Requires the scope `telemetry:read`: See readings and live streams.
   */
  latest(deviceId: string, query: TelemetryLatestQuery = {}, options?: RequestOptions): Promise<schemas.Latest> {
    return this.transport.call({ method: "GET", path: `/api/v2/devices/${segment(deviceId)}/telemetry/latest`, query }, options);
  }

  /**
   * Get the latest readings of several devices.
   *
   * Up to 100 devices. Those without a reading are left out; so are those that do not exist, because a list of devices
   * can be older than the call.
   *
   * The devices, separated by commas, and how to select the latest reading of each: by `event` or by `arrival`.
   *
   * Requires the scope `telemetry:read`: See readings and live streams.
   */
  latestOfMany(query: TelemetryLatestOfManyQuery, options?: RequestOptions): Promise<schemas.LatestOfMany> {
    return this.transport.call({ method: "GET", path: "/api/v2/telemetry/latest", query: joined(query, "devices") }, options);
  }

  /**
   * Get the history of a device.
   *
   * By event time; by default the last 24 hours. Readings older than the plan's retention are left out, and `query`
   * contains the range that was used.
   *
   * The range of readings. `from` and `to` are times, or `range` is a length such as `24h` that ends now or at `to`.
   *
   * Requires the scope `telemetry:read`: See readings and live streams.
   */
  list(
    deviceId: string,
    query: TelemetryListQuery = {},
    options?: RequestOptions,
  ): Paged<schemas.Reading, schemas.History> {
    return this.transport.list({ method: "GET", path: `/api/v2/devices/${segment(deviceId)}/telemetry`, query: joined(query, "fields") }, options);
  }

  /**
   * List the quarantined readings of all devices.
   *
   * Their event time was more than ten minutes in the future at arrival; those of the kind `malformed` could not be
   * read. In order of arrival.
   *
   * A page of the list. Send the `next_cursor` of a response as `cursor` to get the next page.
   *
   * Requires the scope `telemetry:read`: See readings and live streams.
   */
  listQuarantined(
    query: TelemetryListQuarantinedQuery = {},
    options?: RequestOptions,
  ): Paged<schemas.Reading, schemas.ListOf_Reading> {
    return this.transport.list({ method: "GET", path: "/api/v2/telemetry/quarantined", query }, options);
  }

  /**
   * List the quarantined readings of a device.
   *
   * Their event time was more than ten minutes in the future at arrival; those of the kind `malformed` could not be
   * read. In order of arrival.
   *
   * A page of the list. Send the `next_cursor` of a response as `cursor` to get the next page.
   *
   * Requires the scope `telemetry:read`: See readings and live streams.
   */
  listQuarantinedOfDevice(
    deviceId: string,
    query: TelemetryListQuarantinedOfDeviceQuery = {},
    options?: RequestOptions,
  ): Paged<schemas.Reading, schemas.ListOf_Reading> {
    return this.transport.list({ method: "GET", path: `/api/v2/devices/${segment(deviceId)}/telemetry/quarantined`, query }, options);
  }

  /**
   * Send readings of many devices.
   *
   * A JSON array or NDJSON of up to 10,000 readings and 8 MiB. Each names its device by id, or by any of the device's
   * identifiers. `data` can be an array of readings of one device, which counts as that many rows. Invalid rows are
   * reported individually and the others are stored: 201 if all were accepted, 207 if some were, 400 if none was.
   *
   * Requires the scope `telemetry:write`: Send readings for devices.
   */
  send(
    body: schemas.ReadingIn[] | Content<"application/x-ndjson">,
    options?: RequestOptions,
  ): Promise<schemas.BatchStored> {
    return this.transport.call({ method: "POST", path: "/api/v2/telemetry", body, idempotent: true }, options);
  }

  /**
   * Send readings of one device.
   *
   * One reading, or an array of up to 10,000. The `data` of a reading can be an array too, of `{time, data}` or of
   * objects with a `time` and values: the response is then that of an array. Called with an API key, or with the
   * device's own access token. A 201 means that the readings are on disk. If rows of an array are invalid, the response
   * is 207 and lists each of them. Old readings are rate limited: those above the limit are rejected with 429, or as
   * rows of a 207, with `Retry-After`.
   *
   * Requires the scope `telemetry:write`: Send readings for devices.
   */
  sendForDevice(
    deviceId: string,
    body: schemas.ReadingIn | schemas.ReadingIn[] | Content<"application/x-ndjson">,
    options?: RequestOptions,
  ): Promise<schemas.Stored | schemas.BatchStored> {
    return this.transport.call({ method: "POST", path: `/api/v2/devices/${segment(deviceId)}/telemetry`, body, idempotent: true }, options);
  }

  /**
   * Get the values of a sensor, thinned to a few points.
   *
   * Selects measured points (largest triangle three buckets) so that a chart of them looks like a chart of all.
   *
   * The sensor, the range and the number of points.
   *
   * Requires the scope `telemetry:read`: See readings and live streams.
   */
  thin(deviceId: string, query: TelemetryThinQuery, options?: RequestOptions): Promise<schemas.Thinned> {
    return this.transport.call({ method: "GET", path: `/api/v2/devices/${segment(deviceId)}/telemetry/thin`, query }, options);
  }
}
