import { ConfigurationError, WebhookVerificationError } from "./errors.js";

/** A message of a webhook in the format `standard`. */
export interface WebhookEvent<T = Record<string, unknown>> {
  type: string;
  timestamp: string;
  data: T;
}

/** What a web server received, and how to check it. */
export interface WebhookRequest {
  /** The endpoint's secret, `whsec_…`; several while one replaces the other. */
  secret: string | readonly string[];
  /** The headers of the request: those of `fetch`, of Node, or a plain object. */
  headers: Headers | Record<string, string | readonly string[] | undefined>;
  /** The bytes of the body exactly as they came, or their text. */
  body: string | Uint8Array | ArrayBuffer;
  /** How many seconds the message may be older or newer than now. By default 300. */
  toleranceS?: number;
  /** The time in milliseconds; by default now. */
  nowMs?: number;
}

/**
 * Check the signature of a webhook message (Standard Webhooks), and return the message.
 *
 * Throws `WebhookVerificationError` if it is forged, altered or too old. Messages can come twice: ignore a `webhook-id` that you
 * have already processed.
 */
export async function verifyWebhook<T = Record<string, unknown>>(request: WebhookRequest): Promise<WebhookEvent<T>> {
  const [id, timestamp, signature] = ["webhook-id", "webhook-timestamp", "webhook-signature"].map((name) => header(request, name));
  if (!id || !timestamp || !signature) throw new WebhookVerificationError("the message has no complete signature");
  const body = typeof request.body === "string" ? new TextEncoder().encode(request.body) : new Uint8Array(request.body);
  checkTime(timestamp, request);
  const signed = joined(new TextEncoder().encode(`${id}.${timestamp}.`), body);
  const given = signature.split(" ").flatMap((one) => (one.startsWith("v1,") ? (decoded(one.slice(3)) ?? []) : []));
  for (const secret of typeof request.secret === "string" ? [request.secret] : request.secret) {
    if (await matches(secret, signed, given)) return JSON.parse(new TextDecoder().decode(body)) as WebhookEvent<T>;
  }
  throw new WebhookVerificationError("the signature of the message is wrong");
}

async function matches(secret: string, signed: Uint8Array, given: Uint8Array[]): Promise<boolean> {
  const raw = decoded(secret.replace(/^whsec_/, ""));
  if (!raw?.length) throw new ConfigurationError("the secret of a webhook begins with whsec_ and is base64");
  const subtle = await subtleCrypto();
  const key = await subtle.importKey("raw", raw as BufferSource, { name: "HMAC", hash: "SHA-256" }, false, ["verify"]);
  for (const one of given) {
    // Compares in constant time.
    if (await subtle.verify("HMAC", key, one as BufferSource, signed as BufferSource)) return true;
  }
  return false;
}

function checkTime(timestamp: string, request: WebhookRequest): void {
  if (!/^\d{1,12}$/.test(timestamp)) throw new WebhookVerificationError("the time of the message cannot be read");
  const offS = Math.abs((request.nowMs ?? Date.now()) / 1000 - Number(timestamp));
  if (!(offS <= (request.toleranceS ?? 300))) throw new WebhookVerificationError("the message is too old, or this clock is wrong");
}

function header(request: WebhookRequest, name: string): string {
  const { headers } = request;
  if (typeof (headers as Headers).get === "function") return (headers as Headers).get(name) ?? "";
  for (const [key, value] of Object.entries(headers)) {
    if (key.toLowerCase() === name && value !== undefined) return typeof value === "string" ? value : (value[0] ?? "");
  }
  return "";
}

function decoded(base64: string): Uint8Array | undefined {
  try {
    return Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));
  } catch {
    return undefined;
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const all = new Uint8Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}

async function subtleCrypto(): Promise<SubtleCrypto> {
  if (globalThis.crypto?.subtle) return globalThis.crypto.subtle;
  const module = "node:crypto"; // Node 18 has no global one; a variable, so that bundlers for browsers do not look for it
  const found = (await import(/* @vite-ignore */ /* webpackIgnore: true */ module)) as { webcrypto: { subtle: SubtleCrypto } };
  return found.webcrypto.subtle;
}
