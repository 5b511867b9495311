// Generated from the OpenAPI document by `make clients`: change the generator, not this file.
import { Resource } from "../../resource.js";
import type { RequestOptions } from "../../options.js";
import { segment } from "../../transport.js";
import type { Paged } from "../../pages.js";
import type * as schemas from "../schemas.js";

/** The query of `meters.exportConsumptionOfCustomer`. */
export interface MetersExportConsumptionOfCustomerQuery {
  /** Start, included: RFC 3339, or epoch seconds or milliseconds. */
  from?: string | number | Date;
  /** End, excluded: RFC 3339, or epoch seconds or milliseconds. By default now. */
  to?: string | number | Date;
  /** A length such as `90m`, `24h` or `7d` that ends now or at `to`. */
  range?: string;
  /** The length of a bucket. */
  bucket?: "day" | "month" | "week";
  /** An IANA time zone, such as `Europe/Brussels`; by default the customer's. */
  timezone?: string;
  /** Whether days since the last reading are estimated from a usual day. */
  estimate?: boolean;
  /** Only meters with this role. */
  role?: "intermediate" | "leaf" | "principal";
  /** Only registers of this kind. */
  kind?: "cooling" | "count" | "energy" | "heat" | "reverse_energy" | "reverse_volume" | "volume";
}

/** The query of `meters.getBalanceOfCustomer`. */
export interface MetersGetBalanceOfCustomerQuery {
  /** Start, included: RFC 3339, or epoch seconds or milliseconds. */
  from?: string | number | Date;
  /** End, excluded: RFC 3339, or epoch seconds or milliseconds. By default now. */
  to?: string | number | Date;
  /** A length such as `90m`, `24h` or `7d` that ends now or at `to`. */
  range?: string;
  /** An IANA time zone, such as `Europe/Brussels`; by default the customer's. */
  timezone?: string;
  /** The kind of the registers that are compared. */
  kind?: "cooling" | "count" | "energy" | "heat" | "reverse_energy" | "reverse_volume" | "volume";
}

/** The query of `meters.getConsumption`. */
export interface MetersGetConsumptionQuery {
  /** Start, included: RFC 3339, or epoch seconds or milliseconds. */
  from?: string | number | Date;
  /** End, excluded: RFC 3339, or epoch seconds or milliseconds. By default now. */
  to?: string | number | Date;
  /** A length such as `90m`, `24h` or `7d` that ends now or at `to`. */
  range?: string;
  /** The length of a bucket. */
  bucket?: "day" | "month" | "week";
  /** An IANA time zone, such as `Europe/Brussels`; by default the customer's. */
  timezone?: string;
  /** Whether days since the last reading are estimated from a usual day. */
  estimate?: boolean;
  /** The name of a register of the device; by default the first. */
  register?: string;
}

/** The query of `meters.getConsumptionOfCustomer`. */
export interface MetersGetConsumptionOfCustomerQuery {
  /** Start, included: RFC 3339, or epoch seconds or milliseconds. */
  from?: string | number | Date;
  /** End, excluded: RFC 3339, or epoch seconds or milliseconds. By default now. */
  to?: string | number | Date;
  /** A length such as `90m`, `24h` or `7d` that ends now or at `to`. */
  range?: string;
  /** The length of a bucket. */
  bucket?: "day" | "month" | "week";
  /** An IANA time zone, such as `Europe/Brussels`; by default the customer's. */
  timezone?: string;
  /** Whether days since the last reading are estimated from a usual day. */
  estimate?: boolean;
  /** Only meters with this role. */
  role?: "intermediate" | "leaf" | "principal";
  /** The kind of the registers that are added up. */
  kind?: "cooling" | "count" | "energy" | "heat" | "reverse_energy" | "reverse_volume" | "volume";
}

/** The query of `meters.getLeakHint`. */
export interface MetersGetLeakHintQuery {
  /** Start, included: RFC 3339, or epoch seconds or milliseconds. */
  from?: string | number | Date;
  /** End, excluded: RFC 3339, or epoch seconds or milliseconds. By default now. */
  to?: string | number | Date;
  /** A length such as `90m`, `24h` or `7d` that ends now or at `to`. */
  range?: string;
  /** An IANA time zone, such as `Europe/Brussels`; by default the customer's. */
  timezone?: string;
  /** The name of a register of the device; by default the first. */
  register?: string;
}

