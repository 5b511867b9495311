// Small custom elements: spark lines, countdown rings, words typed one by one, uploads.
import { csrf } from "./api.js";
import { h, icon, svg, toast } from "./dom.js";

/** <ps-spark values="1,2,,4" label="…">: a line of numbers; an empty value is a gap. */
class Spark extends HTMLElement {
  static observedAttributes = ["values"];

  connectedCallback() { this.draw(); }

  attributeChangedCallback() { if (this.isConnected) this.draw(); }

  push(value) {
    const values = (this.getAttribute("values") || "").split(",");
    this.setAttribute("values", [...values, value].slice(-Math.max(values.length, 24)).join(","));
  }

  draw() {
    const values = (this.getAttribute("values") || "").split(",").map((text) => (text.trim() === "" ? NaN : Number(text)));
    const known = values.filter((value) => !Number.isNaN(value));
    if (!known.length) { this.replaceChildren(); return; }
    const [low, high] = [Math.min(...known), Math.max(...known)];
    const at = (value) => (high === low ? 12 : 22 - ((value - low) / (high - low)) * 20);
    const step = 100 / Math.max(values.length - 1, 1);
    let path = "";
    let open = false;
    values.forEach((value, index) => {
      if (Number.isNaN(value)) { open = false; return; }
      path += `${open ? "L" : "M"}${(index * step).toFixed(2)} ${at(value).toFixed(2)}`;
      open = true;
    });
    const name = `${this.getAttribute("label") || "Trend"}: from ${known[0]} to ${known.at(-1)}, lowest ${low}, highest ${high}`;
    this.replaceChildren(svg("svg", { viewBox: "0 0 100 24", preserveAspectRatio: "none", role: "img", "aria-label": name },
      svg("path", { d: path, fill: "none", stroke: "currentColor", "stroke-width": 1.5, "vector-effect": "non-scaling-stroke", "stroke-linejoin": "round" })));
  }
}

/** <ps-ring period="30" remaining="12">: seconds left; sends `ps:ring` at each turn, so that a page can ask for the next code. */
class Ring extends HTMLElement {
  connectedCallback() {
    const period = Number(this.getAttribute("period")) || 30;
    this.ends = Date.now() + (Number(this.getAttribute("remaining")) || period) * 1000;
    const length = 2 * Math.PI * 11;
    this.circle = svg("circle", { cx: 14, cy: 14, r: 11, fill: "none", stroke: "currentColor", "stroke-width": 2.5, "stroke-dasharray": length, "stroke-linecap": "round" });
    this.text = h("span", { "aria-hidden": "true" });
    this.replaceChildren(svg("svg", { viewBox: "0 0 28 28", "aria-hidden": "true" }, svg("circle", { cx: 14, cy: 14, r: 11, fill: "none", stroke: "currentColor", "stroke-width": 2.5, opacity: 0.18 }), this.circle), this.text);
    this.setAttribute("role", "timer");
    this.setAttribute("aria-label", this.getAttribute("label") || "Time left");
    const turn = () => {
      let left = (this.ends - Date.now()) / 1000;
      if (left <= 0) {
        this.ends += Math.ceil(-left / period + 0.001) * period * 1000;
        left = (this.ends - Date.now()) / 1000;
        this.dispatchEvent(new CustomEvent("ps:ring", { bubbles: true }));
      }
      this.circle.setAttribute("stroke-dashoffset", length * (1 - left / period));
      this.text.textContent = Math.ceil(left);
    };
    turn();
    this.timer = setInterval(turn, 500);
  }

  disconnectedCallback() { clearInterval(this.timer); }
}

/** <ps-chips><input name=… value="a, b"></ps-chips>: words typed one by one; the field itself keeps them, separated by commas. */
class Chips extends HTMLElement {
  connectedCallback() {
    if (this.box) return;
    this.input = this.querySelector("input");
    const id = this.input.id;
    this.entry = h("input", { class: "chip-input", type: "text", id, list: this.input.getAttribute("list"), "aria-describedby": this.input.getAttribute("aria-describedby"), placeholder: this.input.placeholder, autocomplete: "off" });
    this.input.removeAttribute("id");
    this.input.type = "hidden";
    this.words = this.input.value.split(",").map((word) => word.trim()).filter(Boolean);
    this.box = h("div", { class: "chip-box", onclick: () => this.entry.focus() }, this.entry);
    this.append(this.box);
    this.entry.addEventListener("keydown", (event) => {
      if ((event.key === "Enter" || event.key === ",") && this.entry.value.trim()) { event.preventDefault(); this.take(); }
      else if (event.key === "Backspace" && !this.entry.value && this.words.length) { this.words.pop(); this.show(); }
    });
    this.entry.addEventListener("change", () => this.take());
    this.entry.addEventListener("blur", () => this.take());
    this.show();
  }

