// Generated from the OpenAPI document by `make clients`: change the generator, not this file.
import { Resource } from "../../resource.js";
import type { RequestOptions } from "../../options.js";
import type { Content } from "../../transport.js";
import type * as schemas from "../schemas.js";

/** The caller, its organisation and the organisation's projects. */
export class OrganizationResource extends Resource {
  /**
   * Get the caller: the key or user of the credential.
   *
   * Requires the scope `profile:read`: See who the key belongs to.
   */
  caller(options?: RequestOptions): Promise<schemas.Me> {
    return this.transport.call({ method: "GET", path: "/api/v2/me" }, options);
  }

  /**
   * Get the organisation.
   *
   * Requires the scope `organization:read`: See projects, members and invitations.
   */
  get(options?: RequestOptions): Promise<schemas.Organization> {
    return this.transport.call({ method: "GET", path: "/api/v2/organization" }, options);
  }

  /**
   * Get the logo.
   *
   * As an image.
   *
   * Requires the scope `organization:read`: See projects, members and invitations.
   */
  getLogo(options?: RequestOptions): Promise<Response> {
    return this.transport.call({ method: "GET", path: "/api/v2/organization/logo", raw: true }, options);
  }

  /**
   * Remove the logo.
   *
   * Requires the scope `organization:write`: Create, change and delete projects, members and invitations.
   */
  removeLogo(options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: "DELETE", path: "/api/v2/organization/logo" }, options);
  }

  /**
   * Set the logo.
   *
   * A PNG or JPEG of at most 256 kB and 4000 × 4000 pixels, sent as it is or in base64. It appears on documents that
   * are made from now on.
   *
   * Requires the scope `organization:write`: Create, change and delete projects, members and invitations.
   */
  setLogo(
    body: schemas.LogoWrite | Content<"image/png" | "image/jpeg">,
    options?: RequestOptions,
  ): Promise<schemas.Logo> {
    return this.transport.call({ method: "PUT", path: "/api/v2/organization/logo", body }, options);
  }

  /**
   * Set up a new server.
   *
   * Creates the first organisation with its owner, its default project and first key. Requires the token of the link
   * that the server prints at its start while it has no organisation; it works once. Returns 404 once there is an
   * organisation.
   */
  setUp(body: schemas.Setup, options?: RequestOptions): Promise<schemas.SetupDone> {
    return this.transport.call({ method: "POST", path: "/api/v2/setup", body }, options);
  }

  /**
   * Rename the organisation, or require a second factor.
   *
   * The requirement takes effect immediately: a user who signed in without a second factor can then only enrol one.
   *
   * Requires the scope `org:admin`: Manage the organisation, its users, keys and billing.
   */
  update(body?: schemas.OrganizationPatch, options?: RequestOptions): Promise<schemas.Organization> {
    return this.transport.call({ method: "PATCH", path: "/api/v2/organization", body }, options);
  }
}
