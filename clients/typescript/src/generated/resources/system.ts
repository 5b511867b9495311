// Generated from the OpenAPI document by `make clients`: change the generator, not this file.
import { Resource } from "../../resource.js";
import type { RequestOptions } from "../../options.js";
import type * as schemas from "../schemas.js";

/** Health and metrics of the server, for its operator, and this documentation. */
export class SystemResource extends Resource {
  /**
   * Back up the server.
   *
   * Begins a backup of all organisations in `system.backup_dir`, as `penstock backup` writes it. The file cannot be
   * downloaded, because it contains the secrets of the server: copy it from the machine. Only for the operator.
   *
   * Requires the scope `org:admin`: Manage the organisation, its users, keys and billing.
   */
  backUp(options?: RequestOptions): Promise<schemas.Backup> {
    return this.transport.call({ method: "POST", path: "/api/v2/system/backups", idempotent: true }, options);
  }

  /**
   * Get the state of the server.
   *
   * Its disk and when it will be full, its checks and its background workers. Only for the server's operator: a user in
   * `system.operators` of the settings, or the owner of the only organisation.
   *
   * Requires the scope `org:admin`: Manage the organisation, its users, keys and billing.
   */
  get(options?: RequestOptions): Promise<schemas.System> {
    return this.transport.call({ method: "GET", path: "/api/v2/system" }, options);
  }

  /**
   * List backups.
   *
   * Newest first: the files that this operation wrote, and the backup that is running or failed. Only for the operator.
   *
   * Requires the scope `org:admin`: Manage the organisation, its users, keys and billing.
   */
  listBackups(options?: RequestOptions): Promise<schemas.ListOf_Backup> {
    return this.transport.call({ method: "GET", path: "/api/v2/system/backups" }, options);
  }
}
