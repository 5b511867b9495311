// <ps-picker kind="devices" [multiple] [within="profile_id=prf_…"]><input name=… value="dev_…"></ps-picker>: chooses things by their names.
// A combobox with a list (WAI-ARIA): it asks the API while somebody types. The input itself keeps the ids, separated by commas; without scripts they are typed there.
// within: filters of the API's list, for kinds whose list has `q`. Sends `change` from the input. An id that was typed or pasted is taken as it is.
import { api } from "./api.js";
import { h, icon } from "./dom.js";

/** The types of the API's search by the names of the API's lists. */
const KINDS = { alerts: "alert", connections: "connection", customers: "customer", dashboards: "dashboard", devices: "device", members: "person", profiles: "profile", rules: "rule", webhooks: "webhook" };
const SHOWN = 10;
const PAUSE_MS = 150;
const ID = /^[a-z]{2,5}_[0-9a-z]{13}$/;
let count = 0;

class Picker extends HTMLElement {
  connectedCallback() {
    if (this.entry) return;
    this.kind = this.getAttribute("kind") || "devices";
    this.multiple = this.hasAttribute("multiple");
    this.input = this.querySelector("input");
    this.names = new Map();
    this.build();
    this.listen();
    this.show();
    this.resolve();
  }

  disconnectedCallback() { this.asking?.abort(); clearTimeout(this.timer); }

  /** What is chosen, as ids. */
  get ids() { return this.input.value.split(",").map((one) => one.trim()).filter(Boolean); }

  set ids(ids) {
    this.input.value = [...new Set(ids)].join(",");
    this.show();
    this.resolve();
  }

  build() {
    const { input } = this;
    const list = `picker-${++count}`;
    this.required = input.required;
    this.entry = h("input", { type: "text", id: input.id || null, class: this.multiple ? "chip-input" : null, role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list, "aria-describedby": input.getAttribute("aria-describedby"),
      "aria-invalid": input.getAttribute("aria-invalid"), "aria-label": input.getAttribute("aria-label"), autocomplete: "off", spellcheck: "false", dir: "auto", placeholder: this.getAttribute("placeholder") || "Type a name", disabled: input.disabled || input.readOnly });
    for (const name of ["id", "required", "aria-describedby", "aria-invalid", "aria-label"]) input.removeAttribute(name);
    input.type = "hidden";
    this.list = h("ul", { role: "listbox", id: list, "aria-label": "Choices", "aria-multiselectable": this.multiple ? "true" : null });
    this.note = h("p", { class: "muted", role: "status" });
    this.pop = h("div", { class: "picker-pop", popover: "manual" }, this.list, this.note);
    this.clear = h("button", { type: "button", class: "picker-clear", "aria-label": "Choose none", title: "Choose none", hidden: true, onclick: () => { this.choose([]); this.entry.focus(); } }, icon("x"));
    this.box = h("span", { class: this.multiple ? "chip-box" : "picker-box" }, this.entry, this.multiple ? null : this.clear);
    this.append(this.box, this.pop);
  }

