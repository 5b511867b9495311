// Makes the calls that it reads, one JSON object a line, by the generated client and one of three protocols, and writes a line for
// each message and for the end of each call.
import { fromJson, toJson } from "@bufbuild/protobuf";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createConnectTransport, createGrpcTransport, createGrpcWebTransport } from "@connectrpc/connect-node";
import { readdirSync } from "node:fs";
import { createInterface } from "node:readline";
import { BadRequestSchema, ErrorInfoSchema, RetryInfoSchema } from "./generated/google/rpc/error_details_pb.js";

const [protocol, baseUrl, format] = process.argv.slice(2);
const nodeOptions = process.env.CA ? { ca: process.env.CA } : {};
const transport = {
  grpc: () => createGrpcTransport({ baseUrl, nodeOptions }),
  web: () => createGrpcWebTransport({ baseUrl, httpVersion: "1.1", nodeOptions }),
  connect: () => createConnectTransport({ baseUrl, httpVersion: "1.1", nodeOptions, useBinaryFormat: format !== "json", useHttpGet: format === "get" }),
}[protocol]();

const services = {};
const folder = new URL("./generated/penstock/v1/", import.meta.url);
for (const name of readdirSync(folder).filter((one) => one.endsWith("_pb.js"))) {
  for (const found of Object.values(await import(new URL(name, folder)))) {
    if (found.kind === "service") services[found.name] = found;
  }
}

const write = (line) => process.stdout.write(JSON.stringify(line) + "\n");
const under = new Map();

async function make({ id, service, method, requests, headers, timeout }) {
  const description = services[service].methods.find((one) => one.name === method);
  const call = createClient(services[service], transport)[description.localName];
  const messages = requests.map((one) => fromJson(description.input, one));
  const abort = new AbortController();
  under.set(id, abort);
  const found = { headers: {}, trailers: {} };
  const options = {
    headers,
    signal: abort.signal,
    timeoutMs: timeout,
    onHeader: (given) => (found.headers = Object.fromEntries(given)),
    onTrailer: (given) => (found.trailers = Object.fromEntries(given)),
  };
  const shown = (message) => toJson(description.output, message, { useProtoFieldName: true });
  async function* all() {
    yield* messages;
  }
  const given = description.methodKind.startsWith("client") || description.methodKind.startsWith("bidi") ? all() : messages[0];
  try {
    if (description.methodKind.startsWith("server") || description.methodKind.startsWith("bidi")) {
      for await (const message of call(given, options)) write({ id, message: shown(message) });
    } else {
      write({ id, message: shown(await call(given, options)) });
    }
    write({ id, end: true, ...found });
  } catch (error) {
    const failed = ConnectError.from(error);
    const [info, bad, retry] = [ErrorInfoSchema, BadRequestSchema, RetryInfoSchema].map((one) => failed.findDetails(one)[0]);
    write({
      id,
      failed: Code[failed.code],
      message_text: failed.rawMessage,
      reason: info?.reason ?? "",
      fields: Object.fromEntries((bad?.fieldViolations ?? []).map((one) => [one.field, one.description])),
      retry: Number(retry?.retryDelay?.seconds ?? 0),
      ...found,
      headers: { ...found.headers, ...Object.fromEntries(failed.metadata) },
    });
  } finally {
    under.delete(id);
  }
}

write({ ready: Object.keys(services).length });
for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line);
  if (asked.cancel) under.get(asked.cancel)?.abort();
  else make(asked);
}
process.exit(0);
