// Generated from the OpenAPI document by `make clients`: change the generator, not this file.
import { Resource } from "../../resource.js";
import type { RequestOptions } from "../../options.js";
import type * as schemas from "../schemas.js";

/** Previews of conditions and templates. */
export class ExpressionsResource extends Resource {
  /**
   * Preview an expression or a template.
   *
   * Compiles it as an alert, a webhook or a rule would, and evaluates it with the sample values or those of a stored
   * reading, which requires `telemetry:read`, and `devices:read` if the device is used. It has no other effect. An
   * expression that cannot be compiled is rejected with its line and column; one that cannot be evaluated is answered
   * with `errors`.
   *
   * Requires the scope `alerts:read`: See alert definitions and events.
   */
  preview(body: schemas.ExpressionsPreview, options?: RequestOptions): Promise<schemas.ExpressionsPreviewed> {
    return this.transport.call({ method: "POST", path: "/api/v2/expressions/preview", body, idempotent: true }, options);
  }
}
