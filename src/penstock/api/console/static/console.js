// What every page does. Heavier parts are loaded when a page has them: charts, maps, editors, the live stream, the palette.
import { api, csrf } from "./api.js";
import { copyText, fadeOut, h, icon, patiently, store, toast } from "./dom.js";
import { fromLocal, local, refreshTimes } from "./times.js";
import "./lost.js";
import "./parts.js";

const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const typing = (element) => element?.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable='true'], .cm-editor, ps-editor");

// ── what is loaded only when it occurs ──
const LAZY = [
  ["ps-chart", "./chart.js"],
  ["ps-map", "./map.js"],
  ["ps-editor", "./editor.js"],
  ["ps-picker", "./picker.js"],
  ["ps-json, ps-diff, pre[data-language=json]", "./code.js", (code) => code.paint()],
  ["[data-bell]", "./bell.js"],
  ["[data-live], [data-live-time], [data-stream], ps-chart[live]", "./live.js", (live) => live.start()],
];
function upgrade(root = document) {
  for (const [selector, script, use] of LAZY) if (root.matches?.(selector) || $(selector, root)) patiently(script).then(use);
  $$("[data-utc]", root).forEach(showLocal);
  $$("[data-table]", root).forEach(applyColumns);
  $$("[data-previous]", root).forEach(previous);
  $$("[data-must-be]", root).forEach((input) => { $("[data-needs-match]", input.form).disabled = input.value.trim() !== input.dataset.mustBe.trim(); });
  nameErrors();
  refreshTimes();
}

// ── htmx: the token in each request, no empty filters in the URL ──
document.addEventListener("htmx:configRequest", (event) => {
  const { detail } = event;
  if (detail.verb !== "get") detail.headers["X-CSRF-Token"] = csrf();
  else if (detail.parameters instanceof FormData || detail.formData) {
    const data = detail.formData || detail.parameters;
    for (const [name, value] of [...data.entries()]) if (value === "") data.delete(name);
  }
});
document.addEventListener("htmx:afterSettle", (event) => {
  upgrade(event.detail.target?.isConnected ? event.detail.target : document);
  $$("[data-filters] .filter, [data-filters] .filter-toggle").forEach((filter) => {
    const input = $("select, input", filter);
    filter.classList.toggle("on", input.type === "checkbox" ? input.checked : Boolean(input.value));
  });
});

// ── dates: fields show the viewer's zone, and send UTC ──
function showLocal(input) {
  const ms = Date.parse(input.dataset.utc);
  if (!Number.isNaN(ms)) input.value = local(ms);
  input.removeAttribute("data-utc");
  input.dataset.zoned = "";
}
document.addEventListener("formdata", (event) => {
  for (const input of $$("[data-zoned]", event.target)) {
    if (!input.name || input.disabled) continue;
    if (input.value) event.formData.set(input.name, new Date(fromLocal(input.value)).toISOString().replace(".000Z", "Z"));
  }
});

// ── dialogs ──
export function open(id) {
  const dialog = document.getElementById(id);
  if (!dialog?.showModal || dialog.open) return;
  if (id === "help") fillHelp(dialog);
  dialog.showModal();
  ($("[autofocus], .dialog-body input:not([type=hidden]), .dialog-body select, .dialog-body textarea", dialog) || $("[data-close]", dialog))?.focus();
}
function ask(text, then, from) {
  const dialog = $("#ask");
  $("#ask-text").textContent = text;
  const yes = $("[data-ask-yes]", dialog);
  const grave = from?.classList.contains("danger");
  yes.className = `btn ${grave ? "danger" : "primary"}`;
  yes.textContent = (grave && from.textContent.trim()) || "Continue";
  yes.onclick = () => { dialog.close(); then(); };
  dialog.showModal();
  yes.focus();
}
document.addEventListener("input", (event) => {
  const { mustBe } = event.target.dataset;
  if (mustBe === undefined) return;
  $("[data-needs-match]", event.target.form).disabled = event.target.value.trim() !== mustBe.trim();
});