  listen() {
    const { entry } = this;
    entry.addEventListener("input", (event) => { event.stopPropagation(); this.ask(PAUSE_MS); });
    entry.addEventListener("change", (event) => event.stopPropagation());
    entry.addEventListener("focus", () => { if (!this.multiple) entry.select(); });
    entry.addEventListener("click", () => { if (!this.open) this.ask(0, ""); });
    entry.addEventListener("blur", () => this.leave());
    entry.addEventListener("keydown", (event) => this.key(event));
    this.pop.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => { event.preventDefault(); const row = event.target.closest("[role=option]"); if (row) this.take(row); });
    this.box.addEventListener("mousedown", (event) => { if (event.target !== entry) { event.preventDefault(); if (!event.target.closest("button")) entry.focus(); } });
  }

  // ── the list ──
  get open() { return this.entry.getAttribute("aria-expanded") === "true"; }

  ask(pause, text = this.entry.value.trim()) {
    clearTimeout(this.timer);
    this.asking?.abort();
    this.timer = setTimeout(() => this.find(text), pause);
  }

  async find(text) {
    this.asking = new AbortController();
    const { signal } = this.asking;
    try {
      const rows = await this.found(text, signal);
      if (signal.aborted || document.activeElement !== this.entry) return;
      this.fill(rows, rows.length ? "" : text ? (text.length < 3 ? "No name begins with this. Type more to search within names." : "Nothing has this in its name.") : "There is nothing to choose.");
    } catch (error) {
      if (error.name !== "AbortError") this.fill([], `${error.message} An id can be typed.`);
    }
  }

  /** Rows for a text: [{id, name}]. */
  async found(text, signal) {
    const within = new URLSearchParams(this.getAttribute("within") || "");
    if (text && ![...within].length) {
      const query = new URLSearchParams({ q: text.slice(0, 100), types: KINDS[this.kind], limit: SHOWN });
      return (await api("GET", `v2/search?${query}`, undefined, { signal })).data;
    }
    within.set("limit", SHOWN);
    if (text) within.set("q", text.slice(0, 100));
    if (this.kind === "devices") within.set("sort", "name");
    const { data } = await api("GET", `v2/${this.kind}?${within}`, undefined, { signal });
    return data.map((one) => ({ id: one.user_id || one.id, name: one.name || one.email }));
  }

  fill(rows, words) {
    const chosen = this.ids;
    this.list.replaceChildren(...rows.map(({ id, name }, at) => h("li", { role: "option", id: `${this.list.id}-${at}`, "data-id": id, "data-name": name, "aria-selected": String(chosen.includes(id)) },
      h("span", { dir: "auto" }, name), h("small", { class: "muted mono" }, id))));
    this.list.hidden = !rows.length;
    this.note.textContent = words;
    this.mark(null);
    this.entry.setAttribute("aria-expanded", "true");
    this.pop.showPopover?.();
    this.place();
    this.follow ||= () => { if (this.open) this.place(); };
    addEventListener("scroll", this.follow, { capture: true, passive: true });
    addEventListener("resize", this.follow);
  }

  place() {
    const at = this.box.getBoundingClientRect();
    const { style } = this.pop;
    style.width = `${Math.min(Math.max(at.width, 340), innerWidth - 16)}px`;
    style.left = `${Math.max(Math.min(at.left, innerWidth - this.pop.offsetWidth - 8), 8)}px`;
    const below = innerHeight - at.bottom;
    const up = below < this.pop.offsetHeight + 8 && at.top > below;
    style.top = up ? `${at.top - this.pop.offsetHeight - 4}px` : `${at.bottom + 4}px`;
  }

  close() {
    clearTimeout(this.timer);
    this.asking?.abort();
    this.entry.setAttribute("aria-expanded", "false");
    this.mark(null);
    if (this.pop.matches(":popover-open")) this.pop.hidePopover();
    removeEventListener("scroll", this.follow, { capture: true });
    removeEventListener("resize", this.follow);
  }

  mark(row) {
    this.here?.classList.remove("here");
    this.here = row;
    if (!row) { this.entry.removeAttribute("aria-activedescendant"); return; }
    row.classList.add("here");
    row.scrollIntoView({ block: "nearest" });
    this.entry.setAttribute("aria-activedescendant", row.id);
  }

  key(event) {
    const rows = [...this.list.children];
    const at = rows.indexOf(this.here);
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!this.open) this.ask(0, this.multiple ? undefined : "");
      else this.mark(event.key === "ArrowDown" ? rows[(at + 1) % rows.length] : rows[at <= 0 ? rows.length - 1 : at - 1]);
    } else if (event.key === "Enter") {
      if (this.open && this.here) { event.preventDefault(); this.take(this.here); }
      else if (ID.test(this.entry.value.trim())) { event.preventDefault(); this.leave(); }
      else if (this.open) event.preventDefault();
    } else if (event.key === "Escape" && this.open) {
      event.preventDefault();
      event.stopPropagation();
      this.close();
      this.show();
    } else if (event.key === "Backspace" && this.multiple && !this.entry.value && this.ids.length) this.choose(this.ids.slice(0, -1));
  }

  take(row) {
    const { id, name } = row.dataset;
    this.names.set(id, name);
    const had = this.ids;
    this.choose(!this.multiple ? [id] : had.includes(id) ? had.filter((one) => one !== id) : [...had, id]);
    this.close();
  }

  /** The focus goes: an id is taken, nothing is nothing, and other words are put back to what is chosen. */
  leave() {
    this.close();
    const typed = this.entry.value.trim();
    if (ID.test(typed)) this.choose(this.multiple ? [...this.ids, typed] : [typed]);
    else if (!typed && !this.multiple && this.ids.length && !this.required) this.choose([]);
    else this.show();
  }

  // ── what is chosen ──
  choose(ids) {
    const before = this.input.value;
    this.ids = ids;
    if (this.input.value !== before) this.input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  show() {
    const { ids } = this;
    const name = (id) => this.names.get(id) || id;
    this.entry.required = this.required && !ids.length;
    if (!this.multiple) {
      this.entry.value = ids.length ? name(ids[0]) : "";
      this.entry.title = ids[0] || "";
      this.clear.hidden = !ids.length || this.required || this.entry.disabled;
      return;
    }
    this.entry.value = "";
    this.box.querySelectorAll(".chip").forEach((chip) => chip.remove());
    this.entry.before(...ids.map((id) => h("span", { class: "chip", dir: "auto", title: id }, name(id),
      h("button", { type: "button", "aria-label": `Remove ${name(id)}`, onclick: () => { this.choose(this.ids.filter((one) => one !== id)); this.entry.focus(); } }, icon("x")))));
  }

  /** Ask for the names of what is chosen, if they are not known. */
  async resolve() {
    const unknown = this.ids.filter((id) => !this.names.has(id)).slice(0, 50);
    if (!unknown.length) return;
    await Promise.all(unknown.map(async (id) => {
      this.names.set(id, id);
      const query = new URLSearchParams({ q: id.slice(0, 100), types: KINDS[this.kind], limit: 1 });
      const hit = (await api("GET", `v2/search?${query}`).catch(() => null))?.data.find((one) => one.id === id);
      if (hit) this.names.set(id, hit.name);
    }));
    if (this.isConnected && document.activeElement !== this.entry) this.show();
  }
}

customElements.define("ps-picker", Picker);
