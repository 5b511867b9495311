// Generated from the OpenAPI document by `make clients`: change the generator, not this file.
import { Resource } from "../../resource.js";
import type { RequestOptions } from "../../options.js";
import { segment } from "../../transport.js";
import type { Paged } from "../../pages.js";
import type * as schemas from "../schemas.js";

/** The query of `deviceCommands.fetch`. */
export interface DeviceCommandsFetchQuery {
  /** Maximum number of results. */
  limit?: number;
  /** Whether the device confirms each receipt itself. */
  confirm?: boolean;
}

/** The query of `deviceCommands.list`. */
export interface DeviceCommandsListQuery {
  /** Maximum number of results. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
}

/** The commands that devices support, and their executions. */
export class DeviceCommandsResource extends Resource {
  /**
   * Acknowledge a command as a device.
   *
   * Called with the device's access token. Repeating the same outcome has no effect; a different one is rejected with
   * 409.
   */
  acknowledge(
    executionId: string,
    body?: schemas.AcknowledgementMessage,
    options?: RequestOptions,
  ): Promise<schemas.Acknowledged> {
    return this.transport.call({ method: "POST", path: `/api/v2/device/commands/${segment(executionId)}/ack`, body }, options);
  }

  /**
   * Create a command for a device.
   *
   * Requires the scope `commands:write`: Create, change and delete command definitions and executions.
   */
  create(deviceId: string, body: schemas.DeviceCommandCreate, options?: RequestOptions): Promise<schemas.Command> {
    return this.transport.call({ method: "POST", path: `/api/v2/devices/${segment(deviceId)}/commands`, body, idempotent: true }, options);
  }

  /**
   * Delete a device's own command.
   *
   * Requires the scope `commands:write`: Create, change and delete command definitions and executions.
   */
  delete(deviceId: string, definitionId: string, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: "DELETE", path: `/api/v2/devices/${segment(deviceId)}/commands/${segment(definitionId)}` }, options);
  }

  /**
   * Execute a command on a device.
   *
   * Returns the execution, which waits in the device's queue until the device can receive it or it expires. With an
   * `Idempotency-Key` the same request can be sent again and creates only one execution.
   *
   * Requires the scope `commands:write`: Create, change and delete command definitions and executions.
   */
  execute(
    deviceId: string,
    definitionId: string,
    body?: schemas.ExecutionCreate,
    options?: RequestOptions,
  ): Promise<schemas.Execution> {
    return this.transport.call({ method: "POST", path: `/api/v2/devices/${segment(deviceId)}/commands/${segment(definitionId)}/execute`, body, idempotent: true }, options);
  }

  /**
   * Fetch commands as a device.
   *
   * Called with the device's access token. Fetching counts as receipt. With `confirm=true` a command counts as received
   * only when the device acknowledges it, and a repeatable one is returned again until then.
   *
   * The maximum number of commands to fetch, and whether the device confirms each receipt itself.
   */
  fetch(query: DeviceCommandsFetchQuery = {}, options?: RequestOptions): Promise<schemas.Fetched> {
    return this.transport.call({ method: "GET", path: "/api/v2/device/commands", query }, options);
  }

  /**
   * Get a command that a device supports.
   *
   * Requires the scope `commands:read`: See command definitions and executions.
   */
  get(deviceId: string, definitionId: string, options?: RequestOptions): Promise<schemas.Command> {
    return this.transport.call({ method: "GET", path: `/api/v2/devices/${segment(deviceId)}/commands/${segment(definitionId)}` }, options);
  }

  /**
   * List the commands of a device.
   *
   * Its own commands and those of its project and type, by name.
   *
   * A page of the list. Send the `next_cursor` of a response as `cursor` to get the next page.
   *
   * Requires the scope `commands:read`: See command definitions and executions.
   */
  list(
    deviceId: string,
    query: DeviceCommandsListQuery = {},
    options?: RequestOptions,
  ): Paged<schemas.Command, schemas.ListOf_Command> {
    return this.transport.list({ method: "GET", path: `/api/v2/devices/${segment(deviceId)}/commands`, query }, options);
  }

  /**
   * Change a device's own command.
   *
   * A command of the device's type returns 404 here, because it does not belong to the device alone.
   *
   * Requires the scope `commands:write`: Create, change and delete command definitions and executions.
   */
  update(
    deviceId: string,
    definitionId: string,
    body?: schemas.CommandPatch,
    options?: RequestOptions,
  ): Promise<schemas.Command> {
    return this.transport.call({ method: "PATCH", path: `/api/v2/devices/${segment(deviceId)}/commands/${segment(definitionId)}`, body }, options);
  }
}