// ── forms ──
/** A question about "the selected" things, with how many they are. */
function counted(text, table) {
  const count = table ? checks(table).filter((one) => one.checked).length : 0;
  return count > 1 ? text?.replace("the selected ", `the ${count} selected `) : text;
}
/** The errors above a form name its fields as their labels do. */
function nameErrors() {
  $$("[data-label-of]").forEach((link) => {
    const field = document.getElementById(link.hash.slice(1));
    const label = field?.labels?.[0] || field?.closest("fieldset")?.querySelector("legend");
    const text = label?.textContent || field?.getAttribute("aria-label");
    if (text) link.textContent = text.replace("*", "").trim();
    link.onclick = () => setTimeout(() => field?.focus());
  });
}
document.addEventListener("submit", (event) => {
  const form = event.target;
  const button = event.submitter;
  const text = counted(button?.dataset.confirm || form.dataset.confirm, form.dataset.bulk);
  if (text && !form.dataset.confirmed) {
    event.preventDefault();
    event.stopImmediatePropagation();
    ask(text, () => {
      form.dataset.confirmed = "1";
      form.requestSubmit(button?.isConnected ? button : undefined);
      delete form.dataset.confirmed;
    }, button);
    return;
  }
  if (form.dataset.undo && form.method === "post") {
    event.preventDefault();
    sendThenUndo(form, button);
    return;
  }
  if (form.method === "post" && button && !event.defaultPrevented) setTimeout(() => button.classList.add("busy"));
}, true);
addEventListener("pageshow", () => $$(".btn.busy").forEach((button) => button.classList.remove("busy")));

async function post(url, data) {
  data.set("csrf_token", csrf());
  const response = await fetch(url, { method: "POST", body: new URLSearchParams(data), headers: { "HX-Request": "true", "X-CSRF-Token": csrf() } });
  if (!response.ok) throw new Error(`The server answered with ${response.status}.`);
  return response.headers.get("HX-Redirect") || location.href;
}
async function sendThenUndo(form, button) {
  try {
    const next = await post(form.action, new FormData(form, button));
    sessionStorage.setItem("penstock.undo", JSON.stringify({ url: form.dataset.undo, fields: JSON.parse(form.dataset.undoFields || "{}"), text: "Done" }));
    location.assign(next);
  } catch (error) {
    toast(error.message, { tone: "bad" });
  }
}
function offerUndo() {
  let kept = null;
  try {
    kept = JSON.parse(sessionStorage.getItem("penstock.undo"));
    sessionStorage.removeItem("penstock.undo");
  } catch { /* storage is off */ }
  if (!kept) return;
  if ($("#toasts .toast.bad")) return; // it was refused: there is nothing to take back
  $$("#toasts [data-toast]").forEach((item) => { kept.text = $("span", item).textContent; item.remove(); });
  const data = new FormData();
  for (const [name, value] of Object.entries(kept.fields || {})) data.set(name, value);
  const run = () => post(kept.url, data).then((next) => location.assign(next), (error) => toast(error.message, { tone: "bad" }));
  toast(kept.text, { tone: "good", undo: { run }, seconds: 10 });
}

