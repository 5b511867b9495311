// Generated from the OpenAPI document by `make clients`: change the generator, not this file.
import { Resource } from "../../resource.js";
import type { RequestOptions } from "../../options.js";
import { segment } from "../../transport.js";
import type { Paged } from "../../pages.js";
import type * as schemas from "../schemas.js";

/** The query of `smsAccounts.list`. */
export interface SmsAccountsListQuery {
  /** Maximum number of results. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
}

/** The query of `smsAccounts.searchNumbersToBuy`. */
export interface SmsAccountsSearchNumbersToBuyQuery {
  /** The country of the numbers: two capital letters (ISO 3166), such as `GB`. */
  country: string;
  /** The type of the numbers. */
  type?: "local" | "mobile" | "toll_free";
  /** Only numbers with these digits; `*` stands for any digit. */
  contains?: string;
  /** Maximum number of results. */
  limit?: number;
}

/** Phone numbers and mail aliases that receive messages, who can use them, the messages, and accounts at providers. */
export class SmsAccountsResource extends Resource {
  /**
   * Buy a number.
   *
   * Buys it from the account's provider, which charges you for it, lets its SMS be sent here, and takes it into use. A
   * number that you have at the provider already is not bought again, so the call can be repeated.
   *
   * Requires the scope `sms:write`: Manage the numbers, mail addresses and SMS accounts of inboxes.
   */
  buyNumber(accountId: string, body: schemas.NumberBuy, options?: RequestOptions): Promise<schemas.Address> {
    return this.transport.call({ method: "POST", path: `/api/v2/inbox/accounts/${segment(accountId)}/numbers`, body, idempotent: true }, options);
  }

  /**
   * Check an SMS account.
   *
   * Asks the provider whether it accepts the credentials. No SMS is sent.
   *
   * Requires the scope `sms:write`: Manage the numbers, mail addresses and SMS accounts of inboxes.
   */
  check(accountId: string, options?: RequestOptions): Promise<schemas.AccountCheck> {
    return this.transport.call({ method: "POST", path: `/api/v2/inbox/accounts/${segment(accountId)}/check`, idempotent: true }, options);
  }

  /**
   * Create an SMS account.
   *
   * Its credentials are kept in the vault and are in no response. An account of kind `smpp` is connected immediately.
   *
   * Requires the scope `sms:write`: Manage the numbers, mail addresses and SMS accounts of inboxes.
   */
  create(body: schemas.SmsAccountCreate, options?: RequestOptions): Promise<schemas.Account> {
    return this.transport.call({ method: "POST", path: "/api/v2/inbox/accounts", body, idempotent: true }, options);
  }

  /**
   * Delete an SMS account with its credentials.
   *
   * Not while numbers use it: the error names them.
   *
   * Requires the scope `sms:write`: Manage the numbers, mail addresses and SMS accounts of inboxes.
   */
  delete(accountId: string, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: "DELETE", path: `/api/v2/inbox/accounts/${segment(accountId)}` }, options);
  }

  /**
   * Get an SMS account.
   *
   * Requires the scope `sms:read`: Read the messages of inboxes.
   */
  get(accountId: string, options?: RequestOptions): Promise<schemas.Account> {
    return this.transport.call({ method: "GET", path: `/api/v2/inbox/accounts/${segment(accountId)}` }, options);
  }

  /**
   * Give a number back.
   *
   * Returns it to the account's provider, which may rent it out to others, and releases the address. Its messages can
   * still be read.
   *
   * Requires the scope `sms:write`: Manage the numbers, mail addresses and SMS accounts of inboxes.
   */
  giveNumberBack(accountId: string, addressId: string, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: "DELETE", path: `/api/v2/inbox/accounts/${segment(accountId)}/numbers/${segment(addressId)}` }, options);
  }

  /**
   * List SMS accounts.
   *
   * Newest first, with their state. Credentials are in no response.
   *
   * A page of the list. Send the `next_cursor` of a response as `cursor` to get the next page.
   *
   * Requires the scope `sms:read`: Read the messages of inboxes.
   */
  list(query: SmsAccountsListQuery = {}, options?: RequestOptions): Paged<schemas.Account, schemas.ListOf_Account> {
    return this.transport.list({ method: "GET", path: "/api/v2/inbox/accounts", query }, options);
  }

  /**
   * Search numbers to buy.
   *
   * Numbers with SMS that Twilio rents out. An account of kind `log` offers numbers for development, a message centre
   * none.
   *
   * Which numbers to search. `country` is two capital letters (ISO 3166); `contains` are digits, with `*` for any one.
   *
   * Requires the scope `sms:write`: Manage the numbers, mail addresses and SMS accounts of inboxes.
   */
  searchNumbersToBuy(
    accountId: string,
    query: SmsAccountsSearchNumbersToBuyQuery,
    options?: RequestOptions,
  ): Promise<schemas.ListOf_AvailableNumber> {
    return this.transport.call({ method: "GET", path: `/api/v2/inbox/accounts/${segment(accountId)}/numbers`, query }, options);
  }

  /**
   * Change an SMS account.
   *
   * Omitted fields are unchanged, also inside `settings`; null clears a field. If you change the address or the account
   * to which a credential is sent, you must send the credential again. The kind cannot be changed.
   *
   * Requires the scope `sms:write`: Manage the numbers, mail addresses and SMS accounts of inboxes.
   */
  update(accountId: string, body?: schemas.AccountPatch, options?: RequestOptions): Promise<schemas.Account> {
    return this.transport.call({ method: "PATCH", path: `/api/v2/inbox/accounts/${segment(accountId)}`, body }, options);
  }
}
