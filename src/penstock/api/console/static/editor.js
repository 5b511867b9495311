// <ps-editor language completions check height readonly><textarea name=…></textarea></ps-editor>: a code editor in place of the text area, which keeps the value.
// completions: a list [{label, type, detail, info}] as JSON, or an API path that answers {data: […]} or a list. check: an API path that takes {text} and answers {errors: [{from, to, message, severity}]}.
import { api } from "./api.js";
import { vendor } from "./dom.js";

const dark = () => getComputedStyle(document.documentElement).colorScheme === "dark" || (!["light", "dark"].includes(document.documentElement.dataset.theme) && matchMedia("(prefers-color-scheme: dark)").matches);

class Editor extends HTMLElement {
  async connectedCallback() {
    if (this.editor || this.loading) return;
    this.loading = true;
    this.area = this.querySelector("textarea");
    await vendor("codemirror/codemirror.js").catch(() => null);
    if (!globalThis.PenstockEditor || !this.isConnected) return; // the text area still works
    const check = this.getAttribute("check");
    const label = this.getAttribute("label") || document.querySelector(`label[for="${CSS.escape(this.area.id)}"]`)?.textContent || this.area.getAttribute("aria-label") || "Code";
    this.editor = globalThis.PenstockEditor.create({
      parent: this, doc: this.area.value, language: this.getAttribute("language") || "text", readOnly: this.hasAttribute("readonly"), height: `${this.getAttribute("height") || 240}px`, label, dark: dark(),
      nonce: document.querySelector('meta[name="style-nonce"]')?.nonce || undefined,
      completions: await this.words(),
      lint: check ? (text) => api("POST", check, { text }).then((found) => found?.errors || [], () => []) : undefined,
      onChange: (text) => { this.area.value = text; this.area.dispatchEvent(new Event("input", { bubbles: true })); },
    });
    this.area.hidden = true;
    this.style.minHeight = `${Math.min(Number(this.getAttribute("height")) || 240, 280)}px`;
    document.addEventListener("ps:theme", () => this.editor.setDark(dark()));
    document.querySelector(`label[for="${CSS.escape(this.area.id)}"]`)?.addEventListener("click", () => this.editor.focus());
  }

  async words() {
    const path = this.getAttribute("completions");
    if (!path) return undefined;
    if (path.startsWith("[")) return JSON.parse(path);
    const found = await api("GET", path).catch(() => null);
    return found?.data || found || undefined;
  }

  get value() { return this.editor ? this.editor.getValue() : this.area.value; }

  set value(text) { if (this.editor) this.editor.setValue(text); else this.area.value = text; }
}
customElements.define("ps-editor", Editor);