  take() {
    const words = this.entry.value.split(",").map((word) => word.trim()).filter((word) => word && !this.words.includes(word));
    this.entry.value = "";
    if (words.length) { this.words.push(...words); this.show(); }
  }

  show() {
    this.box.querySelectorAll(".chip").forEach((chip) => chip.remove());
    this.entry.before(...this.words.map((word) => h("span", { class: "chip", dir: "auto" }, word,
      h("button", { type: "button", "aria-label": `Remove ${word}`, onclick: () => { this.words = this.words.filter((one) => one !== word); this.show(); this.entry.focus(); } }, icon("x")))));
    const value = this.words.join(",");
    if (this.input.value !== value) { this.input.value = value; this.input.dispatchEvent(new Event("change", { bubbles: true })); }
  }
}

/** <ps-upload action method name>: sends a file with the CSRF header. To an API path (/console/api/…) as the body, to a page as a form. Sends `ps:uploaded` with the answer. */
class Upload extends HTMLElement {
  connectedCallback() {
    const input = this.querySelector("input[type=file]");
    input.addEventListener("change", () => this.send([...input.files]).finally(() => { input.value = ""; }));
    for (const name of ["dragenter", "dragover"]) this.addEventListener(name, (event) => { event.preventDefault(); this.classList.add("over"); });
    for (const name of ["dragleave", "drop"]) this.addEventListener(name, (event) => { event.preventDefault(); this.classList.remove("over"); });
    this.addEventListener("drop", (event) => this.send([...event.dataTransfer.files].slice(0, input.multiple ? undefined : 1)));
  }

  async send(files) {
    for (const file of files) await this.sendOne(file);
  }

  sendOne(file) {
    const bar = h("progress", { max: 100, value: 0, "aria-label": `Sending ${file.name}` });
    const text = h("span", { class: "muted" }, `Sending ${file.name} …`);
    this.querySelector(".upload-state").replaceChildren(text, bar);
    const action = this.getAttribute("action");
    const raw = action.startsWith("/console/api/") && this.getAttribute("name") === "body";
    return new Promise((resolve) => {
      const request = new XMLHttpRequest();
      request.open((this.getAttribute("method") || "post").toUpperCase(), action);
      request.setRequestHeader("X-CSRF-Token", csrf());
      request.setRequestHeader("Accept", "application/json");
      if (!action.startsWith("/console/api/")) request.setRequestHeader("HX-Request", "true");
      request.upload.onprogress = (event) => { bar.value = (event.loaded / event.total) * 100; };
      request.onload = () => { this.done(request, file, text, bar); resolve(); };
      request.onerror = () => { bar.remove(); text.textContent = "The server cannot be reached. Check the connection and try again."; resolve(); };
      if (raw) {
        request.setRequestHeader("Content-Type", file.type || "application/octet-stream");
        request.send(file);
      } else {
        const form = new FormData();
        form.append("csrf_token", csrf());
        form.append(this.getAttribute("name") || "file", file);
        request.send(form);
      }
    });
  }

  done(request, file, text, bar) {
    let answer = null;
    try { answer = JSON.parse(request.responseText); } catch { /* a page */ }
    bar.remove();
    if (request.status >= 400) {
      text.textContent = answer?.detail || `The server refused ${file.name} (${request.status}).`;
      toast(text.textContent, { tone: "bad" });
      return;
    }
    text.textContent = `${file.name} was sent.`;
    this.dispatchEvent(new CustomEvent("ps:uploaded", { bubbles: true, detail: { answer, file } }));
    const next = request.getResponseHeader("HX-Redirect") || this.getAttribute("next");
    if (next) location.assign(next);
  }
}

customElements.define("ps-spark", Spark);
customElements.define("ps-ring", Ring);
customElements.define("ps-chips", Chips);
customElements.define("ps-upload", Upload);
