// Generated from the OpenAPI document by `make clients`: change the generator, not this file.
import { Resource } from "../../resource.js";
import type { RequestOptions } from "../../options.js";
import { segment } from "../../transport.js";
import type { Paged } from "../../pages.js";
import type * as schemas from "../schemas.js";

/** The query of `profile.getInvoiceFile`. */
export interface ProfileGetInvoiceFileQuery {
  /** The format of the file. */
  format?: "cii" | "csv" | "facturx" | "pdf" | "xml";
}

/** The query of `profile.listDevices`. */
export interface ProfileListDevicesQuery {
  /** Maximum number of results. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
}

/** The query of `profile.listInvoices`. */
export interface ProfileListInvoicesQuery {
  /** Maximum number of results. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
}

/** The query of `profile.listMeterAlarms`. */
export interface ProfileListMeterAlarmsQuery {
  /** Only alarms of this device (`dev_…`). */
  device_id?: string;
  /** Only alarms of this kind. */
  kind?: "back_flow" | "burst" | "continuous_flow" | "frozen" | "low_battery" | "tamper";
  /** Only those in this state. */
  state?: "closed" | "open";
  /** Maximum number of results. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
}

/** The query of `profile.listSessions`. */
export interface ProfileListSessionsQuery {
  /** Maximum number of results. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
}

/** The signed-in user's own account: name, password, second factor, sessions. Not available to API keys. */
export class ProfileResource extends Resource {
  /**
   * Change your password.
   *
   * All your other sessions end, in every organisation.
   *
   * Requires the scope `profile:read`: See who the key belongs to.
   */
  changePassword(body: schemas.PasswordChange, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: "POST", path: "/api/v2/profile/password", body, idempotent: true }, options);
  }

  /**
   * Confirm a second factor.
   *
   * From now on it is required at sign-in. The response contains the recovery codes, once.
   *
   * Requires the scope `profile:read`: See who the key belongs to.
   */
  confirmSecondFactor(body: schemas.ConfirmCode, options?: RequestOptions): Promise<schemas.RecoveryCodes> {
    return this.transport.call({ method: "POST", path: "/api/v2/profile/mfa/confirm", body, idempotent: true }, options);
  }

  /**
   * End your quiet hours.
   *
   * Mails that already wait are sent at the time they were due. Repeating the call has no effect.
   *
   * Requires the scope `profile:read`: See who the key belongs to.
   */
  endQuietHours(options?: RequestOptions): Promise<schemas.QuietHours> {
    return this.transport.call({ method: "DELETE", path: "/api/v2/profile/quiet-hours" }, options);
  }

  /**
   * End one of your sessions.
   *
   * Requires the scope `profile:read`: See who the key belongs to.
   */
  endSession(sessionId: string, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: "DELETE", path: `/api/v2/profile/sessions/${segment(sessionId)}` }, options);
  }

  /**
   * Get your account with all memberships.
   *
   * Requires the scope `profile:read`: See who the key belongs to.
   */
  get(options?: RequestOptions): Promise<schemas.Profile> {
    return this.transport.call({ method: "GET", path: "/api/v2/profile" }, options);
  }

  /**
   * Get one of your invoices.
   *
   * Other users need the scope `billing:read`.
   *
   * Requires the scope `profile:read`: See who the key belongs to.
   */
  getInvoice(invoiceId: string, options?: RequestOptions): Promise<schemas.Invoice> {
    return this.transport.call({ method: "GET", path: `/api/v2/profile/invoices/${segment(invoiceId)}` }, options);
  }

  /**
   * Get one of your invoices as a file.
   *
   * A caller who is not a resident needs the scope `billing:read`.
   *
   * The format of the file.
   *
   * `xml` is UBL 2.1 and `cii` is UN/CEFACT CII, both according to EN 16931; `facturx` is the PDF with CII attached
   * (PDF/A-3).
   *
   * Requires the scope `profile:read`: See who the key belongs to.
   */
  getInvoiceFile(
    invoiceId: string,
    query: ProfileGetInvoiceFileQuery = {},
    options?: RequestOptions,
  ): Promise<Response> {
    return this.transport.call({ method: "GET", path: `/api/v2/profile/invoices/${segment(invoiceId)}/file`, query, raw: true }, options);
  }

  /**
   * Get your preferences.
   *
   * Those for the console in this organisation. Other users cannot read them.
   *
   * Requires the scope `profile:read`: See who the key belongs to.
   */
  getPreferences(options?: RequestOptions): Promise<schemas.Preferences> {
    return this.transport.call({ method: "GET", path: "/api/v2/profile/preferences" }, options);
  }

