// Calls of the API under the session: api("GET", "v2/devices?limit=5"), api("PATCH", "v2/devices/dev_…", {name: "…"}).
// Returns the decoded JSON (null without a body). Throws ApiError with .status, .problem (the problem document) and the detail as its message.

export class ApiError extends Error {
  constructor(status, problem) {
    super(problem?.detail || problem?.title || `The server answered with ${status}.`);
    this.status = status;
    this.problem = problem || {};
  }
}

export const csrf = () => document.querySelector('meta[name="csrf"]')?.content || "";

/** The path of an operation below the console's door to the API. */
export function doorOf(path) {
  if (path.startsWith("/console/api/")) return path;
  return "/console/api/" + path.replace(/^\/?(api\/)?/, "");
}

export async function api(method, path, body, { signal, raw = false, headers: more = {} } = {}) {
  const headers = { Accept: "application/json", "X-CSRF-Token": csrf(), ...more };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let response;
  try {
    response = await fetch(doorOf(path), { method, headers, signal, body: body === undefined ? undefined : JSON.stringify(body), credentials: "same-origin" });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new ApiError(0, { detail: "The server cannot be reached. Check the connection and try again." });
  }
  if (!response.ok) throw new ApiError(response.status, await response.json().catch(() => null));
  if (raw) return response;
  return response.status === 204 ? null : response.json().catch(() => null);
}
