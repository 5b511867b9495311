import assert from "node:assert/strict";
import { inspect } from "node:util";
import { test } from "node:test";
import * as penstock from "../dist/index.js";
import { clientWith, json, KEY, problem } from "./support.mjs";

const LOST = new TypeError("fetch failed");

test("a call has its method, path, query, body and credentials", async () => {
  const { client, requests } = clientWith([json({ id: "dev_1" }, 201, { etag: '"a.b"', "x-request-id": "req_9" })]);
  const device = await client.devices.create({ name: "Pump" });
  const [sent] = requests;
  assert.equal(`${sent.method} ${sent.url.pathname}`, "POST /api/v2/devices");
  assert.equal(sent.body, '{"name":"Pump"}');
  assert.equal(sent.headers["X-API-Key"], KEY);
  assert.equal(sent.headers["X-Organization-Id"], "org_1");
  assert.match(sent.headers["Idempotency-Key"], /^[0-9a-f]{32}$/);
  assert.deepEqual(device, { id: "dev_1" });
  const about = penstock.answerOf(device);
  assert.deepEqual([about.status, about.etag, about.requestId, about.replayed], [201, '"a.b"', "req_9", false]);
});

test("queries repeat lists, write times, and leave out what is undefined", async () => {
  const { client, requests } = clientWith([json({ data: [], next_cursor: null })]);
  await client.devices.list({ label: ["a:b", "c:d"], q: undefined, has_alert: false }).all();
  await client.telemetry.list("dev_1", { from: new Date(0) }).page();
  assert.equal(requests[0].url.search, "?label=a%3Ab&label=c%3Ad&has_alert=false");
  assert.equal(requests[1].url.searchParams.get("from"), "1970-01-01T00:00:00.000Z");
});

test("a condition is the ETag of what was read, or a text", async () => {
  const { client, requests } = clientWith([json({ id: "dev_1" }, 200, { etag: '"a.b"' })]);
  const device = await client.devices.get("dev_1");
  await client.devices.update("dev_1", { name: "New" }, { ifMatch: device });
  await client.devices.update("dev_1", { name: "New" }, { ifMatch: '"x.y"' });
  assert.deepEqual(requests.slice(1).map((one) => one.headers["If-Match"]), ['"a.b"', '"x.y"']);
  await assert.rejects(async () => client.devices.update("dev_1", {}, { ifMatch: {} }), penstock.ConfigurationError);
});

test("ids that would lead to another path are refused", async () => {
  const { client, requests } = clientWith([json({})]);
  for (const id of ["", ".", "..", undefined, null]) assert.throws(() => client.devices.delete(id), penstock.ConfigurationError);
  await client.devices.get("a/../b?c#d");
  assert.equal(requests[0].url.pathname, "/api/v2/devices/a%2F..%2Fb%3Fc%23d");
});

test("a repeated POST has the same idempotency key, and waits as long as the server asks", async () => {
  const { client, requests } = clientWith([problem(503, "telemetry.log_full", { "retry-after": "0.2" }), json({ accepted: 1 }, 201)]);
  const before = Date.now();
  await client.telemetry.send([{ device_id: "dev_1", data: {} }]);
  assert.ok(Date.now() - before >= 190);
  assert.equal(requests.length, 2);
  assert.equal(requests[0].headers["Idempotency-Key"], requests[1].headers["Idempotency-Key"]);
});

test("reads are repeated after a lost answer, and given up after the last repetition", async () => {
  const { client, requests } = clientWith((_, at) => (at === 0 ? LOST : json({ id: "dev_1" })));
  await client.devices.get("dev_1");
  assert.equal(requests.length, 2);
  const hopeless = clientWith([LOST], { retries: 1 });
  await assert.rejects(hopeless.client.devices.get("dev_1"), (error) => error.name === "ConnectionFailedError");
  assert.equal(hopeless.requests.length, 2);
});

test("changes that could happen twice are repeated only if the server did nothing", async () => {
  for (const [answer, sent] of [[LOST, 1], [problem(502, ""), 1], [problem(429, "limits.exceeded", { "retry-after": "0" }), 2]]) {
    const { client, requests } = clientWith([answer], { retries: 1 });
    await assert.rejects(client.devices.update("dev_1", { name: "New" }));
    assert.equal(requests.length, sent);
  }
});

test("a wait that is longer than allowed is left to the caller", async () => {
  const { client, requests } = clientWith([problem(429, "limits.exceeded", { "retry-after": "3600" })]);
  await assert.rejects(client.devices.get("dev_1"), (error) => error instanceof penstock.RateLimitedError && error.retryAfter === 3600);
  assert.equal(requests.length, 1);
});

test("a deletion whose answer was lost is not an error", async () => {
  const { client } = clientWith((_, at) => (at === 0 ? LOST : problem(404, "devices.not_found")));
  assert.equal(await client.devices.delete("dev_1"), undefined);
  const never = clientWith([problem(404, "devices.not_found")]);
  await assert.rejects(never.client.devices.delete("dev_1"), penstock.NotFoundError);
});

