/** One invalid field of a request, or one reason why a row of a batch was rejected. */
export interface FieldError {
  field: string;
  code: string;
  detail: string;
  [more: string]: unknown;
}

/** What the server said about a failed request. */
export interface Problem {
  status: number;
  code: string;
  detail: string;
  errors: FieldError[];
  requestId: string;
  /** Seconds until it is worth to try again; undefined if the server did not say. */
  retryAfter: number | undefined;
  /** The whole problem document (RFC 9457), or the text of an answer that is none. */
  body: unknown;
}

/** The base of every error of this library. */
export class PenstockError extends Error {
  override get name(): string {
    return this.constructor.name;
  }
}

/** The client was set up or called wrongly; nothing was sent. */
export class ConfigurationError extends PenstockError {}

/** No answer came: the server cannot be reached, or the connection broke. */
export class ConnectionFailedError extends PenstockError {}

/** No answer came within `timeoutMs`. */
export class TimedOutError extends ConnectionFailedError {}

/** The server answered with an error. Handle it by `code`; docs/errors.md of the server lists the codes. */
export class ApiError extends PenstockError implements Problem {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly errors: FieldError[];
  readonly requestId: string;
  readonly retryAfter: number | undefined;
  readonly body: unknown;

  constructor(problem: Problem) {
    super(messageOf(problem));
    this.status = problem.status;
    this.code = problem.code;
    this.detail = problem.detail;
    this.errors = problem.errors;
    this.requestId = problem.requestId;
    this.retryAfter = problem.retryAfter;
    this.body = problem.body;
  }
}

/** 304: what `ifNoneMatch` named is still the current version. */
export class NotModifiedError extends ApiError {}
/** 400 and other invalid requests: `errors` names the fields. */
export class ValidationFailedError extends ApiError {}
/** 401: the key is missing, unknown or no longer active. */
export class UnauthenticatedError extends ApiError {}
/** 403: the key is valid, and lacks a scope or must not do this. */
export class ForbiddenError extends ApiError {}
/** 404: it does not exist, or belongs to another organisation. */
export class NotFoundError extends ApiError {}
/** 409: the current state does not allow it. */
export class ConflictError extends ApiError {}
/** 412: `ifMatch` named a version that is no longer the current one. */
export class PreconditionFailedError extends ApiError {}
/** 413: the body is larger than the server accepts. */
export class TooLargeError extends ApiError {}
/** 422: the request is well-formed, and cannot be carried out. */
export class UnprocessableError extends ApiError {}
/** 429: a limit is reached; `retryAfter` says for how long. */
export class RateLimitedError extends ApiError {}
/** 500 and above: the server, or a proxy in front of it, failed. */
export class ServerError extends ApiError {}
/** 503: the server is overloaded or stopping; `retryAfter` says when to try again. */
export class UnavailableError extends ServerError {}

/** A stream has ended and is not resumed: its key was revoked, for example. `cursor` is the position after its last event. */
export class StreamEndedError extends PenstockError {
  constructor(
    readonly reason: string,
    readonly cursor: number | undefined,
  ) {
    super(`the stream has ended: ${reason}`);
  }
}

/** A webhook message is forged, altered or too old. */
export class WebhookVerificationError extends PenstockError {}

/** Rows of a batch could not be stored, and are still queued. `cause` is the error of the last attempt. */
export class BatchError extends PenstockError {}

type ApiErrorClass = new (problem: Problem) => ApiError;

const BY_STATUS: Record<number, ApiErrorClass> = {
  304: NotModifiedError,
  400: ValidationFailedError,
  401: UnauthenticatedError,
  403: ForbiddenError,
  404: NotFoundError,
  405: ValidationFailedError,
  409: ConflictError,
  412: PreconditionFailedError,
  413: TooLargeError,
  415: ValidationFailedError,
  422: UnprocessableError,
  429: RateLimitedError,
  503: UnavailableError,
};

/** The error of a status and its problem. */
export function apiError(problem: Problem): ApiError {
  const found = BY_STATUS[problem.status] ?? (problem.status >= 500 ? ServerError : ApiError);
  return new found(problem);
}

function messageOf(problem: Problem): string {
  const fields = problem.errors
    .slice(0, 5)
    .map((one) => [one.field, one.detail].filter(Boolean).join(": "))
    .filter((one) => one && !problem.detail.includes(one));
  const named = [problem.detail || `the answer is ${problem.status}`, ...fields].join("; ");
  const marks = [String(problem.status), problem.code, problem.requestId && `request ${problem.requestId}`];
  return `${named} (${marks.filter(Boolean).join(", ")})`;
}
