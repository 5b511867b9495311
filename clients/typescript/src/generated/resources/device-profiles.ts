// Generated from the OpenAPI document by `make clients`: change the generator, not this file.
import { Resource } from "../../resource.js";
import type { RequestOptions } from "../../options.js";
import { segment } from "../../transport.js";
import type { Paged } from "../../pages.js";
import type * as schemas from "../schemas.js";

/** The query of `deviceProfiles.list`. */
export interface DeviceProfilesListQuery {
  /** Maximum number of results. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
  /** A project's id (`prj_…`). */
  project_id?: string;
  /** Only those of this device type. */
  device_type?: string;
  /** A text to search for. A to Z are the same as a to z, and `%` and `_` stand for themselves. */
  q?: string;
  /** The order; descending with a leading minus sign. A `cursor` continues only the order that it was returned for. */
  sort?: "-created_at" | "-name" | "created_at" | "name";
}

/** The query of `deviceProfiles.listCodecVersions`. */
export interface DeviceProfilesListCodecVersionsQuery {
  /** Maximum number of results. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
}

/** The settings shared by devices of one model: expected interval, sensors, and codec. */
export class DeviceProfilesResource extends Resource {
  /**
   * Create a device profile.
   *
   * The new profile has no codec. Assign it to devices with `profile_id`.
   *
   * Requires the scope `devices:write`: Create, change and delete devices, their identifiers, labels and tokens.
   */
  create(body: schemas.ProfileCreate, options?: RequestOptions): Promise<schemas.ProfilesProfile> {
    return this.transport.call({ method: "POST", path: "/api/v2/profiles", body, idempotent: true }, options);
  }

  /**
   * Delete a device profile.
   *
   * All versions of its codec are deleted with it. Returns 409 while devices have the profile: `GET
   * /api/v2/devices?profile_id=` lists them.
   *
   * Requires the scope `devices:write`: Create, change and delete devices, their identifiers, labels and tokens.
   */
  delete(profileId: string, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: "DELETE", path: `/api/v2/profiles/${segment(profileId)}` }, options);
  }

  /**
   * Get a device profile.
   *
   * Requires the scope `devices:read`: See devices, their identifiers, labels and tokens.
   */
  get(profileId: string, options?: RequestOptions): Promise<schemas.ProfilesProfile> {
    return this.transport.call({ method: "GET", path: `/api/v2/profiles/${segment(profileId)}` }, options);
  }

  /**
   * Get a version of a profile's codec.
   *
   * Requires the scope `devices:read`: See devices, their identifiers, labels and tokens.
   */
  getCodecVersion(profileId: string, codecId: string, options?: RequestOptions): Promise<schemas.CodecVersion> {
    return this.transport.call({ method: "GET", path: `/api/v2/profiles/${segment(profileId)}/codec-versions/${segment(codecId)}` }, options);
  }

  /**
   * List device profiles.
   *
   * Newest first by default. Filters are combined with AND.
   *
   * Filters for profiles. `q` is searched for in name, model and description.
   *
   * Requires the scope `devices:read`: See devices, their identifiers, labels and tokens.
   */
  list(
    query: DeviceProfilesListQuery = {},
    options?: RequestOptions,
  ): Paged<schemas.ProfilesProfile, schemas.ListOf_ProfilesProfile> {
    return this.transport.list({ method: "GET", path: "/api/v2/profiles", query }, options);
  }

  /**
   * List the versions of a profile's codec.
   *
   * Newest first, without their scripts.
   *
   * A page of the list. Send the `next_cursor` of a response as `cursor` to get the next page.
   *
   * Requires the scope `devices:read`: See devices, their identifiers, labels and tokens.
   */
  listCodecVersions(
    profileId: string,
    query: DeviceProfilesListCodecVersionsQuery = {},
    options?: RequestOptions,
  ): Paged<schemas.CodecVersion, schemas.ListOf_CodecVersion> {
    return this.transport.list({ method: "GET", path: `/api/v2/profiles/${segment(profileId)}/codec-versions`, query }, options);
  }

  /**
   * Preview a codec.
   *
   * Runs a script, or the codec of a profile, on a payload. It has no other effect. If the codec fails, the call still
   * succeeds, and `errors` contains the reasons.
   *
   * Requires the scope `devices:write`: Create, change and delete devices, their identifiers, labels and tokens.
   */
  previewCodec(body?: schemas.Preview, options?: RequestOptions): Promise<schemas.Previewed> {
    return this.transport.call({ method: "POST", path: "/api/v2/codecs/preview", body }, options);
  }

  /**
   * Restore a version of a profile's codec.
   *
   * Its script becomes the next version.
   *
   * Requires the scope `devices:write`: Create, change and delete devices, their identifiers, labels and tokens.
   */
  restoreCodecVersion(
    profileId: string,
    codecId: string,
    body?: schemas.CodecRestore,
    options?: RequestOptions,
  ): Promise<schemas.CodecVersion> {
    return this.transport.call({ method: "POST", path: `/api/v2/profiles/${segment(profileId)}/codec-versions/${segment(codecId)}/restore`, body, idempotent: true }, options);
  }

  /**
   * Save a profile's codec.
   *
   * The script becomes the next version and decodes all uplinks from now on. It is loaded once to detect its functions:
   * `decodeUplink`, `encodeDownlink` and `decodeDownlink` of the LoRaWAN device repository, `Decode` and `Encode` of
   * ChirpStack 3, or `Decoder` and `Encoder` of The Things Network 2.
   *
   * Requires the scope `devices:write`: Create, change and delete devices, their identifiers, labels and tokens.
   */
  saveCodec(profileId: string, body: schemas.CodecSave, options?: RequestOptions): Promise<schemas.CodecVersion> {
    return this.transport.call({ method: "POST", path: `/api/v2/profiles/${segment(profileId)}/codec-versions`, body, idempotent: true }, options);
  }

  /**
   * Stop using a profile's codec.
   *
   * Its versions are kept and can be restored. From now on, readings contain the values that the network server
   * decoded.
   *
   * Requires the scope `devices:write`: Create, change and delete devices, their identifiers, labels and tokens.
   */
  stopUsingCodec(profileId: string, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: "DELETE", path: `/api/v2/profiles/${segment(profileId)}/codec` }, options);
  }

  /**
   * Change a device profile.
   *
   * Omitted fields are unchanged. Devices keep the settings that they copied from the profile. Registers are not
   * copied: they apply to the past readings of its devices too.
   *
   * Requires the scope `devices:write`: Create, change and delete devices, their identifiers, labels and tokens.
   */
  update(
    profileId: string,
    body?: schemas.ProfilesProfilePatch,
    options?: RequestOptions,
  ): Promise<schemas.ProfilesProfile> {
    return this.transport.call({ method: "PATCH", path: `/api/v2/profiles/${segment(profileId)}`, body }, options);
  }
}
