// Generated from the OpenAPI document by `make clients`: change the generator, not this file.
import { Resource } from "../../resource.js";
import type { RequestOptions } from "../../options.js";
import { segment } from "../../transport.js";
import type { Paged } from "../../pages.js";
import type * as schemas from "../schemas.js";

/** The query of `commands.list`. */
export interface CommandsListQuery {
  /** Maximum number of results. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
  /** A text to search for. A to Z are the same as a to z, and `%` and `_` stand for themselves. */
  q?: string;
  /** The order; descending with a leading minus sign. A `cursor` continues only the order that it was returned for. */
  sort?: "-created_at" | "-name" | "created_at" | "name";
  /** Only commands of this device (`dev_…`), without those of its type. */
  device_id?: string;
  /** Only those of this device type. */
  device_type?: string;
  /** Only commands of this project (`prj_…`). */
  project_id?: string;
}

/** The commands that devices support, and their executions. */
export class CommandsResource extends Resource {
  /**
   * Create a command for a device, a device type or a project.
   *
   * With `device_type` every device of the type supports the command, with `project_id` every device of the project. If
   * several commands have the same name, the device's own takes precedence over its project's, and that over its
   * type's.
   *
   * Requires the scope `commands:write`: Create, change and delete command definitions and executions.
   */
  create(body: schemas.CommandCreate, options?: RequestOptions): Promise<schemas.Command> {
    return this.transport.call({ method: "POST", path: "/api/v2/commands", body, idempotent: true }, options);
  }

  /**
   * Delete a command.
   *
   * Its executions are kept, and waiting ones are still dispatched.
   *
   * Requires the scope `commands:write`: Create, change and delete command definitions and executions.
   */
  delete(definitionId: string, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: "DELETE", path: `/api/v2/commands/${segment(definitionId)}` }, options);
  }

  /**
   * Get a command.
   *
   * Requires the scope `commands:read`: See command definitions and executions.
   */
  get(definitionId: string, options?: RequestOptions): Promise<schemas.Command> {
    return this.transport.call({ method: "GET", path: `/api/v2/commands/${segment(definitionId)}` }, options);
  }

  /**
   * List commands.
   *
   * Newest first by default. Includes the commands of devices, of device types and of projects.
   *
   * Filters for commands. `q` is searched for in name and description.
   *
   * Requires the scope `commands:read`: See command definitions and executions.
   */
  list(query: CommandsListQuery = {}, options?: RequestOptions): Paged<schemas.Command, schemas.ListOf_Command> {
    return this.transport.list({ method: "GET", path: "/api/v2/commands", query }, options);
  }

  /**
   * Change a command.
   *
   * Omitted fields are unchanged. Existing executions keep the definition that they were created with.
   *
   * Requires the scope `commands:write`: Create, change and delete command definitions and executions.
   */
  update(definitionId: string, body?: schemas.CommandPatch, options?: RequestOptions): Promise<schemas.Command> {
    return this.transport.call({ method: "PATCH", path: `/api/v2/commands/${segment(definitionId)}`, body }, options);
  }
}
