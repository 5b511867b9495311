// Generated from the OpenAPI document by `make clients`: change the generator, not this file.
import { Resource } from "../../resource.js";
import type { RequestOptions } from "../../options.js";
import { segment } from "../../transport.js";
import type * as schemas from "../schemas.js";

/** penstock-agent on a device: pair codes, the paired agent, and unpairing. */
export class AgentsResource extends Resource {
  /**
   * Confirm that an agent has stored its token.
   *
   * Called by `penstock-agent provision`; the token is the only credential. The pair code is used then. Can be
   * repeated.
   */
  confirm(body: schemas.Confirm, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: "POST", path: "/api/v2/agents/confirm", body }, options);
  }

  /**
   * Create a pair code for a device.
   *
   * The code is returned once. It replaces any earlier code. The paired agent stays paired until the new code is used.
   *
   * Requires the scope `devices:write`: Create, change and delete devices, their identifiers, labels and tokens.
   */
  createPairCode(deviceId: string, options?: RequestOptions): Promise<schemas.PairCode> {
    return this.transport.call({ method: "POST", path: `/api/v2/devices/${segment(deviceId)}/pair-code`, idempotent: true }, options);
  }

  /**
   * Get the agent that is paired with a device.
   *
   * Requires the scope `devices:read`: See devices, their identifiers, labels and tokens.
   */
  get(deviceId: string, options?: RequestOptions): Promise<schemas.Pairing> {
    return this.transport.call({ method: "GET", path: `/api/v2/devices/${segment(deviceId)}/agent` }, options);
  }

  /**
   * Exchange a pair code for an agent's token.
   *
   * Called by `penstock-agent provision`; the code is the only credential. The token is an RS256 JWT bound to the
   * device. The new agent replaces the one that was paired before.
   *
   * With `agent_id`, the same agent gets the same token again until it confirms that it has stored it, or connects: an
   * agent that ends in between can still be paired with its code.
   */
  provision(body: schemas.Provision, options?: RequestOptions): Promise<schemas.Provisioned> {
    return this.transport.call({ method: "POST", path: "/api/v2/agents/provision", body }, options);
  }

  /**
   * Unpair a device's agent.
   *
   * The agent is disconnected, and its token and any open pair code become invalid. Succeeds also if no agent is
   * paired.
   *
   * Requires the scope `devices:write`: Create, change and delete devices, their identifiers, labels and tokens.
   */
  unpair(deviceId: string, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: "DELETE", path: `/api/v2/devices/${segment(deviceId)}/agent` }, options);
  }
}
