// <ps-dashboard board="{id, widgets, range, from, to, live, refresh_s, variables, …}" [wall] [editable]>: a grid of widgets.
// Values follow by the page's one stream (signed in and live), or are read again every refresh_s; visitors with a link (board.shared) only read again.
// The grid of view mode is CSS; gridstack is loaded by dashboard_edit.js when editing begins.
import { api } from "./api.js";
import { h, icon, patiently, toast } from "./dom.js";
import { draw, fit, STILL, titleOf } from "./dashboard_widgets.js";
import { format, refreshTimes, zone } from "./times.js";

export const PITCH = 60; // pixels from row to row
const SHARED_S = 30; // seconds after which a live link is read again, without a period of its own
const LIVE_S = 60; // seconds after which a live dashboard reads again what the stream does not bring

for (const mark of document.getElementById("board-icons")?.content.children || []) document.getElementById("icons")?.content.append(mark.cloneNode(true));

class Dashboard extends HTMLElement {
  connectedCallback() {
    if (this.board) return;
    this.board = JSON.parse(this.getAttribute("board"));
    this.removeAttribute("board");
    this.widgets = new Map();
    this.rows = h("div", { class: "board-grid" });
    this.replaceChildren(this.rows);
    for (const widget of inOrder(this.board.widgets)) this.add(widget);
    this.empty();
    this.sizes = new ResizeObserver((entries) => { for (const entry of entries) fit(entry.target); });
    for (const one of this.widgets.values()) this.sizes.observe(one.body);
    this.reload();
    document.addEventListener("ps:reading", (event) => this.reading(event.detail));
    document.addEventListener("ps:stream", (event) => {
      const back = this.paused && event.detail.state === "open";
      this.paused = event.detail.state !== "open";
      if (back && !this.board.editing) this.reload();
    });
    document.addEventListener("ps:connectivity", (event) => this.connectivity(event.detail));
    document.addEventListener("ps:range", (event) => { Object.assign(this.board, { range: null, from: event.detail.from, to: event.detail.to, live: false }); this.reload(); });
    setInterval(() => this.tick(), 1000);
    document.addEventListener("visibilitychange", () => { if (!document.hidden && !this.board.editing && this.late()) this.reload(); });
    document.querySelector("[data-full-screen]")?.addEventListener("click", () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen()).catch(() => {}));
    if (this.hasAttribute("editable")) this.editButton();
  }

  // ── parts ──
  add(widget) {
    const body = h("div", { class: `widget-body of-${widget.type}`, tabindex: widget.type === "table" ? 0 : null });
    const title = h("h2", { dir: "auto" }, titleOf(widget, null));
    const head = h("header", { class: "widget-head" }, title);
    const item = h("div", { class: "board-item", "data-widget": widget.id }, h("article", { class: `widget is-${widget.type}`, "aria-label": widget.title || widget.type }, head, body));
    const one = { widget, item, head, title, body, data: null };
    this.widgets.set(widget.id, one);
    this.rows.append(item);
    this.place(one);
    this.sizes?.observe(body);
    head.hidden = !title.textContent && !this.board.editing;
    return one;
  }

  place({ widget, item }) {
    item.style.setProperty("--x", widget.x + 1);
    item.style.setProperty("--y", widget.y + 1);
    item.style.setProperty("--w", widget.w);
    item.style.setProperty("--h", widget.h);
  }

  empty() {
    this.querySelector(":scope > .empty")?.remove();
    if (this.widgets.size) return;
    const may = this.hasAttribute("editable") && !this.board.editing;
    this.append(h("div", { class: "empty" }, h("div", { class: "empty-mark", "aria-hidden": "true" }, h("i"), h("i"), h("i")), h("p", {}, this.board.editing ? "Choose a widget above." : "This dashboard has no widgets yet."),
      may ? h("div", { class: "row" }, h("button", { type: "button", class: "btn primary", onclick: () => this.edit() }, "Add the first widget")) : null));
  }

  // ── values ──
  get query() {
    const { range, from, to, variables } = this.board;
    const query = new URLSearchParams({ timezone: zone() });
    if (from && to) { query.set("from", from); query.set("to", to); } else if (range) query.set("range", range);
    if (Object.keys(variables).length) query.set("variables", JSON.stringify(variables));
    return query;
  }

  async reload(chosen = null) {
    this.asked = Date.now();
    const all = [...(chosen || this.widgets.values())];
    for (const one of all) if (STILL.has(one.widget.type)) this.show(one, null);
    const asked = all.filter((one) => !STILL.has(one.widget.type));
    if (asked.length) await this.together(asked);
    this.follow();
  }

  /** One call for all of them. An answer is dropped if the range or the variables changed meanwhile. */
  async together(asked) {
    const { query } = this;
    const same = String(query);
    asked.forEach((one) => this.wait(one));
    if ([...this.widgets.values()].some((one) => !asked.includes(one))) for (const { widget } of asked) query.append("widget_ids", widget.id);
    try {
      const { widgets } = this.board.shared ? await this.visitor(`data?${query}`) : await api("GET", `v2/dashboards/${this.board.id}/data?${query}`);
      if (String(this.query) !== same) return;
      this.loaded = Date.now();
      this.lost = "";
      const found = new Map(widgets.map((one) => [one.widget_id, one]));
      for (const one of asked) this.take(one, found.get(one.widget.id));
    } catch (error) {
      for (const one of asked) this.fail(one, error);
    }
  }

  take(one, shown) {
    if (!one.item.isConnected) return;
    if (shown?.data) { this.show(one, shown.data); return; }
    this.fail(one, Object.assign(new Error(shown ? shown.error.detail : "This widget was deleted. Reload the page."), { status: shown?.error.code === "auth.scope_missing" ? 403 : 404 }));
  }

  /** One widget alone: a new one, a changed one, or one that failed. */
  async load(one) {
    const { widget } = one;
    if (STILL.has(widget.type)) { this.show(one, null); return; }
    this.wait(one);
    try {
      const data = this.board.shared ? await this.visitor(`widgets/${widget.id}/data?${this.query}`) : await api("GET", `v2/widgets/${widget.id}/data?${this.query}`);
      if (one.item.isConnected) this.show(one, data);
    } catch (error) {
      this.fail(one, error);
    }
  }

  wait({ data, body }) {
    if (!data && !body.children.length) body.append(h("div", { class: "skeleton lines", role: "status" }, h("span", { class: "sr" }, "Loading …"), h("i"), h("i")));
  }

  fail(one, error) {
    this.lost = error.status ? "Not all values could be read." : "The server cannot be reached.";
    if (one.data) { one.item.classList.add("stale"); return; } // the last values stay, and the page says how old they are
    const { body } = one;
    body.replaceChildren(h("p", { class: "widget-error" }, icon("triangle-alert"), h("span", {}, error.status === 403 ? `You cannot see these values. ${error.message}` : error.message), error.status === 403 ? null : h("button", { type: "button", class: "btn s", onclick: () => { body.replaceChildren(); this.load(one); } }, "Try again")));
  }

  async visitor(path) {
    const query = path.replace(/[?&]variables=[^&]*/, "");
    const answer = await fetch(`/api/v2/shared/dashboards/${encodeURIComponent(this.board.shared)}/${query}`, { headers: { Accept: "application/json" }, credentials: "omit", referrerPolicy: "no-referrer" });
    const value = await answer.json().catch(() => null);
    if (!answer.ok) throw Object.assign(new Error(answer.status === 404 ? "This cannot be shown any more." : value?.detail || "The server cannot be reached."), { status: answer.status });
    return value;
  }

  show(one, data) {
    one.data = data;
    one.item.classList.remove("stale");
    one.title.textContent = titleOf(one.widget, data);
    one.head.hidden = !one.title.textContent && !this.board.editing;
    try {
      draw(one.body, one.widget, data, this.board);
    } catch (error) {
      console.error(error);
      one.body.replaceChildren(h("p", { class: "widget-error" }, "This widget could not be drawn."));
    }
  }

  // ── live ──
  async follow() {
    const devices = new Set();
    for (const { data } of this.widgets.values()) for (const part of [...(data?.values || []), ...(data?.series || []), ...(data?.rows || []), ...(data?.devices || [])]) if (part.device_id) devices.add(part.device_id);
    const key = [...devices].sort().slice(0, 100).join(",");
    if (this.board.shared || !this.board.live || !key || key === this.followed) return;
    this.followed = key;
    this.querySelector(":scope > [data-stream]")?.remove();
    this.append(h("i", { hidden: true, "data-stream": "readings connectivity", "data-devices": key }));
    (await patiently("./live.js")).start();
  }

  reading({ device_id, time, data = {} }) {
    if (!this.board.live) return;
    for (const one of this.widgets.values()) {
      if (!one.data) continue;
      let changed = false;
      for (const value of one.data.values) if (value.device_id === device_id && value.field in data && !(Date.parse(value.time) > Date.parse(time))) { value.value = data[value.field]; value.time = time; changed = true; }
      if (one.widget.type === "table" && one.widget.options.show === "latest") for (const row of one.data.rows) if (row.device_id === device_id && !(Date.parse(row.time) > Date.parse(time))) for (const column of one.data.columns) if (column.field in data) { row.values[column.field] = data[column.field]; row.time = time; changed = true; }
      for (const { value, ...state } of one.data.devices) if (state.device_id === device_id && value && value.field in data) { value.value = data[value.field]; changed = true; }
      if (changed) this.later(one);
    }
  }

  connectivity({ device_id, connectivity }) {
    for (const one of this.widgets.values()) for (const device of one.data?.devices || []) if (device.device_id === device_id && device.connectivity !== connectivity) { device.connectivity = connectivity; this.later(one); }
  }

  /** Draws a widget again, at most twice a second, and not while someone reads in it. */
  later(one) {
    if (one.waiting || document.hidden) return;
    one.waiting = setTimeout(() => { one.waiting = null; if (one.item.isConnected && !one.body.contains(document.activeElement)) this.show(one, one.data); }, 500);
  }

  late() {
    const { shared, live, refresh_s: own } = this.board;
    const every = own || (live ? (shared ? SHARED_S : LIVE_S) : 0);
    return every > 0 && Date.now() - this.asked >= every * 1000;
  }

  /** What the stream does not bring: buckets of charts, rows of readings, open alerts. All, if there is no stream, or after a pause. */
  due() {
    const { shared, live, refresh_s: own } = this.board;
    const all = [...this.widgets.values()];
    if (shared || !live || own || this.paused || this.lost || Date.now() - this.asked > 3 * LIVE_S * 1000) return all;
    return all.filter(({ widget, data }) => !data || widget.type === "status_grid" || (widget.type === "chart" && data.bucket !== null) || (widget.type === "table" && widget.options.show === "readings"));
  }

  tick() {
    if (!document.hidden && !this.board.editing && this.late()) this.reload(this.due());
    const state = document.querySelector("[data-board-state]");
    if (state) state.textContent = this.lost ? `${this.lost}${this.loaded ? ` The last values are of ${clock(this.loaded)}.` : ""}` : "";
    const time = document.querySelector("[data-clock]");
    if (time) time.textContent = clock(Date.now());
    refreshTimes(this);
  }

  // ── editing ──
  editButton() {
    const button = document.querySelector("[data-board-edit]");
    button?.addEventListener("click", () => this.edit());
    if (new URLSearchParams(location.search).get("edit") === "1") this.edit();
  }

  async edit() {
    try {
      const { toggle } = await import("./dashboard_edit.js");
      await toggle(this);
    } catch (error) {
      console.error(error);
      toast("Editing could not be started. Reload the page and try again.", { tone: "bad" });
    }
  }
}

export const inOrder = (widgets) => [...widgets].sort((a, b) => a.y - b.y || a.x - b.x);
const clock = (ms) => format(zone(), { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(ms);

customElements.define("ps-dashboard", Dashboard);
document.querySelector("[data-board-vars]")?.addEventListener("change", (event) => event.currentTarget.requestSubmit());
