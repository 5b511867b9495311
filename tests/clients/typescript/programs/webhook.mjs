// Verifies a message that was received, as it came and altered.
import { readFileSync } from "node:fs";
import { verifyWebhook } from "@penstock/client";

const { secret, headers, body } = JSON.parse(readFileSync(0, "utf8"));
const event = await verifyWebhook({ secret, headers, body });
const altered = await verifyWebhook({ secret, headers, body: body.replace("device", "Device") }).catch((error) => error.name);
console.log(JSON.stringify({ type: event.type, id: event.data.id, altered }));