// ── clicks ──
const CLICKS = {
  open: (button) => { button.closest("dialog")?.close(); button.closest("details.menu")?.removeAttribute("open"); open(button.dataset.open); },
  close: (button) => button.closest("dialog").close(),
  copy: (button) => copyText(button.dataset.copy, button),
  dismiss: (button) => button.closest(".toast").remove(),
  palette: () => openPalette(),
  navFold: () => foldNav(),
  themeSet: (button) => setTheme(button.dataset.themeSet),
  bulkClear: (button) => { const id = button.closest("[data-bulk]").dataset.bulk; checks(id).forEach((box) => { box.checked = false; }); countChecks(id); },
  showPassword(button) {
    const input = $("input", button.parentElement);
    const shown = input.type === "text";
    input.type = shown ? "password" : "text";
    button.setAttribute("aria-pressed", String(!shown));
    button.replaceChildren(icon(shown ? "eye" : "eye-off"));
  },
};
document.addEventListener("click", (event) => {
  const target = event.target;
  for (const menu of $$("details.menu[open]")) if (!menu.contains(target) || target.closest(".menu-item:not([aria-pressed])")) menu.open = false;
  if (target.tagName === "DIALOG" && target.open) {
    const box = target.getBoundingClientRect();
    if (event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom) target.close();
    return;
  }
  for (const [name, run] of Object.entries(CLICKS)) {
    const button = target.closest(`[data-${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}]`);
    if (button) { run(button, event); return; }
  }
  const time = target.closest("time[datetime]");
  if (time && !time.closest("a, button, summary, tr[data-href]") && !String(getSelection())) { copyText(time.dateTime); return; }
  const row = target.closest("tr[data-href]");
  if (row && !target.closest("a, button, input, label, select, details, summary") && !String(getSelection())) {
    if (event.metaKey || event.ctrlKey) window.open(row.dataset.href, "_blank", "noopener");
    else location.assign(row.dataset.href);
  }
});
document.addEventListener("auxclick", (event) => {
  const row = event.button === 1 && !event.target.closest("a, button") && event.target.closest("tr[data-href]");
  if (row) window.open(row.dataset.href, "_blank", "noopener");
});
document.addEventListener("toggle", (event) => {
  const menu = event.target;
  if (!menu.matches?.("details.menu") || !menu.open) return;
  if (menu.matches(".chooser")) fillChooser(menu);
  const body = $(".menu-body", menu);
  body.style.translate = "";
  const box = body.getBoundingClientRect();
  const over = box.right - (innerWidth - 8);
  if (box.left < 8) body.style.translate = `${8 - box.left}px`;
  else if (over > 0) body.style.translate = `${-over}px`;
}, true);

// ── tables: selection, columns, pages ──
const checks = (id) => $$(`#${CSS.escape(id)} [data-check]`);
function countChecks(id) {
  const all = checks(id);
  const chosen = all.filter((box) => box.checked).length;
  const bar = $(`[data-bulk="${CSS.escape(id)}"]`);
  const every = $(`[data-check-all="${CSS.escape(id)}"]`);
  if (bar) { bar.hidden = !chosen; $("[data-bulk-count]", bar).textContent = chosen; }
  if (every) { every.checked = chosen > 0 && chosen === all.length; every.indeterminate = chosen > 0 && chosen < all.length; }
}
let lastCheck = null;
document.addEventListener("click", (event) => {
  const box = event.target;
  if (!box.matches?.("[data-check]")) return;
  const all = checks(box.closest("table").id);
  if (event.shiftKey && lastCheck && all.includes(lastCheck)) {
    const [from, to] = [all.indexOf(lastCheck), all.indexOf(box)].sort((a, b) => a - b);
    all.slice(from, to + 1).forEach((one) => { one.checked = box.checked; });
  }
  lastCheck = box;
});
document.addEventListener("change", (event) => {
  const box = event.target;
  if ("submit" in box.dataset) box.form.requestSubmit();
  if (box.dataset.checkAll) checks(box.dataset.checkAll).forEach((one) => { one.checked = box.checked; });
  const table = box.dataset.checkAll || (box.matches("[data-check]") && box.closest("table").id);
  if (table) countChecks(table);
});
// A code of an authenticator is sent with its last digit. A recovery code has letters too.
document.addEventListener("input", ({ target }) => {
  if ("sendAt" in target.dataset && /^\d+$/.test(target.value) && target.value.length === Number(target.dataset.sendAt)) target.form.requestSubmit();
});
function applyColumns(box) {
  const kept = store.get(`columns.${box.dataset.table}`);
  if (kept) $$("[data-col]", box).forEach((cell) => { if (cell.dataset.col in kept) cell.toggleAttribute("data-off", !kept[cell.dataset.col]); });
}
function fillChooser(menu) {
  const id = menu.dataset.chooser;
  const heads = $$(`#${CSS.escape(id)} th[data-col]`).slice(1);
  $(".menu-body", menu).replaceChildren(...heads.map((head) => {
    const box = h("input", { type: "checkbox", onchange() {
      const kept = { ...store.get(`columns.${id}`, {}), [head.dataset.col]: box.checked };
      store.set(`columns.${id}`, kept);
      applyColumns(menu.closest("[data-table]"));
    } });
    box.checked = !head.hasAttribute("data-off");
    return h("label", {}, box, head.textContent.trim());
  }));
}
// Cursors only go forward: the page remembers how it was reached.
function previous(link) {
  try {
    const from = sessionStorage.getItem(`penstock.from:${location.pathname}${location.search}`);
    if (!from) return;
    link.setAttribute("href", from);
    link.setAttribute("hx-get", from);
    $("span", link).textContent = "Previous";
    globalThis.htmx?.process(link);
  } catch { /* storage is off */ }
}
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-next]");
  if (!link) return;
  const to = new URL(link.href);
  try { sessionStorage.setItem(`penstock.from:${to.pathname}${to.search}`, location.pathname + location.search); } catch { /* off */ }
}, true);

