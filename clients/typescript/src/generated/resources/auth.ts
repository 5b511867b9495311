// Generated from the OpenAPI document by `make clients`: change the generator, not this file.
import { Resource } from "../../resource.js";
import type { RequestOptions } from "../../options.js";
import type * as schemas from "../schemas.js";

/** Exchange e-mail, password and code for tokens; reset a password; accept an invitation. */
export class AuthResource extends Resource {
  /**
   * Accept an invitation.
   *
   * Requires the token from the mail. Sign in afterwards.
   */
  acceptInvitation(body: schemas.Accept, options?: RequestOptions): Promise<schemas.Joined> {
    return this.transport.call({ method: "POST", path: "/api/v2/auth/invitations/accept", body }, options);
  }

  /** Complete a sign-in with a second factor. */
  completeSignIn(body: schemas.SecondStep, options?: RequestOptions): Promise<schemas.SignedIn> {
    return this.transport.call({ method: "POST", path: "/api/v2/auth/sign-in/code", body }, options);
  }

  /**
   * Exchange a refresh token for new tokens.
   *
   * A refresh token works once. Using it again ends the session, because two clients then have the token and one of
   * them may have stolen it.
   */
  refreshTokens(body: schemas.RefreshToken, options?: RequestOptions): Promise<schemas.SignedIn> {
    return this.transport.call({ method: "POST", path: "/api/v2/auth/refresh", body }, options);
  }

  /**
   * Request a mail to reset a password.
   *
   * The response, and its duration, do not reveal whether an account with this e-mail exists.
   */
  requestPasswordReset(body: schemas.Forgotten, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: "POST", path: "/api/v2/auth/password/forgot", body }, options);
  }

  /**
   * Reset a password with the token from a mail.
   *
   * All sessions of the user end. A second factor is kept.
   */
  resetPassword(body: schemas.Reset, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: "POST", path: "/api/v2/auth/password/reset", body }, options);
  }

  /**
   * Sign in.
   *
   * The response does not reveal whether the e-mail or the password is wrong. After several failed attempts each
   * further one increases the wait (429, `Retry-After`).
   */
  signIn(body: schemas.SignIn, options?: RequestOptions): Promise<schemas.SignedIn> {
    return this.transport.call({ method: "POST", path: "/api/v2/auth/sign-in", body }, options);
  }

  /**
   * Sign in with a link.
   *
   * Requires the token of a link that the server printed where it was started, such as the link of the demo. It works
   * once, and until the server is restarted. A second factor is required as for a password.
   */
  signInWithLink(body: schemas.LinkToken, options?: RequestOptions): Promise<schemas.SignedIn> {
    return this.transport.call({ method: "POST", path: "/api/v2/auth/link", body }, options);
  }

  /**
   * End a session.
   *
   * Succeeds also if the session does not exist.
   */
  signOut(body: schemas.RefreshToken, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: "POST", path: "/api/v2/auth/sign-out", body }, options);
  }

  /**
   * Start a session in another of your organisations.
   *
   * Requires the scope `profile:read`: See who the key belongs to.
   */
  switchOrganization(body: schemas.Switch, options?: RequestOptions): Promise<schemas.SignedIn> {
    return this.transport.call({ method: "POST", path: "/api/v2/auth/switch", body, idempotent: true }, options);
  }
}
