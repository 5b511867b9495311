// Prints each reading of a stream, and each connection that was replaced.
import { Penstock } from "@penstock/client";

const client = new Penstock({ baseUrl: process.env.PENSTOCK_URL, apiKey: process.env.PENSTOCK_KEY });
const onReconnect = (error) => console.log(JSON.stringify({ lost: error.name }));
const stream = client.streams.events({ devices: [process.env.DEVICE] }, { reconnectMs: 20, onReconnect });
for await (const event of stream) {
  console.log(JSON.stringify(event.type === "reading" ? { n: event.reading.data.n } : { [event.type]: event.cursor }));
  if (event.type === "reading" && event.reading.data.n === Number(process.env.LAST)) break;
}
