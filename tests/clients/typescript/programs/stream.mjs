// Prints each reading of a stream, and each connection that was replaced.
import { Penstock } from "@penstock/client";

const client = new Penstock({ baseUrl: process.env.PENSTOCK_URL, apiKey: process.env.PENSTOCK_KEY });
const print = (line) => console.log(JSON.stringify(line));
const options = { reconnectMs: 20, onOpen: (ready) => print({ ready }), onReconnect: (error) => print({ lost: error.name }) };
for await (const event of client.streams.readings({ devices: [process.env.DEVICE] }, options)) {
  print(event.name === "reading" ? { n: event.data.data.n } : { [event.name]: event.data });
  if (event.name === "reading" && event.data.data.n === Number(process.env.LAST)) break;
}