/** The query of `meters.listConsumptionOfCustomer`. */
export interface MetersListConsumptionOfCustomerQuery {
  /** Start, included: RFC 3339, or epoch seconds or milliseconds. */
  from?: string | number | Date;
  /** End, excluded: RFC 3339, or epoch seconds or milliseconds. By default now. */
  to?: string | number | Date;
  /** A length such as `90m`, `24h` or `7d` that ends now or at `to`. */
  range?: string;
  /** The length of a bucket. */
  bucket?: "day" | "month" | "week";
  /** An IANA time zone, such as `Europe/Brussels`; by default the customer's. */
  timezone?: string;
  /** Whether days since the last reading are estimated from a usual day. */
  estimate?: boolean;
  /** Only meters with this role. */
  role?: "intermediate" | "leaf" | "principal";
  /** Only registers of this kind. */
  kind?: "cooling" | "count" | "energy" | "heat" | "reverse_energy" | "reverse_volume" | "volume";
  /** Maximum number of results. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
}

/** The query of `meters.listEdits`. */
export interface MetersListEditsQuery {
  /** Only edits of this register. */
  register?: string;
  /** Only edits of values at or after this time: RFC 3339, or epoch seconds or milliseconds. */
  from?: string | number | Date;
  /** Only edits of values before this time: RFC 3339, or epoch seconds or milliseconds. */
  to?: string | number | Date;
  /** Only withdrawn edits, or only those that are not. */
  withdrawn?: boolean;
  /** Maximum number of results. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
}

/** The query of `meters.listLeakHintsOfCustomer`. */
export interface MetersListLeakHintsOfCustomerQuery {
  /** Start, included: RFC 3339, or epoch seconds or milliseconds. */
  from?: string | number | Date;
  /** End, excluded: RFC 3339, or epoch seconds or milliseconds. By default now. */
  to?: string | number | Date;
  /** A length such as `90m`, `24h` or `7d` that ends now or at `to`. */
  range?: string;
  /** An IANA time zone, such as `Europe/Brussels`; by default the customer's. */
  timezone?: string;
  /** Maximum number of results. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
}

/** The query of `meters.listValues`. */
export interface MetersListValuesQuery {
  /** The name of a register of the device; by default the first. */
  register?: string;
  /** Start, included: RFC 3339, or epoch seconds or milliseconds. */
  from?: string | number | Date;
  /** End, excluded: RFC 3339, or epoch seconds or milliseconds. By default now. */
  to?: string | number | Date;
  /** A length such as `90m`, `24h` or `7d` that ends now or at `to`. */
  range?: string;
  /** Only those with this status. */
  status?: "edited" | "suspect" | "valid" | "void";
  /** Maximum number of results. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
}

/** The query of `meters.listValuesOfCustomer`. */
export interface MetersListValuesOfCustomerQuery {
  /** Start, included: RFC 3339, or epoch seconds or milliseconds. */
  from?: string | number | Date;
  /** End, excluded: RFC 3339, or epoch seconds or milliseconds. By default now. */
  to?: string | number | Date;
  /** A length such as `90m`, `24h` or `7d` that ends now or at `to`. */
  range?: string;
  /** Only those with this status. */
  status?: "edited" | "suspect" | "valid" | "void";
  /** Maximum number of devices. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
}

/** Devices that count: registers, values and their edits, consumption, balances, leak hints. */
export class MetersResource extends Resource {
  /**
   * Edit a value.
   *
   * `add` adds a value at a time without one; `correct` replaces the reported value, `void` lets it count no more, and
   * `confirm` lets a suspect one count. The reading is never changed. Returns 404 if there is no value at this time,
   * and 409 if there is one to be added, or if the value has been edited: withdraw that edit first.
   *
   * Requires the scope `devices:write`: Create, change and delete devices, their identifiers, labels and tokens.
   */
  createEdit(deviceId: string, body: schemas.EditCreate, options?: RequestOptions): Promise<schemas.Edit> {
    return this.transport.call({ method: "POST", path: `/api/v2/devices/${segment(deviceId)}/meter/edits`, body, idempotent: true }, options);
  }

  /**
   * Export the consumption of a customer.
   *
   * CSV: one line per register and bucket, streamed. The headers `X-Range-From` and `X-Range-To` are the range within
   * the plan's retention.
   *
   * The range and the buckets of a file.
   *
   * Requires the scope `telemetry:read`: See readings and live streams.
   */
  exportConsumptionOfCustomer(
    customerId: string,
    query: MetersExportConsumptionOfCustomerQuery = {},
    options?: RequestOptions,
  ): Promise<Response> {
    return this.transport.call({ method: "GET", path: `/api/v2/customers/${segment(customerId)}/consumption/export`, query, raw: true }, options);
  }

