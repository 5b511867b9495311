import { apiError, type ApiError, type FieldError } from "./errors.js";

/** What came with an answer besides its content. */
export interface AnswerAbout {
  status: number;
  /** The version, for `ifMatch`; empty if the answer has none. */
  etag: string;
  requestId: string;
  /** Whether the server returned the answer of an earlier request with the same idempotency key. */
  replayed: boolean;
  headers: Headers;
}

const ABOUT = new WeakMap<object, AnswerAbout>();

/** What came with an object that a call returned; undefined for anything else. */
export function answerOf(value: object): AnswerAbout | undefined {
  return ABOUT.get(value);
}

/** Remember what came with an object. */
export function remember<T>(value: T, response: Response): T {
  if (typeof value === "object" && value !== null) {
    const { headers, status } = response;
    ABOUT.set(value, {
      status,
      etag: headers.get("etag") ?? "",
      requestId: headers.get("x-request-id") ?? "",
      replayed: headers.get("idempotent-replayed") === "true",
      headers,
    });
  }
  return value;
}

/** The error of an answer. `hide` takes secrets out of a text. */
export async function errorOf(response: Response, hide: (text: string) => string): Promise<ApiError> {
  const text = hide(await response.text().catch(() => ""));
  const body = parsed(text);
  const found = typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
  return apiError({
    status: response.status,
    code: textOf(found["code"]),
    detail: textOf(found["detail"]) || textOf(found["title"]) || text.slice(0, 200),
    errors: Array.isArray(found["errors"]) ? (found["errors"] as FieldError[]) : [],
    requestId: textOf(found["request_id"]) || (response.headers.get("x-request-id") ?? ""),
    retryAfter: retryAfterOf(response.headers),
    body: body ?? text,
  });
}

/** The seconds of `Retry-After`, which is a number or a date (RFC 9110, 10.2.3). */
export function retryAfterOf(headers: Headers, nowMs: number = Date.now()): number | undefined {
  const text = headers.get("retry-after")?.trim();
  if (!text) return undefined;
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, (at - nowMs) / 1000);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