test("errors are classes with all that the server states", async () => {
  const errors = [{ field: "name", code: "too_long", detail: "must have at most 200 characters" }];
  const classes = { 400: "ValidationFailedError", 401: "UnauthenticatedError", 403: "ForbiddenError", 404: "NotFoundError", 409: "ConflictError" };
  Object.assign(classes, { 412: "PreconditionFailedError", 413: "TooLargeError", 422: "UnprocessableError", 500: "ServerError", 503: "UnavailableError" });
  for (const [status, name] of Object.entries(classes)) {
    const { client } = clientWith([problem(Number(status), "some.code", {}, { errors })], { retries: 0 });
    const error = await client.devices.get("dev_1").catch((found) => found);
    assert.equal(error.name, name);
    assert.ok(error instanceof penstock.ApiError && error instanceof penstock.PenstockError && error instanceof Error);
    assert.deepEqual([error.status, error.code, error.requestId, error.errors], [Number(status), "some.code", "req_1", errors]);
    assert.equal(error.message, `It is some.code.; name: must have at most 200 characters (${status}, some.code, request req_1)`);
  }
});

test("an answer that is not the server's is an error too", async () => {
  const page = (status) => new Response("<h1>Bad gateway</h1>", { status });
  const { client } = clientWith([page(502)], { retries: 0 });
  await assert.rejects(client.devices.get("dev_1"), (error) => error.status === 502 && error.message.includes("Bad gateway"));
  const { client: other } = clientWith([page(200)], { retries: 0 });
  await assert.rejects(other.devices.get("dev_1"), /is this the address of a Penstock server/);
});

test("a redirect is not followed, because the key would follow it", async () => {
  const { client, requests } = clientWith([new Response(null, { status: 308, headers: { location: "http://other.test/" } })]);
  await assert.rejects(client.devices.get("dev_1"), penstock.ConfigurationError);
  assert.deepEqual(requests.map((one) => one.redirect), ["manual"]);
});

test("the key is in no text", async () => {
  const { client } = clientWith([problem(401, "auth.credential_invalid", {}, { detail: `The key ${KEY} is unknown` })]);
  const refused = await client.devices.get("dev_1").catch((error) => error);
  const { client: lost } = clientWith([new TypeError(`bad header ${KEY}`)], { retries: 0 });
  const broken = await lost.devices.get("dev_1").catch((error) => error);
  const wrong = await Promise.resolve().then(() => clientWith([], { apiKey: `${KEY}\n` })).catch((error) => error);
  assert.ok(wrong instanceof penstock.ConfigurationError);
  for (const one of [refused, broken, wrong, client, client.devices, client.streams.readings()]) {
    const text = [inspect(one, { depth: 10, showHidden: true }), String(one), JSON.stringify(one), one.stack].join("\n");
    assert.ok(!text.includes(KEY), text);
  }
});

test("a signal ends a call, and a wait before a repetition", async () => {
  const ended = clientWith([json({})]);
  await assert.rejects(ended.client.devices.get("dev_1", { signal: AbortSignal.abort(new Error("enough")) }), /enough/);
  assert.equal(ended.requests.length, 0);
  const waits = clientWith([problem(503, "", { "retry-after": "30" })]);
  const controller = new AbortController();
  setTimeout(() => controller.abort(new Error("enough")), 30);
  await assert.rejects(waits.client.devices.get("dev_1", { signal: controller.signal }), /enough/);
  assert.equal(waits.requests.length, 1);
});

test("an attempt that takes too long is a TimedOutError", async () => {
  const never = (request) => new Promise((_, reject) => request.signal.addEventListener("abort", () => reject(request.signal.reason)));
  const { client } = clientWith(never, { timeoutMs: 20, retries: 0 });
  await assert.rejects(client.devices.get("dev_1"), penstock.TimedOutError);
});

test("a list goes through all pages", async () => {
  const pages = { first: { data: [1, 2], next_cursor: "c2" }, c2: { data: [], next_cursor: "c3" }, c3: { data: [3], next_cursor: null } };
  const { client, requests } = clientWith((request) => json(pages[request.url.searchParams.get("cursor") ?? "first"]));
  const list = client.devices.list({ q: "a" });
  assert.equal(requests.length, 0);
  assert.deepEqual(await list.all(), [1, 2, 3]);
  assert.equal(requests.length, 3);
  assert.deepEqual(await list.page("c3"), pages.c3);
  assert.deepEqual(await list.all(1), [1]);
  assert.equal(requests.at(-1).url.searchParams.get("q"), "a");
});

test("files are responses, and pictures are sent as they are", async () => {
  const { client, requests } = clientWith([new Response("time,a\n", { headers: { "content-type": "text/csv" } })]);
  const file = await client.telemetry.export("dev_1", { format: "csv" });
  assert.equal(await file.text(), "time,a\n");
  await client.organization.setLogo(new penstock.Content("image/png", new Uint8Array([1, 2]))).catch(() => undefined);
  assert.equal(requests[1].headers["Content-Type"], "image/png");
  assert.deepEqual(requests[1].body, new Uint8Array([1, 2]));
});

test("rows of NDJSON come one by one, however they are cut", async () => {
  const text = new TextEncoder().encode('{"a":"ä"}\n{"a":2}\n\n{"a":3}');
  const body = new ReadableStream({ start(c) { for (const byte of text) c.enqueue(Uint8Array.of(byte)); c.close(); } });
  const rows = [];
  for await (const row of penstock.ndjson(new Response(body))) rows.push(row.a);
  assert.deepEqual(rows, ["ä", 2, 3]);
});

test("wrong settings are refused", () => {
  for (const wrong of [{ baseUrl: "nonsense" }, { baseUrl: "ftp://a" }, { baseUrl: "http://u:p@a" }, { retries: -1 }, { timeoutMs: 0 }, { organization: "a b" }]) {
    assert.throws(() => new penstock.Penstock({ baseUrl: "http://a", apiKey: KEY, ...wrong }), penstock.ConfigurationError);
  }
});
