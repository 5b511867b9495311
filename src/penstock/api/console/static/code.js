// Colours in JSON, the JSON viewer, and the difference of two texts.
import { copyText, h } from "./dom.js";

const TOKENS = /("(?:\\.|[^"\\])*")(\s*:)?|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|\b(true|false|null)\b/g;

/** Colour the JSON in code blocks. Long texts stay plain. */
export function paint() {
  for (const pre of document.querySelectorAll('pre[data-language="json"]:not([data-painted])')) {
    pre.dataset.painted = "";
    const code = pre.querySelector("code") || pre;
    const text = code.textContent;
    if (text.length > 100_000) continue;
    const parts = [];
    let from = 0;
    for (const match of text.matchAll(TOKENS)) {
      parts.push(text.slice(from, match.index));
      const kind = match[1] ? (match[2] ? "t-key" : "t-str") : match[3] ? "t-num" : "t-lit";
      parts.push(h("span", { class: kind }, match[1] || match[0]), match[2] || "");
      from = match.index + match[0].length;
    }
    code.replaceChildren(...parts, text.slice(from));
  }
}

const SHOWN = 200;

class Json extends HTMLElement {
  connectedCallback() {
    if (this.done) return;
    this.done = true;
    const plain = this.querySelector("pre");
    let value;
    try { value = JSON.parse(plain.textContent); } catch { return; }
    if (plain.textContent.length > 400_000) return;
    const depth = Number(this.getAttribute("open") || 2);
    const bar = h("div", { class: "json-bar" }, h("button", { type: "button", class: "btn s ghost", onclick: (event) => copyText(plain.textContent, event.currentTarget) }, "Copy"));
    plain.replaceWith(h("div", { class: "json", role: "group", "aria-label": this.getAttribute("label") || "JSON", tabindex: 0 }, this.node(value, null, "", depth)), bar);
  }

  node(value, name, path, depth) {
    const key = name === null ? [] : [h("button", { type: "button", class: "t-key", title: `Copy the path ${path}`, onclick: (event) => { event.preventDefault(); copyText(path); } }, String(name)), ": "];
    if (value === null || typeof value !== "object") {
      const kind = typeof value === "string" ? "t-str" : typeof value === "number" ? "t-num" : "t-lit";
      return h("div", { class: "leaf" }, key, h("span", { class: kind, dir: "auto" }, JSON.stringify(value)));
    }
    const list = Array.isArray(value);
    const members = list ? value.map((one, index) => [index, one]) : Object.entries(value);
    if (!members.length) return h("div", { class: "leaf" }, key, list ? "[]" : "{}");
    const children = h("div", { class: "children", hidden: true });
    const fold = h("button", { type: "button", class: "fold", "aria-expanded": "false", "aria-label": `${name ?? "All"}: ${members.length} inside`, onclick: () => show(children.hidden) }, "▸");
    const fill = (from = 0) => {
      children.append(...members.slice(from, from + SHOWN).map(([inner, one]) => this.node(one, inner, list ? `${path}[${inner}]` : /^[A-Za-z_]\w*$/.test(inner) ? (path ? `${path}.${inner}` : inner) : `${path}[${JSON.stringify(inner)}]`, depth - 1)));
      if (members.length > from + SHOWN) {
        const more = h("button", { type: "button", onclick: () => { more.remove(); fill(from + SHOWN); } }, `${members.length - from - SHOWN} more`);
        children.append(more);
      }
    };
    const show = (open) => {
      if (open && !children.firstChild) fill();
      children.hidden = !open;
      fold.textContent = open ? "▾" : "▸";
      fold.setAttribute("aria-expanded", String(open));
    };
    if (depth > 0) show(true);
    return h("div", {}, fold, key, h("span", { class: "size" }, list ? `[${members.length}]` : `{${members.length}}`), children);
  }
}

/** Lines that are kept, added or removed. Texts of more than 2,000 lines are compared by their common start and end only. */
function compare(a, b) {
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  const [left, right] = [a.slice(start, a.length - end), b.slice(start, b.length - end)];
  const middle = [];
  if (left.length * right.length > 4_000_000) middle.push(...left.map((text) => ["del", text]), ...right.map((text) => ["add", text]));
  else {
    const best = Array.from({ length: left.length + 1 }, () => new Uint32Array(right.length + 1));
    for (let i = left.length - 1; i >= 0; i--) for (let j = right.length - 1; j >= 0; j--) best[i][j] = left[i] === right[j] ? best[i + 1][j + 1] + 1 : Math.max(best[i + 1][j], best[i][j + 1]);
    let [i, j] = [0, 0];
    while (i < left.length || j < right.length) {
      if (i < left.length && j < right.length && left[i] === right[j]) { middle.push(["same", left[i]]); i++; j++; }
      else if (j >= right.length || (i < left.length && best[i + 1][j] >= best[i][j + 1])) middle.push(["del", left[i++]]);
      else middle.push(["add", right[j++]]);
    }
  }
  return [...a.slice(0, start).map((text) => ["same", text]), ...middle, ...a.slice(a.length - end).map((text) => ["same", text])];
}

class Diff extends HTMLElement {
  connectedCallback() {
    const [a, b] = ["a", "b"].map((side) => this.querySelector(`[data-side="${side}"]`)?.textContent.replace(/\n$/, "").split("\n"));
    if (!a || !b) return;
    const lines = compare(a, b);
    if (!lines.some(([kind]) => kind !== "same")) { this.replaceChildren(h("p", { class: "muted" }, "No differences.")); return; }
    const near = lines.map((_, index) => lines.slice(Math.max(0, index - 3), index + 4).some(([kind]) => kind !== "same"));
    const out = h("div", { class: "diff-lines", tabindex: 0, role: "group", "aria-label": "Differences" });
    let [left, right, hidden] = [0, 0, 0];
    const flush = () => { if (hidden) out.append(h("div", { class: "skip-lines" }, `${hidden} equal lines`)); hidden = 0; };
    lines.forEach(([kind, text], index) => {
      if (kind !== "add") left++;
      if (kind !== "del") right++;
      if (!near[index]) { hidden++; return; }
      flush();
      out.append(h("div", { class: kind }, h("span", { class: "ln" }, kind === "add" ? "" : left), h("span", { class: "ln" }, kind === "del" ? "" : right), h("span", {}, { add: "+", del: "−", same: " " }[kind]), h("span", { dir: "auto" }, text || " ")));
    });
    flush();
    this.replaceChildren(out);
  }
}

customElements.define("ps-json", Json);
customElements.define("ps-diff", Diff);