  /**
   * Get the meter settings of a device.
   *
   * Its registers are its own, those of its profile, or the default ones: a volume, from the fields that codecs of
   * water meters use.
   *
   * Requires the scope `devices:read`: See devices, their identifiers, labels and tokens.
   */
  get(deviceId: string, options?: RequestOptions): Promise<schemas.Meter> {
    return this.transport.call({ method: "GET", path: `/api/v2/devices/${segment(deviceId)}/meter` }, options);
  }

  /**
   * Compare a customer's principal meters with its leaves.
   *
   * By day; by default the last 30 days. A leaf counts on days on which it was measured, that is, with readings on that
   * day and the day before.
   *
   * The range of days, for registers of one kind.
   *
   * Requires the scope `telemetry:read`: See readings and live streams.
   */
  getBalanceOfCustomer(
    customerId: string,
    query: MetersGetBalanceOfCustomerQuery = {},
    options?: RequestOptions,
  ): Promise<schemas.BalanceDays> {
    return this.transport.call({ method: "GET", path: `/api/v2/customers/${segment(customerId)}/balance`, query }, options);
  }

  /**
   * Get the consumption of a meter.
   *
   * Of one register, by day, week or month; by default the last 30 days. The consumption of a day is its last count
   * minus the last count of the day before. The consumption over a gap is spread over its days, and days since the last
   * reading are estimated from a usual day.
   *
   * The range and the buckets, for one register of the device, by default its first.
   *
   * Requires the scope `telemetry:read`: See readings and live streams.
   */
  getConsumption(
    deviceId: string,
    query: MetersGetConsumptionQuery = {},
    options?: RequestOptions,
  ): Promise<schemas.DeviceConsumption> {
    return this.transport.call({ method: "GET", path: `/api/v2/devices/${segment(deviceId)}/consumption`, query }, options);
  }

  /**
   * Get the consumption of a customer.
   *
   * The total of the registers of one kind, by default volume, at its meters with one role, by default its leaves. Each
   * device counts from when it came until it left, also if it was deleted since.
   *
   * The range and the buckets, for the registers of one kind at the meters of one role.
   *
   * Requires the scope `telemetry:read`: See readings and live streams.
   */
  getConsumptionOfCustomer(
    customerId: string,
    query: MetersGetConsumptionOfCustomerQuery = {},
    options?: RequestOptions,
  ): Promise<schemas.CustomerConsumption> {
    return this.transport.call({ method: "GET", path: `/api/v2/customers/${segment(customerId)}/consumption`, query }, options);
  }

  /**
   * Get the leak hint of a meter.
   *
   * A leak is suspected if the flow never stops between 02:00 and 05:00. Requires at least hourly readings in these
   * hours; by default the last 7 days are evaluated.
   *
   * The range of days, for one register of the device, by default its first.
   *
   * Requires the scope `telemetry:read`: See readings and live streams.
   */
  getLeakHint(
    deviceId: string,
    query: MetersGetLeakHintQuery = {},
    options?: RequestOptions,
  ): Promise<schemas.LeakHint> {
    return this.transport.call({ method: "GET", path: `/api/v2/devices/${segment(deviceId)}/leak-hint`, query }, options);
  }

  /**
   * List the consumption of a customer by meter.
   *
   * One row for each register of the kind. A page has up to `limit` devices, with all of their registers.
   *
   * The range and the buckets, by meter: for all meters, or those of one role, and registers of one kind.
   *
   * Requires the scope `telemetry:read`: See readings and live streams.
   */
  listConsumptionOfCustomer(
    customerId: string,
    query: MetersListConsumptionOfCustomerQuery = {},
    options?: RequestOptions,
  ): Paged<schemas.MeterRow, schemas.MeterRows> {
    return this.transport.list({ method: "GET", path: `/api/v2/customers/${segment(customerId)}/consumption/devices`, query }, options);
  }