// ── theme and navigation ──
export async function setTheme(value) {
  document.documentElement.dataset.theme = value;
  document.cookie = `penstock_theme=${value}; Path=/console; Max-Age=31536000; SameSite=Lax${location.protocol === "https:" ? "; Secure" : ""}`;
  $$("[data-theme-set]").forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.themeSet === value)));
  document.dispatchEvent(new CustomEvent("ps:theme"));
  if ($("body.framed")) await api("PATCH", "v2/profile/preferences", { theme: value }).catch(() => {});
}
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => document.dispatchEvent(new CustomEvent("ps:theme")));
function foldNav() {
  const root = document.documentElement;
  const slim = root.dataset.nav !== "slim";
  if (slim) root.dataset.nav = "slim"; else delete root.dataset.nav;
  try { localStorage.setItem("penstock.nav", slim ? "slim" : "full"); } catch { /* off */ }
  dispatchEvent(new Event("resize"));
}
async function openPalette() {
  try {
    (await import("./palette.js")).openPalette();
  } catch (error) {
    console.warn(error);
    toast("The palette could not be loaded. Check the connection and try again.", { tone: "bad" });
  }
}

// ── keyboard ──
const GO = goKeys();
function goKeys() {
  const keys = new Map();
  const wished = { dashboards: "b", connections: "c", customers: "u", people: "p", profiles: "f", alerts: "a", audit: "t", keys: "k", meters: "m", system: "s" };
  for (const link of $$(".side-nav a[data-key]")) {
    const letters = [wished[link.dataset.key], ...link.dataset.key].filter((letter) => letter && /[a-z]/.test(letter));
    const letter = letters.find((one) => !keys.has(one) && (one === wished[link.dataset.key] || !Object.values(wished).includes(one)));
    if (letter) keys.set(letter, link);
  }
  return keys;
}
const KEYS = [["/", "Filter this list"], ["Ctrl K", "Search and commands"], ["j k", "Next and previous row"], ["Enter", "Open the row"], ["x", "Select the row"], ["e", "Edit"], ["[", "Collapse the menu"], ["?", "This help"]];
function fillHelp(dialog) {
  const mac = /mac/i.test(navigator.platform);
  const rows = [...KEYS.map(([keys, text]) => [keys.replace("Ctrl", mac ? "⌘" : "Ctrl"), text]), ...[...GO].map(([letter, link]) => [`g ${letter}`, link.title])];
  $("[data-help]", dialog).replaceChildren(...rows.flatMap(([keys, text]) => [h("dt", {}, h("span", { class: "keys" }, keys.split(" ").map((key) => h("kbd", {}, key)))), h("dd", {}, text)]));
}
/** What `e` presses, the first that the page has. */
const EDITS = ["#main [data-edit]", "#main a[href$='/edit']", "#main .tabs a[href$='/settings']"];
let waiting = 0;
let row = -1;
function moveRow(by) {
  const rows = $$("#main .table tbody tr[data-href]");
  if (!rows.length) return;
  row = rows.findIndex((one) => one.classList.contains("here"));
  rows[row]?.classList.remove("here");
  row = Math.min(Math.max(row + by, 0), rows.length - 1);
  rows[row].classList.add("here");
  rows[row].scrollIntoView({ block: "nearest" });
  $(".row-link", rows[row])?.focus({ preventScroll: true });
}
document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") { event.preventDefault(); openPalette(); return; }
  if (event.key === "Escape") { const menu = $$("details.menu[open]").pop(); if (menu) { menu.open = false; $("summary", menu).focus(); } return; }
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || $("dialog[open]")) return;
  if (Date.now() - waiting < 1500) {
    waiting = 0;
    const link = GO.get(event.key);
    if (link) { event.preventDefault(); link.click(); return; }
  }
  const run = { "/": () => $("[data-filter-key], [data-filters] select, [data-filters] input:not([type=hidden])")?.focus(), "?": () => open("help"), "[": foldNav, g: () => { waiting = Date.now(); }, j: () => moveRow(1), k: () => moveRow(-1),
    x: () => $("tr.here [data-check]")?.click(), e: () => EDITS.map((one) => $(one)).find(Boolean)?.click() }[event.key];
  if (run) { if (event.key !== "g") event.preventDefault(); run(); }
});
if (/mac/i.test(navigator.platform)) $$("[data-mod]").forEach((key) => { key.textContent = "⌘ K"; });

