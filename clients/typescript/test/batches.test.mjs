import assert from "node:assert/strict";
import { test } from "node:test";
import { BatchError } from "../dist/index.js";
import { clientWith, json, problem } from "./support.mjs";

const lines = (request) => request.body.split("\n").map((one) => JSON.parse(one));
const stored = (request) => {
  const { length } = lines(request);
  return json({ accepted: length, duplicates: 0, quarantined: 0, rejected: 0, seqs: [], errors: [] }, 201);
};
const row = (value) => ({ device_id: "dev_1", data: { value } });
const values = (request) => lines(request).map((one) => one.data.value);

test("readings go in batches, in order, with the time at which they were added", async () => {
  const { client, requests } = clientWith(stored);
  const batch = client.telemetry.batch({ maxRows: 2, maxWaitMs: 60_000 });
  for (const value of [1, 2, 3]) await batch.add(row(value));
  await batch.add({ ...row(4), time: 1777713304 });
  await batch.add(row(5));
  await batch.close();
  assert.deepEqual(requests.map(values), [[1, 2], [3, 4], [5]]);
  assert.deepEqual(batch.counts, { accepted: 5, duplicates: 0, quarantined: 0, rejected: 0 });
  assert.match(lines(requests[0])[0].time, /^\d{4}-.*Z$/);
  assert.equal(lines(requests[1])[1].time, 1777713304);
  assert.equal(new Set(requests.map((one) => one.headers["Idempotency-Key"])).size, 3);
  await assert.rejects(batch.add(row(6)), /closed/);
});

test("a batch goes after a while by itself, and when it is large enough", async () => {
  const { client, requests } = clientWith(stored);
  const batch = client.telemetry.batch({ maxWaitMs: 5, maxBytes: 150 });
  for (const value of ["a".repeat(80), "b".repeat(80)]) await batch.add(row(value));
  while (batch.queued) await new Promise((resolve) => setTimeout(resolve, 2));
  assert.equal(requests.length, 2);
  await batch.close();
});

test("rows that are rejected are reported, and the others stored", async () => {
  const errors = [{ row: 1, code: "request.invalid", detail: "no", field: "data" }, { row: 1, code: "x", detail: "y", field: "time" }];
  const { client } = clientWith([json({ accepted: 1, duplicates: 0, quarantined: 0, rejected: 1, seqs: [1, null], errors }, 207)]);
  const rejected = [];
  const batch = client.telemetry.batch({ onRejected: (one, found) => rejected.push([one.data.value, found.length]) });
  await batch.add(row(1));
  await batch.add(row(2));
  await batch.close();
  assert.deepEqual(rejected, [[2, 2]]);
  assert.deepEqual(batch.counts, { accepted: 1, duplicates: 0, quarantined: 0, rejected: 1 });
});

test("old readings that come too fast are sent again, alone", async () => {
  const paced = { row: 1, code: "limits.backfill_paced", detail: "later", field: "" };
  const first = json({ accepted: 2, duplicates: 1, quarantined: 0, rejected: 1, seqs: [], errors: [paced] }, 207, { "retry-after": "0" });
  const { client, requests } = clientWith((request, at) => (at ? stored(request) : first));
  const batch = client.telemetry.batch({ onRejected: () => assert.fail("none is rejected") });
  const changing = row(2);
  for (const one of [row(1), changing, row(3)]) await batch.add(one);
  changing.data.value = "changed";
  await batch.close();
  assert.deepEqual(requests.map(values), [[1, 2, 3], [2]]);
  assert.deepEqual(batch.counts, { accepted: 3, duplicates: 1, quarantined: 0, rejected: 0 });
  assert.notEqual(requests[0].headers["Idempotency-Key"], requests[1].headers["Idempotency-Key"]);
});

test("a batch that the server refuses as a whole does not hold back the next one", async () => {
  const { client, requests } = clientWith((request, at) => (at ? stored(request) : problem(400, "request.invalid")));
  const rejected = [];
  const batch = client.telemetry.batch({ maxRows: 1, onRejected: (one, [found]) => rejected.push([one.data.value, found.code]) });
  await batch.add(row(1));
  await batch.add(row(2));
  await batch.close();
  assert.deepEqual(rejected, [[1, "request.invalid"]]);
  assert.equal(requests.length, 2);
});

test("what could not be sent stays queued, and goes again under the same key", async () => {
  const { client, requests } = clientWith((request, at) => (at ? stored(request) : new TypeError("fetch failed")), { retries: 0 });
  const batch = client.telemetry.batch();
  await batch.add(row(1));
  await assert.rejects(batch.flush(), (error) => error instanceof BatchError && error.cause.name === "ConnectionFailedError");
  await batch.add(row(2));
  assert.equal(batch.queued, 2);
  await batch.close();
  assert.deepEqual(requests.map(values), [[1], [1], [2]]);
  assert.equal(requests[0].headers["Idempotency-Key"], requests[1].headers["Idempotency-Key"]);
  assert.equal(requests[0].body, requests[1].body);
});

test("add waits while too many readings are queued", async () => {
  let release;
  const { client } = clientWith((request) => new Promise((resolve) => (release = () => resolve(stored(request)))));
  const batch = client.telemetry.batch({ maxRows: 1, maxQueued: 1 });
  await batch.add(row(1));
  let added = false;
  const second = batch.add(row(2)).then(() => (added = true));
  await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(added, false);
  release();
  await second;
  const closing = batch.close();
  await new Promise((resolve) => setTimeout(resolve, 5));
  release();
  await closing;
  assert.equal(batch.counts.accepted, 2);
});
