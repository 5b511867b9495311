// What a person writes with the types that openapi-typescript makes, and openapi-fetch: the compiler knows every field of it.
import createClient from "openapi-fetch";
import type { components, paths } from "./penstock.js";

type AlertAction = components["schemas"]["AlertAction"];

function check(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(what);
}

/** Members of a union are told apart by their discriminator. */
function receiverOf(action: AlertAction): string {
  switch (action.type) {
    case "webhook":
      return "webhooks";
    case "email":
      return action.to.join();
    case "sms":
      return action.to.join();
    case "command":
      return action.definition_id;
    case "chat":
      return action.channel;
    default:
      return action satisfies never;
  }
}

const [baseUrl, key, organization] = process.argv.slice(2) as [string, string, string];
const header = { "X-Organization-Id": organization };
const client = createClient<paths>({ baseUrl, headers: { "X-API-Key": key } });

const made = await client.POST("/api/v2/devices", { params: { header }, body: { name: "typed" } });
check(made.data !== undefined, "a device is created");
const status: "active" | "disabled" | "paused" = made.data.device.status;
check(status === "active", "it is active");
// @ts-expect-error: the document names every field, and this is none
check(made.data.device.nonsense === undefined, "it has no such field");

const body: components["schemas"]["AlertCreate"] = {
  name: "Too warm",
  target: { devices: [made.data.device.id] },
  condition: { type: "threshold", field: "temperature", operator: ">", value: 30 },
  actions: [{ type: "email", to: ["ops@example.org"] }],
};
const alert = await client.POST("/api/v2/alerts", { params: { header }, body });
check(alert.data !== undefined, `an alert is created: ${JSON.stringify(alert.error)}`);
const [action] = alert.data.actions;
check(action !== undefined && receiverOf(action) === "ops@example.org", "its action is the one that was sent");

const page = await client.GET("/api/v2/devices", { params: { header, query: { q: "typed", limit: 1 } } });
check(page.data?.data[0]?.id === made.data.device.id, "it is in the list");

const refused = await client.GET("/api/v2/devices", { params: { header, query: { cursor: "nonsense" } } });
check(refused.error?.errors?.[0]?.field === "cursor", "an error is a problem document");
console.log("used");
