// The palette: pages and actions at once, then what the search of the API finds.
import { api } from "./api.js";
import { h, icon } from "./dom.js";

const TYPES = {
  device: ["devices", "cpu"], dashboard: ["dashboards", "layout-dashboard"], alert: ["alerts", "bell"], alert_event: ["alerts/events", "bell"], rule: ["rules", "workflow"], webhook: ["webhooks", "webhook"],
  connection: ["connections", "plug"], customer: ["customers", "building-2"], profile: ["profiles", "package"], codec: ["profiles/codecs", "file-code"], token: ["vault", "key-round"], person: ["people", "user"], people: ["people", "user"],
};
const dialog = document.getElementById("palette");
const input = dialog.querySelector("input");
const list = dialog.querySelector("#palette-list");
const note = dialog.querySelector("[data-palette-state]");
let entries = [];
let at = 0;
let asked = null;
let timer = null;

function pages() {
  return [...document.querySelectorAll(".side-nav a[data-key]")].map((link) => ({ group: "Pages", label: link.title, href: link.href, drawing: link.querySelector("svg")?.cloneNode(true), detail: link.closest(".side-group")?.querySelector("h2")?.textContent }));
}
function actions() {
  const found = [...document.querySelectorAll(".page-actions a.btn, .page-actions button.btn[data-open], .tabs a, .page-actions .menu-item")].filter((element) => element.textContent.trim() && element.dataset.open !== "calls")
    .map((element) => ({ group: "On this page", label: element.textContent.trim(), drawing: element.querySelector("svg")?.cloneNode(true), run: () => element.click() }));
  const anywhere = [...document.querySelectorAll("[data-palette-actions] a")].map((link) => ({ group: "Actions", label: link.textContent, href: link.href, drawing: link.querySelector("svg")?.cloneNode(true), quiet: true }))
    .filter((one) => !found.some((here) => here.label === one.label));
  const fixed = [["Copy as curl: the calls of this page", "code", '[data-open="calls"]'], ["Profile and security", "user", '.menu-body a[href="/console/profile"]'], ["Keyboard", "info", '[data-open="help"]']]
    .map(([label, name, selector]) => ({ label, name, element: document.querySelector(selector) })).filter((one) => one.element)
    .map(({ label, name, element }) => ({ group: "Actions", label, drawing: icon(name), run: () => element.click() }));
  const themes = [["System", "system"], ["Light", "light"], ["Dark", "dark"], ["High contrast", "contrast"]].map(([name, value]) => ({ group: "Actions", label: `Theme: ${name}`, drawing: icon("eye"), quiet: true, run: () => globalThis.penstock.setTheme(value) }));
  return [...found, ...anywhere, ...fixed, ...themes];
}

/** How well a text fits: whole words first, then their beginnings, then letters in order; 0 does not fit. */
function fit(text, query) {
  const [where, what] = [text.toLowerCase(), query.toLowerCase()];
  const words = where.split(/[^\p{L}\p{N}]+/u);
  const longer = (where.length - what.length) / 1000;
  if (where === what) return 400;
  if (words.includes(what) || words.includes(`${what}s`)) return 300 - longer;
  if (words.some((word) => word.startsWith(what))) return 200 - longer;
  const index = where.indexOf(what);
  if (index >= 0) return 100 - index - longer;
  let from = 0;
  for (const letter of what) {
    from = where.indexOf(letter, from) + 1;
    if (!from) return 0;
  }
  return what.length > 1 ? 1 : 0;
}

function show(hits = []) {
  const query = input.value.trim();
  const own = [...pages(), ...actions()];
  const fixed = query ? own.map((one) => [fit(one.label, query), one]).filter(([score]) => score > 0).sort((a, b) => b[0] - a[0]).slice(0, 8).map(([, one]) => one) : own.filter((one) => !one.quiet);
  entries = query ? [...hits, ...fixed] : fixed;
  const groups = new Map();
  for (const entry of entries) groups.set(entry.group, [...(groups.get(entry.group) || []), entry]);
  entries = [...groups.values()].flat();
  let index = 0;
  list.replaceChildren(...[...groups].flatMap(([name, members]) => [h("h3", { role: "presentation" }, name), ...members.map((entry) => {
    const mine = index++;
    return h("div", { class: "palette-item", role: "option", id: `palette-${mine}`, onclick: (event) => go(mine, event), onmousemove: () => choose(mine, false) }, entry.drawing || "", h("span", { dir: "auto" }, entry.label), entry.detail ? h("span", { class: "muted", dir: "auto" }, entry.detail) : null);
  })]));
  if (!entries.length) list.replaceChildren(h("p", { class: "palette-item muted" }, query && !note.textContent ? "Nothing found." : ""));
  choose(0);
}

function choose(index, scroll = true) {
  at = Math.max(0, Math.min(index, entries.length - 1));
  list.querySelectorAll("[role=option]").forEach((item, position) => item.setAttribute("aria-selected", String(position === at)));
  input.setAttribute("aria-activedescendant", `palette-${at}`);
  if (scroll) list.querySelector(`#palette-${at}`)?.scrollIntoView({ block: "nearest" });
}

function go(index, event) {
  const entry = entries[index];
  if (!entry) return;
  dialog.close();
  if (entry.run) entry.run();
  else if (event?.metaKey || event?.ctrlKey) window.open(entry.href, "_blank", "noopener");
  else location.assign(entry.href);
}

async function search() {
  const query = input.value.trim();
  asked?.abort();
  if (query.length < 2) { note.textContent = ""; return; }
  asked = new AbortController();
  const { signal } = asked;
  note.textContent = "Searching …";
  try {
    const found = await api("GET", `v2/search?q=${encodeURIComponent(query)}&limit=12`, undefined, { signal });
    note.textContent = "";
    show((found.data || []).map(hitOf));
  } catch (error) {
    if (!signal.aborted) note.textContent = error.message;
  }
}
function hitOf(hit) {
  const [folder, name] = TYPES[hit.type] || [`${hit.type}s`, "arrow-right"];
  return { group: "Found", label: hit.name || hit.id, detail: hit.detail || hit.type, href: `/console/${folder}/${encodeURIComponent(hit.id)}`, drawing: icon(name) };
}

input.addEventListener("input", () => {
  note.textContent = input.value.trim().length < 2 ? "" : "Searching …";
  show();
  clearTimeout(timer);
  timer = setTimeout(search, 120);
});
dialog.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key] || (event.ctrlKey && { n: 1, p: -1 }[event.key]);
  if (step) { event.preventDefault(); choose((at + step + entries.length) % Math.max(entries.length, 1)); }
  else if (event.key === "Enter") { event.preventDefault(); go(at, event); }
});

export function openPalette() {
  if (dialog.open) { dialog.close(); return; }
  input.value = "";
  note.textContent = "";
  show();
  dialog.showModal();
  input.focus();
}
