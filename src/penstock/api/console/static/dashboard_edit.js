// Edit mode of <ps-dashboard>: moves and resizes by pointer (gridstack) or by buttons, adds, changes, copies and deletes widgets. What is moved is saved by itself.
import { api } from "./api.js";
import { h, icon, toast, vendor } from "./dom.js";
import { edited } from "./dashboard_form.js";
import { PITCH } from "./dashboard.js";
import { STILL, TYPES } from "./dashboard_widgets.js";

const COLUMNS = 12;
const NARROW = matchMedia("(max-width: 760px)");

/** Begin or end editing. */
export async function toggle(view) {
  if (view.board.editing) { await view.editor.end(); return; }
  view.editor = new Editor(view);
  await view.editor.begin();
}

class Editor {
  constructor(view) {
    this.view = view;
    this.moved = new Map();
    this.work = Promise.resolve(); // one change after the other, so that each knows the version that the one before left
  }

  get board() { return this.view.board; }

  async begin() {
    await Promise.all([this.seen(), NARROW.matches ? null : vendor("gridstack/gridstack-all.js", "gridstack/gridstack.min.css")]);
    this.board.editing = true;
    this.view.classList.add("editing");
    const button = document.querySelector("[data-board-edit]");
    if (button) button.querySelector("span").textContent = "Done";
    this.state = h("span", { class: "muted", role: "status" }, "Changes are saved by themselves.");
    this.bar = h("div", { class: "edit-bar", role: "toolbar", "aria-label": "Add a widget" }, h("span", { class: "label" }, "Add"), Object.entries(TYPES).map(([type, [label, mark, hint]]) => h("button", { type: "button", class: "btn s", title: hint, onclick: () => this.create(type) }, icon(mark), label)), h("span", { class: "grow" }), this.state);
    this.view.prepend(this.bar);
    for (const one of this.view.widgets.values()) this.tools(one);
    this.view.empty();
    this.grid();
  }

  async end() {
    await this.save();
    this.board.editing = false;
    this.stop();
    this.view.classList.remove("editing");
    this.bar.remove();
    for (const one of this.view.widgets.values()) { one.head.querySelector(".widget-tools")?.remove(); this.view.place(one); one.head.hidden = !one.title.textContent; }
    this.view.empty();
    const button = document.querySelector("[data-board-edit]");
    if (button) button.querySelector("span").textContent = "Edit";
    const url = new URL(location.href);
    if (url.searchParams.has("edit")) { url.searchParams.delete("edit"); history.replaceState(null, "", url); }
    for (const one of this.view.widgets.values()) if (STILL.has(one.widget.type)) this.view.show(one, null);
    this.view.reload();
  }

  // ── the grid ──
  grid() {
    if (NARROW.matches || !globalThis.GridStack) return;
    const { rows } = this.view;
    rows.classList.add("grid-stack");
    for (const one of this.view.widgets.values()) this.prepare(one);
    this.stack = globalThis.GridStack.init({ column: COLUMNS, cellHeight: PITCH, margin: 6, float: true, handleClass: "widget-head", animate: !matchMedia("(prefers-reduced-motion: reduce)").matches, resizable: { handles: "se" } }, rows);
    this.stack.on("change", (_event, items) => this.changed(items));
  }

  prepare({ widget, item }) {
    item.classList.add("grid-stack-item");
    item.firstElementChild.classList.add("grid-stack-item-content");
    for (const name of ["x", "y", "w", "h"]) item.setAttribute(`gs-${name}`, widget[name]);
  }

  stop() {
    this.stack?.destroy(false);
    this.stack = null;
    const { rows } = this.view;
    rows.classList.remove("grid-stack");
    rows.removeAttribute("style");
    for (const { item } of this.view.widgets.values()) {
      item.classList.remove("grid-stack-item");
      item.firstElementChild.classList.remove("grid-stack-item-content");
      for (const name of [...item.getAttributeNames()].filter((one) => one.startsWith("gs-") || one === "style")) item.removeAttribute(name);
      item.querySelectorAll(":scope > .ui-resizable-handle").forEach((handle) => handle.remove());
    }
  }

