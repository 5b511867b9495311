// <ps-first-reading device="dev_…" href="…">: shows the first reading of a device the moment it arrives, with a link onward.
// The page's stream brings it (live.js); the API is asked once, in case it arrived before the stream was open.
import { api } from "./api.js";

class FirstReading extends HTMLElement {
  connectedCallback() {
    this.heard = (event) => { if (event.detail.device_id === this.getAttribute("device")) this.show(event.detail); };
    this.opened = (event) => { if (event.detail.state === "open") this.ask(); };
    document.addEventListener("ps:reading", this.heard);
    document.addEventListener("ps:stream", this.opened);
  }

  disconnectedCallback() {
    document.removeEventListener("ps:reading", this.heard);
    document.removeEventListener("ps:stream", this.opened);
  }

  async ask() {
    try {
      const found = await api("GET", `v2/devices/${encodeURIComponent(this.getAttribute("device"))}/telemetry/latest?by=arrival`);
      if (found.data) this.show(found.data);
    } catch { /* the stream will tell */ }
  }

  show(reading) {
    if (this.hasAttribute("arrived")) return;
    this.setAttribute("arrived", "");
    const box = document.createElement("section");
    box.className = "panel tone-good first-reading";
    const title = document.createElement("h2");
    title.textContent = "The first reading has arrived";
    const values = document.createElement("pre");
    values.className = "mono";
    values.textContent = JSON.stringify(reading.data, null, 2);
    const onward = document.createElement("a");
    onward.className = "btn primary";
    onward.href = this.getAttribute("href");
    onward.textContent = "Open the device";
    const body = document.createElement("div");
    body.className = "panel-body stack";
    body.setAttribute("role", "status");
    body.append(title, values, onward);
    box.append(body);
    this.replaceChildren(box);
  }
}

customElements.define("ps-first-reading", FirstReading);