  /**
   * List the edits of a meter's values.
   *
   * Newest first, including withdrawn ones.
   *
   * Filters for edits. `from` and `to` are times of values.
   *
   * Requires the scope `telemetry:read`: See readings and live streams.
   */
  listEdits(
    deviceId: string,
    query: MetersListEditsQuery = {},
    options?: RequestOptions,
  ): Paged<schemas.Edit, schemas.ListOf_Edit> {
    return this.transport.list({ method: "GET", path: `/api/v2/devices/${segment(deviceId)}/meter/edits`, query }, options);
  }

  /**
   * List the leak hints of a customer.
   *
   * All its meters of volume, by device; by default the last 7 days are evaluated.
   *
   * The range of days, one page at a time.
   *
   * Requires the scope `telemetry:read`: See readings and live streams.
   */
  listLeakHintsOfCustomer(
    customerId: string,
    query: MetersListLeakHintsOfCustomerQuery = {},
    options?: RequestOptions,
  ): Paged<schemas.LeakHint, schemas.LeakHints> {
    return this.transport.list({ method: "GET", path: `/api/v2/customers/${segment(customerId)}/leak-hints`, query }, options);
  }

  /**
   * List the values of a meter.
   *
   * Of one register, oldest first; by default of the last 30 days. A suspect value is not in consumption until an edit
   * confirms or corrects it.
   *
   * The range and the register, by default the device's first one; of values with a status only.
   *
   * Requires the scope `telemetry:read`: See readings and live streams.
   */
  listValues(
    deviceId: string,
    query: MetersListValuesQuery = {},
    options?: RequestOptions,
  ): Paged<schemas.Value, schemas.ListOf_Value> {
    return this.transport.list({ method: "GET", path: `/api/v2/devices/${segment(deviceId)}/meter/values`, query }, options);
  }

  /**
   * List the values of the meters of a customer.
   *
   * Those that need a decision, by device and register: by default suspect values of the last 30 days, of the meters
   * that were there in the range. Some pages have fewer devices than `limit`; continue until `next_cursor` is null.
   *
   * The range and the status, by default suspect values; `limit` is a number of devices.
   *
   * Requires the scope `telemetry:read`: See readings and live streams.
   */
  listValuesOfCustomer(
    customerId: string,
    query: MetersListValuesOfCustomerQuery = {},
    options?: RequestOptions,
  ): Paged<schemas.MeterValues, schemas.ListOf_MeterValues> {
    return this.transport.list({ method: "GET", path: `/api/v2/customers/${segment(customerId)}/meter/values`, query }, options);
  }

  /**
   * Replace a meter.
   *
   * The register's version ends at this time with the last value of the old meter, and the next begins with the first
   * value of the new one. Consumption is counted up to the one and from the other. A device with the registers of its
   * profile gets them as its own. Returns 409 if the register has a later version.
   *
   * Requires the scope `devices:write`: Create, change and delete devices, their identifiers, labels and tokens.
   */
  replace(deviceId: string, body: schemas.Replacement, options?: RequestOptions): Promise<schemas.Meter> {
    return this.transport.call({ method: "POST", path: `/api/v2/devices/${segment(deviceId)}/meter/replacements`, body, idempotent: true }, options);
  }

  /**
   * Reset the meter settings of a device to the defaults.
   *
   * Requires the scope `devices:write`: Create, change and delete devices, their identifiers, labels and tokens.
   */
  reset(deviceId: string, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: "DELETE", path: `/api/v2/devices/${segment(deviceId)}/meter` }, options);
  }

  /**
   * Set the meter settings of a device.
   *
   * They apply to the device's past readings too. Omitted fields get their defaults.
   *
   * Requires the scope `devices:write`: Create, change and delete devices, their identifiers, labels and tokens.
   */
  set(deviceId: string, body?: schemas.MeterSet, options?: RequestOptions): Promise<schemas.Meter> {
    return this.transport.call({ method: "PUT", path: `/api/v2/devices/${segment(deviceId)}/meter`, body }, options);
  }

  /**
   * Withdraw an edit.
   *
   * It is kept in the list, and the value counts again as it was reported.
   *
   * Requires the scope `devices:write`: Create, change and delete devices, their identifiers, labels and tokens.
   */
  withdrawEdit(
    deviceId: string,
    editId: string,
    body: schemas.Withdrawal,
    options?: RequestOptions,
  ): Promise<schemas.Edit> {
    return this.transport.call({ method: "POST", path: `/api/v2/devices/${segment(deviceId)}/meter/edits/${segment(editId)}/withdraw`, body, idempotent: true }, options);
  }
}