  changed(items) {
    for (const { el, x, y, w, h: tall } of items) {
      const one = this.view.widgets.get(el.dataset.widget);
      if (!one) continue;
      Object.assign(one.widget, { x, y, w, h: tall });
      this.moved.set(one.widget.id, one.widget);
    }
    this.say("Moved");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), 800);
  }

  say(words) { this.state.textContent = words; }

  /** Save what was moved, unless someone else has changed the dashboard meanwhile. */
  save() {
    clearTimeout(this.timer);
    this.work = this.work.then(() => this.store());
    return this.work;
  }

  async store() {
    if (!this.moved.size) return;
    const widgets = [...this.moved.values()].map(({ id, x, y, w, h: tall }) => ({ widget_id: id, x, y, w, h: tall }));
    this.moved.clear();
    this.say("Saving …");
    try {
      await api("PUT", `v2/dashboards/${this.board.id}/layout`, { widgets }, { headers: this.tag ? { "If-Match": this.tag } : {} });
      await this.seen();
      this.say("Saved");
    } catch (error) {
      for (const one of widgets) { const known = this.view.widgets.get(one.widget_id); if (known) this.moved.set(one.widget_id, known.widget); }
      this.say("Not saved");
      if (error.status !== 412) { toast(error.message, { tone: "bad", undo: { label: "Try again", run: () => this.save() } }); return; }
      if (!await this.conflict()) return;
      this.tag = ""; // theirs was seen, and is replaced
      await this.store();
    }
  }

  /** The version of the layout that this page knows: another one is not overwritten unseen. */
  async seen() { this.tag = (await api("GET", `v2/dashboards/${this.board.id}/layout`, undefined, { raw: true })).headers.get("ETag"); }

  /** Who changed the dashboard last, as far as this person may know. */
  async who() {
    const query = new URLSearchParams({ target: `dashboard:${this.board.id}`, action: "dashboard.update", limit: 1 });
    const found = await api("GET", `v2/logs?${query}`).catch(() => null);
    return found?.data[0]?.user || "Someone else";
  }

  async conflict() {
    const who = await this.who();
    return new Promise((resolve) => {
      const dialog = document.getElementById("ask");
      dialog.querySelector("#ask-text").textContent = `${who} has moved widgets of this dashboard since you opened it. Save your places of the widgets anyway? Cancel loads theirs.`;
      const yes = dialog.querySelector("[data-ask-yes]");
      yes.className = "btn primary";
      yes.textContent = "Save mine";
      yes.onclick = () => { dialog.onclose = null; dialog.close(); resolve(true); };
      dialog.onclose = () => { dialog.onclose = null; resolve(false); location.reload(); };
      dialog.showModal();
    });
  }

  // ── one widget ──
  tools(one) {
    one.head.hidden = false;
    const act = (label, mark, run, tone = "") => h("button", { type: "button", class: `menu-item ${tone}`, onclick: run }, icon(mark), label);
    const step = (label, mark, by) => act(label, mark, () => this.step(one, by));
    const menu = h("details", { class: "menu widget-tools" }, h("summary", { class: "btn ghost s icon-only", "aria-label": `Edit ${one.title.textContent || one.widget.type}`, title: "Edit, move, delete" }, icon("ellipsis")),
      h("div", { class: "menu-body" }, act("Edit", "pencil", () => this.change(one)), act("Duplicate", "copy", () => this.copy(one)), h("hr"),
        step("Move left", "arrow-left", { x: -1 }), step("Move right", "arrow-right", { x: 1 }), step("Move up", "arrow-up", { y: -1 }), step("Move down", "arrow-down", { y: 1 }),
        step("Wider", "zoom-in", { w: 1 }), step("Narrower", "zoom-out", { w: -1 }), step("Taller", "zoom-in", { h: 1 }), step("Shorter", "zoom-out", { h: -1 }), h("hr"), act("Delete", "trash-2", () => this.remove(one), "danger")));
    one.head.querySelector(".widget-tools")?.remove();
    one.head.append(menu);
    menu.addEventListener("pointerdown", (event) => event.stopPropagation());
    menu.addEventListener("mousedown", (event) => event.stopPropagation());
  }

  step(one, by) {
    const to = Object.fromEntries(["x", "y", "w", "h"].map((name) => [name, one.widget[name] + (by[name] || 0)]));
    to.w = Math.min(Math.max(to.w, 1), COLUMNS);
    to.h = Math.min(Math.max(to.h, 1), 100);
    to.x = Math.min(Math.max(to.x, 0), COLUMNS - to.w);
    to.y = Math.max(to.y, 0);
    if (this.stack) { this.stack.update(one.item, to); return; }
    Object.assign(one.widget, to);
    this.view.place(one);
    this.moved.set(one.widget.id, one.widget);
    this.save();
  }

  put(widget) {
    const one = this.view.add(widget);
    this.tools(one);
    if (this.stack) { this.prepare(one); this.stack.makeWidget(one.item); }
    this.view.empty();
    this.view.load(one).then(() => this.view.follow());
    one.item.scrollIntoView({ block: "nearest" });
    return one;
  }

  run(work) {
    this.save();
    this.work = this.work.then(async () => {
      await work();
      await this.seen();
    }).catch((error) => toast(error.message, { tone: "bad" }));
    return this.work;
  }

  async create(type) {
    const [w, tall] = TYPES[type][3];
    const answer = await edited(this.board, { type, title: "", options: null, w, h: tall });
    if (!answer) return;
    const at = this.room(w, tall);
    await this.run(async () => this.put(await this.sent("POST", `v2/dashboards/${this.board.id}/widgets`, { ...answer.body, w, h: tall, ...at }, answer.image)));
  }

  async sent(method, path, body, image) {
    const made = await api(method, path, body);
    return image ? putImage(made.id, image) : made;
  }

  /** The first free place, row by row. */
  room(w, tall) {
    const taken = [...this.view.widgets.values()].map(({ widget }) => widget);
    for (let y = 0; y < 1000; y++) for (let x = 0; x + w <= COLUMNS; x++) if (!taken.some((one) => x < one.x + one.w && one.x < x + w && y < one.y + one.h && one.y < y + tall)) return { x, y };
    return {};
  }

  async change(one) {
    const answer = await edited(this.board, one.widget);
    if (!answer) return;
    await this.run(async () => {
      const { x, y, w, h: tall } = one.widget;
      Object.assign(one.widget, await this.sent("PATCH", `v2/widgets/${one.widget.id}`, answer.body, answer.image), { x, y, w, h: tall });
      one.body.replaceChildren();
      one.data = null;
      await this.view.load(one);
      this.view.follow();
    });
  }

  async copy(one) {
    await this.run(async () => this.put(await api("POST", `v2/widgets/${one.widget.id}/duplicate`)));
  }

  async remove(one) {
    const { widget } = one;
    await this.run(async () => {
      const image = widget.image_at ? await api("GET", `v2/widgets/${widget.id}/image`, undefined, { raw: true }).then((answer) => answer.blob()) : null;
      await api("DELETE", `v2/widgets/${widget.id}`);
      this.stack?.removeWidget(one.item, false);
      one.item.remove();
      this.view.widgets.delete(widget.id);
      this.view.empty();
      const { title, options, x, y, w, h: tall } = widget;
      toast("Widget deleted", { tone: "good", seconds: 10, undo: { run: () => this.run(async () => {
        const made = await this.sent("POST", `v2/dashboards/${this.board.id}/widgets`, { title, options, x, y, w, h: tall }, image);
        if (this.board.editing) this.put(made); else this.view.load(this.view.add(made));
        this.view.empty();
      }) } });
    });
  }
}

async function putImage(id, blob) {
  const { csrf, doorOf, ApiError } = await import("./api.js");
  const answer = await fetch(doorOf(`v2/widgets/${id}/image`), { method: "PUT", headers: { "X-CSRF-Token": csrf(), "Content-Type": blob.type }, body: blob });
  const value = await answer.json().catch(() => null);
  if (!answer.ok) throw new ApiError(answer.status, value);
  return value;
}
