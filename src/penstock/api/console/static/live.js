// One live stream for the whole page. Events on document:
//   ps:reading {device_id, time, data, …} · ps:alert · ps:connectivity · ps:command · ps:event · ps:gap · ps:stream {state: "open" | "paused"}
// What the page wants: [data-live="dev_…/field"] and ps-chart[live][device] are readings of these devices;
// <i data-stream="alerts connectivity commands events" data-devices="dev_a,dev_b" data-refresh="#list"> asks for more, and refreshes a part of the page when something arrives.
import { api } from "./api.js";
import { ago, onHover, refreshTimes } from "./times.js";

let source = null;
let wanted = "";
let lost = 0;
let tries = 0;
let again = null;
let seen = ""; // the number of the newest reading that was sent: after a break, those since then are sent again
const last = new Map();
let shown = new Set(); // the keys of the values on the page; most readings of a large organisation are not among them

function wishes() {
  const query = new URLSearchParams();
  const devices = new Set();
  let everything = false;
  for (const element of document.querySelectorAll("[data-live]")) devices.add(element.dataset.live.split("/")[0]);
  for (const element of document.querySelectorAll("[data-live-time]")) devices.add(element.dataset.liveTime);
  for (const element of document.querySelectorAll("ps-chart[live][device]")) devices.add(element.getAttribute("device"));
  for (const element of document.querySelectorAll("[data-stream]")) {
    for (const kind of element.dataset.stream.split(" ").filter(Boolean)) if (kind !== "readings") query.set(kind, "true");
    if (element.dataset.devices) element.dataset.devices.split(",").forEach((id) => devices.add(id));
    else everything = true;
  }
  devices.delete("");
  if (!everything && devices.size && devices.size <= 100) query.set("devices", [...devices].sort().join(","));
  return query.toString();
}

export function start() {
  shown = new Set([...document.querySelectorAll("[data-live]")].map((element) => element.dataset.live));
  const query = wishes();
  if (source && query === wanted) return;
  source?.close();
  source = null;
  wanted = query;
  connect();
}

async function connect() {
  clearTimeout(again);
  try {
    const { ticket } = await api("POST", "v2/streams/tickets");
    open(ticket);
  } catch (error) {
    if (error.status === 401 || error.status === 403) { state(error.status === 403 ? "off" : "out"); return; }
    later();
  }
}

function open(ticket) {
  const query = new URLSearchParams(wanted);
  query.set("ticket", ticket);
  if (lost && seen) query.set("cursor", seen);
  const mine = new EventSource(`/api/v2/streams/sse?${query}`);
  source = mine;
  mine.onopen = () => {
    if (lost) refreshAll(); // alerts and the like are not sent again
    tries = 0;
    lost = 0;
    state("open");
  };
  mine.onerror = () => {
    if (source !== mine) return;
    lost ||= Date.now();
    state("paused");
    if (mine.readyState === EventSource.CLOSED) later(); // otherwise the browser tries again by itself
  };
  for (const name of ["ready", "reading", "alert", "connectivity", "command", "event", "gap", "sms"]) {
    mine.addEventListener(name, (event) => {
      if (source !== mine) return;
      seen = event.lastEventId || seen;
      if (name !== "ready") arrived(name, event.data);
    });
  }
  mine.addEventListener("end", () => { mine.close(); lost ||= Date.now(); state("paused"); later(); });
}

function later() {
  lost ||= Date.now();
  state("paused");
  clearTimeout(again);
  again = setTimeout(connect, Math.min(30_000, 1000 * 2 ** tries++) * (0.75 + Math.random() / 2));
}

let now = "open";
function state(next) {
  now = next;
  show();
  document.dispatchEvent(new CustomEvent("ps:stream", { detail: { state: next } }));
}
function show() {
  const badge = document.querySelector("[data-stream-state]");
  if (!badge) return;
  const late = now === "paused" && Date.now() - lost > 1500;
  badge.hidden = !late && now !== "out";
  if (late) badge.textContent = `paused ${ago((Date.now() - lost) / 1000)}, reconnecting`;
  if (now === "out") badge.textContent = "signed out: reload to continue";
}
setInterval(show, 1000);

function arrived(name, text) {
  let detail;
  try { detail = JSON.parse(text); } catch { return; }
  document.dispatchEvent(new CustomEvent(`ps:${name}`, { detail }));
  if (name === "reading") heard(detail.device_id, detail.time);
  if (name === "reading") for (const [field, value] of Object.entries(detail.data || {})) write(`${detail.device_id}/${field}`, value, detail.time);
  if (name === "connectivity") states(detail.device_id, detail.connectivity);
  for (const element of document.querySelectorAll(`[data-stream][data-refresh]`)) if (element.dataset.stream.split(" ").includes({ alert: "alerts", connectivity: "connectivity", command: "commands", event: "events", reading: "readings", sms: "sms" }[name])) refresh(element.dataset.refresh);
}

function write(key, value, time) {
  if ((value !== null && typeof value === "object") || !shown.has(key)) return;
  const ms = Date.parse(time);
  if (ms < (last.get(key) || 0)) return; // an older reading that was sent late
  last.set(key, ms);
  for (const element of document.querySelectorAll(`[data-live="${CSS.escape(key)}"]`)) {
    const { decimals } = element.dataset;
    const shown = typeof value === "number" ? value.toLocaleString(document.documentElement.lang, decimals === undefined ? { maximumFractionDigits: 6 } : { minimumFractionDigits: decimals, maximumFractionDigits: decimals }) : String(value ?? "—");
    if (element.textContent !== shown) {
      element.textContent = shown;
      element.classList.remove("flash");
      void element.offsetWidth;
      element.classList.add("flash");
    }
    if (typeof value === "number") element.closest(".stat")?.querySelector("ps-spark")?.push?.(value);
  }
}

/** <span data-live-time="dev_…">{{ …|when }}</span> follows the newest reading. */
function heard(device, time) {
  for (const element of document.querySelectorAll(`[data-live-time="${CSS.escape(device)}"] time`)) {
    if (Date.parse(time) <= Date.parse(element.dateTime)) continue;
    element.dateTime = time;
    element.title = onHover(Date.parse(time));
    refreshTimes(element.parentElement);
  }
}

function states(device, value) {
  for (const element of document.querySelectorAll(`[data-live-state="${CSS.escape(device)}"]`)) {
    element.className = `badge ${value === "online" ? "good" : "bad"}`;
    element.querySelector(".mark").className = `mark ${value === "online" ? "dot" : "square"}`;
    element.lastChild.textContent = value;
  }
}

function refreshAll() {
  for (const element of document.querySelectorAll("[data-stream][data-refresh]")) refresh(element.dataset.refresh);
}

// A part of the page is asked for again at most every two seconds, and not while someone selects in it.
const pending = new Map();
function refresh(selector) {
  if (pending.has(selector)) return;
  pending.set(selector, setTimeout(() => {
    pending.delete(selector);
    const part = document.querySelector(selector);
    if (!part || document.hidden || part.querySelector(":checked[data-check], details[open], :focus") || document.querySelector("dialog[open]")) return;
    const { scrollX, scrollY } = window;
    globalThis.htmx?.ajax("GET", location.pathname + location.search, { target: part, select: selector, swap: "outerHTML" }).then(() => window.scrollTo(scrollX, scrollY));
  }, 2000));
}

addEventListener("pagehide", () => source?.close());
addEventListener("pageshow", (event) => { if (event.persisted) connect(); });
