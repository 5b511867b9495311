// What an integrator does in a day, call by call. Each step is asserted here, as their program would notice it.
import assert from "node:assert/strict";
import { answerOf, ConflictError, ValidationFailedError, NotFoundError, Penstock, PreconditionFailedError } from "@penstock/client";

const client = new Penstock({ baseUrl: process.env.PENSTOCK_URL, apiKey: process.env.PENSTOCK_KEY, organization: process.env.PENSTOCK_ORG });
const name = `Pump ${process.env.MARK}`;

// A device from its creation to its end.
const key = `create-${process.env.MARK}`;
const { device } = await client.devices.create({ name, labels: { site: process.env.MARK } }, { idempotencyKey: key });
const again = await client.devices.create({ name, labels: { site: process.env.MARK } }, { idempotencyKey: key });
assert.equal(again.device.id, device.id);
assert.equal(answerOf(again).replayed, true);
const read = await client.devices.get(device.id);
assert.equal(read.name, name);
const changed = await client.devices.update(device.id, { description: "new" }, { ifMatch: read });
assert.equal(changed.description, "new");
await assert.rejects(client.devices.update(device.id, { description: "newer" }, { ifMatch: read }), PreconditionFailedError);
await client.devices.update(device.id, { description: "newer" }, { ifMatch: changed });
await assert.rejects(client.devices.get(device.id, { ifNoneMatch: await client.devices.get(device.id) }), (error) => error.status === 304);
const paused = await client.devices.pause(device.id);
assert.equal(paused.status, "paused");
await client.devices.resume(device.id);

// Pages.
const made = await client.devices.createMany({ items: [1, 2, 3, 4].map((n) => ({ name: `${name} ${n}`, labels: { site: process.env.MARK } })) });
const list = client.devices.list({ label: [`site:${process.env.MARK}`], limit: 2, sort: "name" });
const names = [];
for await (const one of list) names.push(one.name);
assert.deepEqual(names, [name, `${name} 1`, `${name} 2`, `${name} 3`, `${name} 4`]);
const page = await list.page();
assert.deepEqual([page.data.length, typeof page.next_cursor], [2, "string"]);
assert.equal((await list.page(page.next_cursor)).data[0].name, `${name} 2`);
assert.equal((await client.devices.list({ q: `${name} 3` }).all()).length, 1);

// Readings.
const stored = await client.telemetry.sendForDevice(device.id, { time: "2026-05-02T09:15:04Z", data: { temperature: 21.5 } });
assert.equal(stored.status, "stored");
const latest = await client.telemetry.latest(device.id);
assert.deepEqual(latest.data.data, { temperature: 21.5 });
const rejected = [];
const batch = client.telemetry.batch({ maxRows: 400, onRejected: (row, [error]) => rejected.push([row.data.n, error.field]) });
const start = Date.now() - 3_600_000;
for (let n = 0; n < 1000; n += 1) {
  await batch.add({ device_id: n === 700 ? "dev_0000000000000" : device.id, time: n === 701 ? "noon" : start + n, data: { n } });
}
await batch.close();
assert.deepEqual(batch.counts, { accepted: 998, duplicates: 0, quarantined: 0, rejected: 2 });
assert.deepEqual(rejected.map(([n]) => n), [700, 701]);
const seen = [];
for await (const reading of client.telemetry.downloadHistory(device.id, { range: "2h", limit: 300 })) seen.push(reading.data.n);
assert.deepEqual(seen, Array.from({ length: 1000 }, (_, n) => n).filter((n) => n !== 700 && n !== 701));
const mean = await client.telemetry.aggregate(device.id, { functions: "count", bucket: "1d", range: "2h", fields: "n" });
assert.ok(mean.data.length >= 1);
const csv = await (await client.telemetry.export(device.id, { format: "csv", range: "2h" })).text();
assert.equal(csv.trim().split("\n").length, 999);

// Errors.
await assert.rejects(client.devices.create({ name: "" }), (error) => {
  assert.ok(error instanceof ValidationFailedError);
  assert.deepEqual([error.status, error.errors[0].field], [400, "name"]);
  assert.match(error.requestId, /^req_|./);
  return true;
});
await client.sensors.declare(device.id, { key: "n", name: "N", value_type: "integer" }).catch((error) => assert.ok(error instanceof ConflictError));
await client.devices.delete(device.id);
await assert.rejects(client.devices.get(device.id), (error) => error instanceof NotFoundError && error.code === "devices.not_found");
const wrong = new Penstock({ baseUrl: process.env.PENSTOCK_URL, apiKey: "psk_wrong" });
await assert.rejects(wrong.devices.list().page(), (error) => error.name === "UnauthenticatedError" && !error.message.includes("psk_wrong"));
for (const { device: one } of made.devices) await client.devices.delete(one.id);
console.log(JSON.stringify("done"));
