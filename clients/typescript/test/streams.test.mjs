import assert from "node:assert/strict";
import { test } from "node:test";
import { StreamEndedError, TimedOutError, streamFrom } from "../dist/index.js";
import { SseParser } from "../dist/sse.js";
import { clientWith, event, KEY, problem, sse } from "./support.mjs";

const QUICK = { reconnectMs: 1 };
const reading = (seq) => event(seq, "reading", { seq });
const ready = (seq) => event(seq, "ready", { cursor: seq });

test("the parser reads events however they are cut", () => {
  const text = "\uFEFF: ping\r\nretry: 20\r\n\r\nid: 1\revent: a\rdata: x\rdata:y\r\rid: 2\ndata\n\ndata: late";
  for (let size = 1; size < text.length; size += 1) {
    const parser = new SseParser();
    const found = [];
    let retryMs;
    for (let at = 0; at < text.length; at += size) {
      const taken = parser.take(text.slice(at, at + size));
      found.push(...taken.events);
      retryMs ??= taken.retryMs;
    }
    assert.deepEqual(found, [{ id: "1", name: "a", data: "x\ny" }, { id: "2", name: "message", data: "" }], `pieces of ${size}`);
    assert.equal(retryMs, 20);
  }
});

test("a broken stream is resumed after the last event, and nothing comes twice", async () => {
  const { client, requests } = clientWith((request, at) => [
    () => sse([ready(10), reading(11), reading(12) + "id: 13\nevent: reading\nda"], "fails"),
    () => problem(503, "server.stopping", { "retry-after": "0" }),
    () => sse([ready(12), reading(12), reading(13)], "ends"),
    () => sse([ready(13), reading(14), reading(15)], "open", request.signal),
  ][at]());
  const seen = [];
  const lost = [];
  const stream = client.streams.readings({ devices: ["dev_1", "dev_2"], keys: [] }, { ...QUICK, onReconnect: (error) => lost.push(error.name) });
  for await (const one of stream) {
    seen.push(one.data.seq);
    if (one.cursor === 15) break;
  }
  assert.deepEqual(seen, [11, 12, 13, 14, 15]);
  assert.equal(stream.cursor, 15);
  assert.deepEqual(requests.map((one) => one.headers["Last-Event-ID"]), [undefined, "12", "12", "13"]);
  assert.equal(requests[0].url.search, "?devices=dev_1%2Cdev_2");
  assert.equal(requests[0].headers["X-API-Key"], KEY);
  assert.deepEqual(lost, ["ConnectionFailedError", "UnavailableError", "ConnectionFailedError"]);
  assert.ok(requests.at(-1).signal.aborted);
  assert.deepEqual(await stream.next(), { done: true, value: undefined });
});

test("a gap is passed on, and the stream continues where the server is", async () => {
  const gap = event(5, "gap", { reason: "unknown_cursor", requested_after: 40, resumes_after: 5 });
  const opened = [];
  const { client, requests } = clientWith((request) => sse([gap, ready(5), reading(6)], "open", request.signal));
  const stream = client.streams.readings({ alerts: true }, { cursor: 40, onOpen: (cursor) => opened.push(cursor) });
  const first = (await stream.next()).value;
  assert.deepEqual([first.name, first.cursor, first.data.requested_after], ["gap", 5, 40]);
  assert.deepEqual((await stream.next()).value, { name: "reading", cursor: 6, data: { seq: 6 } });
  assert.deepEqual([opened, stream.cursor], [[5], 6]);
  assert.deepEqual([requests[0].headers["Last-Event-ID"], requests[0].url.search], ["40", "?alerts=true"]);
  await stream.return();
});

test("silence ends a connection, and not the stream", async () => {
  const { client, requests } = clientWith((request, at) => sse(at ? [ready(1), reading(2)] : [ready(1)], "open", request.signal));
  const lost = [];
  const stream = client.streams.readings({}, { ...QUICK, silenceMs: 30, onReconnect: (error) => lost.push(error) });
  assert.equal((await stream.next()).value.cursor, 2);
  assert.ok(lost[0] instanceof TimedOutError);
  assert.equal(requests.length, 2);
  stream.close();
});

test("what a new connection would not change is thrown", async () => {
  const revoked = clientWith(() => sse([ready(1), event(1, "end", { reason: "credential_revoked" })], "ends"));
  await assert.rejects(revoked.client.streams.readings({}, QUICK).next(), (error) => error instanceof StreamEndedError && error.cursor === 1);
  const refused = clientWith([problem(403, "auth.scope_missing")]);
  await assert.rejects(refused.client.streams.readings({}, QUICK).next(), (error) => error.code === "auth.scope_missing");
  const missing = clientWith([new TypeError("fetch failed")], { retries: 2 });
  await assert.rejects(missing.client.streams.readings({}, QUICK).next(), (error) => error.name === "ConnectionFailedError");
  assert.equal(missing.requests.length, 3);
});

test("a signal and close end a stream that waits", async () => {
  const { client } = clientWith((request) => sse([ready(1)], "open", request.signal));
  const controller = new AbortController();
  const ended = client.streams.readings({}, { signal: controller.signal }).next();
  const stream = client.streams.readings();
  const closed = stream.next();
  setTimeout(() => controller.abort(new Error("enough")), 10);
  setTimeout(() => stream.close(), 10);
  await assert.rejects(ended, /enough/);
  assert.deepEqual(await closed, { done: true, value: undefined });
});

test("a ticket opens a stream without the key", async () => {
  const { client } = clientWith([new Response('{"ticket":"tkt_1","expires_at":""}', { status: 201 })]);
  const url = await client.streams.ticketUrl({ keys: ["a"] });
  assert.equal(url, "http://server.test/api/v2/streams/sse?keys=a&ticket=tkt_1");
  const before = globalThis.fetch;
  const seen = [];
  globalThis.fetch = async (address, init) => {
    seen.push([address, Object.keys(init.headers)]);
    return sse([ready(1), reading(2)], "open", init.signal);
  };
  try {
    const stream = streamFrom(url);
    assert.equal((await stream.next()).value.name, "reading");
    stream.close();
  } finally {
    globalThis.fetch = before;
  }
  assert.deepEqual(seen, [[url, ["Accept"]]]);
});