  /**
   * Get your quiet hours.
   *
   * Requires the scope `profile:read`: See who the key belongs to.
   */
  getQuietHours(options?: RequestOptions): Promise<schemas.QuietHours> {
    return this.transport.call({ method: "GET", path: "/api/v2/profile/quiet-hours" }, options);
  }

  /**
   * List the devices assigned to the caller.
   *
   * Only residents have any; for other callers the list is empty.
   *
   * A page of the list. Send the `next_cursor` of a response as `cursor` to get the next page.
   *
   * Requires the scope `profile:read`: See who the key belongs to.
   */
  listDevices(
    query: ProfileListDevicesQuery = {},
    options?: RequestOptions,
  ): Paged<schemas.OwnDevice, schemas.ListOf_OwnDevice> {
    return this.transport.list({ method: "GET", path: "/api/v2/profile/devices", query }, options);
  }

  /**
   * List your invoices.
   *
   * Only residents have any; for other callers the list is empty.
   *
   * A page of the list. Send the `next_cursor` of a response as `cursor` to get the next page.
   *
   * Requires the scope `profile:read`: See who the key belongs to.
   */
  listInvoices(
    query: ProfileListInvoicesQuery = {},
    options?: RequestOptions,
  ): Paged<schemas.InvoiceSummary, schemas.ListOf_InvoiceSummary> {
    return this.transport.list({ method: "GET", path: "/api/v2/profile/invoices", query }, options);
  }

  /**
   * List the alarms of the caller's meters.
   *
   * Newest first: those of the devices assigned to the caller that were open at some time since they were. Only
   * residents have any; for other callers the list is empty.
   *
   * Filters for the caller's meter alarms.
   *
   * Requires the scope `profile:read`: See who the key belongs to.
   */
  listMeterAlarms(
    query: ProfileListMeterAlarmsQuery = {},
    options?: RequestOptions,
  ): Paged<schemas.OwnMeterAlarm, schemas.ListOf_OwnMeterAlarm> {
    return this.transport.list({ method: "GET", path: "/api/v2/profile/meter-alarms", query }, options);
  }

  /**
   * List your sessions.
   *
   * Those in this organisation, newest first.
   *
   * A page of the list. Send the `next_cursor` of a response as `cursor` to get the next page.
   *
   * Requires the scope `profile:read`: See who the key belongs to.
   */
  listSessions(
    query: ProfileListSessionsQuery = {},
    options?: RequestOptions,
  ): Paged<schemas.Session, schemas.ListOf_Session> {
    return this.transport.list({ method: "GET", path: "/api/v2/profile/sessions", query }, options);
  }

  /**
   * Remove your second factor.
   *
   * Rejected while one of your organisations requires a second factor.
   *
   * Requires the scope `profile:read`: See who the key belongs to.
   */
  removeSecondFactor(body: schemas.RemoveFactor, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: "POST", path: "/api/v2/profile/mfa/remove", body, idempotent: true }, options);
  }

  /**
   * Set your quiet hours.
   *
   * Mails of alerts and rules to your address wait until the quiet hours end, and are then sent as one digest. The
   * setting applies to all your organisations.
   *
   * Requires the scope `profile:read`: See who the key belongs to.
   */
  setQuietHours(body: schemas.QuietHoursSet, options?: RequestOptions): Promise<schemas.QuietHours> {
    return this.transport.call({ method: "PUT", path: "/api/v2/profile/quiet-hours", body }, options);
  }

  /**
   * Start the enrolment of a second factor.
   *
   * The factor is not active until you send one of its codes to `confirm`. Starting again replaces it.
   *
   * Requires the scope `profile:read`: See who the key belongs to.
   */
  startSecondFactor(body?: schemas.Enrol, options?: RequestOptions): Promise<schemas.Enrolment> {
    return this.transport.call({ method: "POST", path: "/api/v2/profile/mfa", body, idempotent: true }, options);
  }

  /**
   * Change your name.
   *
   * Requires the scope `profile:read`: See who the key belongs to.
   */
  update(body: schemas.ProfilePatch, options?: RequestOptions): Promise<schemas.Profile> {
    return this.transport.call({ method: "PATCH", path: "/api/v2/profile", body }, options);
  }

  /**
   * Change your preferences.
   *
   * Omitted fields are unchanged; null clears a field. Of `lists`, those that are named are replaced, and removed by
   * null.
   *
   * Requires the scope `profile:read`: See who the key belongs to.
   */
  updatePreferences(body?: schemas.PreferencesPatch, options?: RequestOptions): Promise<schemas.Preferences> {
    return this.transport.call({ method: "PATCH", path: "/api/v2/profile/preferences", body }, options);
  }
}
