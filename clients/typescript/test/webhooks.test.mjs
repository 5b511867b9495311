import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { ConfigurationError, verifyWebhook, WebhookVerificationError } from "../dist/index.js";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const OTHER = "whsec_" + Buffer.from("another secret of some length").toString("base64");
const ID = "msg_p5jXN8AQM9LWM0D4loKWxJek";
const BODY = '{"test": 2432232314}';
const AT = 1614265330;

function signed(secret = SECRET, body = BODY, at = AT) {
  const key = Buffer.from(secret.slice(6), "base64");
  return `v1,${createHmac("sha256", key).update(`${ID}.${at}.${body}`).digest("base64")}`;
}

const headers = (signature) => ({ "Webhook-Id": ID, "webhook-timestamp": String(AT), "WEBHOOK-SIGNATURE": signature });
const request = { secret: SECRET, body: BODY, headers: headers(signed()), nowMs: AT * 1000 };
const forged = (change) => assert.rejects(verifyWebhook({ ...request, ...change }), WebhookVerificationError);

test("the example of Standard Webhooks", () => {
  assert.equal(signed(), "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
});

test("a signed message is returned, from any kind of headers and body", async () => {
  for (const body of [BODY, new TextEncoder().encode(BODY), Buffer.from(BODY), new TextEncoder().encode(BODY).buffer]) {
    assert.deepEqual(await verifyWebhook({ ...request, body }), { test: 2432232314 });
  }
  assert.ok(await verifyWebhook({ ...request, headers: new Headers(request.headers) }));
  assert.ok(await verifyWebhook({ ...request, headers: { ...request.headers, "WEBHOOK-SIGNATURE": [signed()] } }));
});

test("one of several signatures and secrets is enough", async () => {
  assert.ok(await verifyWebhook({ ...request, headers: headers(`v1,AAAA v2,x ${signed(OTHER)} ${signed()}`) }));
  assert.ok(await verifyWebhook({ ...request, secret: [OTHER, SECRET] }));
});

test("whatever is forged, altered, incomplete or old is refused", async () => {
  await forged({ body: BODY + " " });
  await forged({ secret: OTHER });
  await forged({ secret: [] });
  for (const signature of ["", "v1,", "v1", signed().replace("v1,", "v2,"), signed(SECRET, "{}"), "v1,%%%"]) await forged({ headers: headers(signature) });
  await forged({ headers: {} });
  await forged({ headers: { ...request.headers, "webhook-timestamp": "soon" } });
  await forged({ headers: { ...request.headers, "webhook-timestamp": String(AT + 1) } });
  for (const offS of [301, -301]) await forged({ nowMs: (AT + offS) * 1000 });
  assert.ok(await verifyWebhook({ ...request, nowMs: (AT + 299) * 1000 }));
  await assert.rejects(verifyWebhook({ ...request, secret: "whsec_" }), ConfigurationError);
});