// ── start ──
customElements.define("ps-secret", class extends HTMLElement {
  connectedCallback() {
    const button = $("[data-reveal]", this);
    const value = $("[data-secret]", this);
    button.onclick = () => {
      const shown = button.getAttribute("aria-pressed") === "true";
      value.textContent = shown ? "••••••••••••" : value.dataset.secret;
      button.setAttribute("aria-pressed", String(!shown));
      button.replaceChildren(icon(shown ? "eye" : "eye-off"), h("span", {}, shown ? "Show" : "Hide"));
    };
  }
});
$$("#toasts [data-toast]").forEach((item) => fadeOut(item, item.classList.contains("bad") ? 20 : 6));
// A form that was refused: its fields by the names that the page gives them, and the first of them to type in.
for (const link of $$(".form-errors a[href^='#f-']")) {
  const field = document.getElementById(link.hash.slice(1));
  const label = field?.labels?.[0]?.textContent.replace("*", "").trim() || field?.getAttribute("aria-label");
  if (label) link.textContent = label;
}
document.querySelector("main :is(input, select, textarea)[aria-invalid='true']:not([type='hidden'])")?.focus();

// What does not fit says all of it on hover.
document.addEventListener("mouseover", (event) => {
  const cut = event.target.closest?.("td, .chip, .org-name, .page-title h1");
  if (cut && !cut.title && (cut.scrollWidth > cut.clientWidth + 1 || cut.scrollHeight > cut.clientHeight + 8) && !cut.querySelector("details, table")) cut.title = cut.textContent.trim().replace(/\s+/g, " ").slice(0, 400);
}, { passive: true });

document.addEventListener("ps:toast", (event) => toast(event.detail.text, event.detail));

upgrade();
offerUndo();
setInterval(refreshTimes, 10_000);
document.addEventListener("visibilitychange", () => { if (!document.hidden) refreshTimes(); });
globalThis.penstock = { api, toast, open, setTheme, upgrade };
