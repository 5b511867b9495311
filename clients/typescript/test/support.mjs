// What the tests share: a client whose answers the test gives.
import { Penstock } from "../dist/index.js";

export const KEY = "psk_0123456789abcdefghijklmnopqrstuv";

/** A client that sends nothing: `answers` gives the answer to each request, or throws. `requests` are those that were sent. */
export function clientWith(answers, options = {}) {
  const requests = [];
  const given = typeof answers === "function" ? answers : () => answers[Math.min(requests.length, answers.length) - 1];
  const fetch = async (url, init) => {
    const request = { url: new URL(url), ...init };
    requests.push(request);
    const answer = await given(request, requests.length - 1);
    if (answer instanceof Error) throw answer;
    return answer.clone ? answer.clone() : answer;
  };
  const client = new Penstock({ baseUrl: "http://server.test", apiKey: KEY, organization: "org_1", fetch, ...options });
  return { client, requests };
}

export function json(body, status = 200, headers = {}) {
  return new Response(status === 204 ? null : JSON.stringify(body), { status, headers: { "content-type": "application/json", ...headers } });
}

export function problem(status, code, headers = {}, more = {}) {
  return json({ status, code, detail: `It is ${code}.`, request_id: "req_1", ...more }, status, headers);
}

/** An answer that is a stream of these pieces; it stays open, fails, or ends. */
export function sse(pieces, end = "open", signal = undefined) {
  const encoder = new TextEncoder();
  const body = new ReadableStream({
    start(controller) {
      for (const piece of pieces) controller.enqueue(encoder.encode(piece));
      if (end === "ends") controller.close();
      else if (end === "fails") setTimeout(() => controller.error(new TypeError("terminated")), 1);
      else signal?.addEventListener("abort", () => controller.error(signal.reason));
    },
  });
  const answer = new Response(body, { headers: { "content-type": "text/event-stream" } });
  answer.clone = undefined;
  return answer;
}

export function event(id, name, data) {
  return `id: ${id}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}
