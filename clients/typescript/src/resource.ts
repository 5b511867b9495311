import type { Transport } from "./transport.js";

/** The base of the generated resources. */
export class Resource {
  protected readonly transport: Transport;

  constructor(transport: Transport) {
    this.transport = transport;
  }
}
