// <ps-map src="…" points='[{id, name, latitude, longitude, state, href, detail}]' height pick>: places on the bundled outline of the world, or on the tiles
// that the operator set up. src answers {data: [point], next_cursor}, whose pages are read one after the other, up to MOST places; a point of the API may also be a device with `location: {latitude, longitude}`.
// pick: a click sets the fields named latitude and longitude of the form, and sends `ps:pick` {latitude, longitude}.
import { api } from "./api.js";
import { colour, h, vendor } from "./dom.js";

const MOST = 20_000; // places, or devices without one, that are read from src
const CELL = 46; // pixels of the grid in which near points become one
let world = null;
const outline = () => (world ||= fetch(new URL("vendor/world/world.geojson", import.meta.url)).then((answer) => answer.json()));

export function pointOf(one) {
  const place = one.location || one.position || one;
  const [latitude, longitude] = [Number(place.latitude ?? place.lat), Number(place.longitude ?? place.lon ?? place.lng)];
  if (place.latitude == null && place.lat == null || !(Math.abs(latitude) <= 90) || !(Math.abs(longitude) <= 180)) return null;
  return { id: one.id, name: one.name || one.id, latitude, longitude, state: one.state || one.connectivity, href: one.href || (one.id?.startsWith?.("dev_") ? `/console/devices/${encodeURIComponent(one.id)}` : null), detail: one.detail || one.type };
}

class PlaceMap extends HTMLElement {
  async connectedCallback() {
    if (this.map) return;
    this.style.height = `${Number(this.getAttribute("height")) || 360}px`;
    this.setAttribute("role", "region");
    this.setAttribute("aria-label", this.getAttribute("label") || "Map");
    try {
      await vendor("leaflet/leaflet.js", "leaflet/leaflet.css");
    } catch {
      this.textContent = "The map could not be loaded.";
      return;
    }
    const { L } = globalThis;
    if (this.map || !this.isConnected) return;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.map = L.map(this, { attributionControl: false, worldCopyJump: true, minZoom: 1, maxZoom: 19, zoomSnap: 0.5, zoomAnimation: !still, fadeAnimation: !still, scrollWheelZoom: false }).setView([30, 10], 1.5);
    this.map.on("focus click", () => this.map.scrollWheelZoom.enable());
    this.map.on("blur", () => this.map.scrollWheelZoom.disable());
    for (const kind of ["pointerdown", "wheel"]) this.addEventListener(kind, () => (this.moved = true), { passive: true });
    this.layer = L.layerGroup().addTo(this.map);
    await this.ground(L);
    this.map.on("zoomend", () => this.draw());
    document.addEventListener("ps:theme", () => this.paint());
    document.addEventListener("ps:connectivity", (event) => {
      const found = this.points.find((point) => point.id === event.detail.device_id);
      if (found) { found.state = event.detail.connectivity; this.draw(); }
    });
    if (this.hasAttribute("pick")) this.map.on("click", (event) => this.pick(event.latlng.wrap()));
    new ResizeObserver(() => this.map.invalidateSize()).observe(this);
    await this.load();
  }

  async ground(L) {
    const tiles = document.querySelector('meta[name="tiles"]');
    if (tiles) {
      L.tileLayer(tiles.content, { maxZoom: 19 }).addTo(this.map);
      L.control.attribution({ prefix: false }).addAttribution(tiles.dataset.attribution || "").addTo(this.map);
      return;
    }
    const land = await outline().catch(() => null);
    if (land && this.isConnected) { this.land = L.geoJSON(land, { interactive: false }).addTo(this.map); this.paint(); }
  }

  paint() {
    this.land?.setStyle({ color: colour("--line-strong", this), weight: 0.75, fillColor: colour("--surface", this), fillOpacity: 1 });
  }

  async load() {
    try {
      const given = this.getAttribute("points");
      if (given) this.setPoints(JSON.parse(given));
      else if (this.getAttribute("src")) await this.read(this.getAttribute("src"));
    } catch (error) {
      this.say(error.message);
    }
  }

  async read(src) {
    const found = [];
    let cursor = null;
    do {
      this.say(`Reading … ${found.length ? `${found.length.toLocaleString()} so far` : ""}`);
      const answer = await api("GET", cursor ? `${src}${src.includes("?") ? "&" : "?"}cursor=${encodeURIComponent(cursor)}` : src);
      if (!this.isConnected) return;
      const first = found.length === 0;
      found.push(...(answer.data || answer.points || answer));
      cursor = answer.next_cursor ?? null;
      this.setPoints(found, first || (!cursor && !this.moved));
    } while (cursor && found.length < MOST);
    const placed = `${this.points.length.toLocaleString()} of ${found.length.toLocaleString()} have a location`;
    this.say(cursor ? `${placed}. There are more: filter to see others.` : placed);
  }

  /** Say something below the map, once: it is read out, and replaced by what comes next. */
  say(text) {
    this.note ||= this.appendChild(h("div", { class: "map-note", role: "status" }));
    this.note.textContent = text;
  }

  setPoints(list, fit = true) {
    this.points = list.map(pointOf).filter(Boolean);
    if (fit && this.points.length === 1) this.map.setView([this.points[0].latitude, this.points[0].longitude], this.land ? 4 : 13);
    else if (fit && this.points.length) this.map.fitBounds(this.points.map((point) => [point.latitude, point.longitude]), { padding: [36, 36], maxZoom: this.land ? 7 : 15 });
    this.draw();
  }

  draw() {
    const { L } = globalThis;
    this.layer.clearLayers();
    const cells = new Map();
    for (const point of this.points || []) {
      const at = this.map.project([point.latitude, point.longitude]);
      const key = `${Math.floor(at.x / CELL)}:${Math.floor(at.y / CELL)}`;
      cells.set(key, [...(cells.get(key) || []), point]);
    }
    for (const members of cells.values()) {
      if (members.length === 1) this.one(L, members[0]);
      else this.many(L, members);
    }
  }

  one(L, point) {
    const mark = L.divIcon({ className: `pin ${point.state || ""}`, iconSize: [14, 14] });
    const marker = L.marker([point.latitude, point.longitude], { icon: mark, title: point.name, alt: `${point.name}${point.state ? `, ${point.state}` : ""}`, keyboard: true, draggable: this.hasAttribute("pick") }).addTo(this.layer);
    const name = point.href ? h("a", { href: point.href, dir: "auto" }, point.name) : h("b", { dir: "auto" }, point.name);
    marker.bindPopup(h("div", { class: "map-popup" }, name, h("span", { class: "muted" }, [point.state, point.detail].filter(Boolean).join(" · "))));
    marker.on("dragend", () => this.pick(marker.getLatLng().wrap()));
  }

  many(L, members) {
    const size = members.length < 10 ? 26 : members.length < 100 ? 32 : 38;
    const off = members.filter((point) => point.state === "offline").length;
    const mark = L.divIcon({ className: "pin many", iconSize: [size, size], html: h("span", {}, String(members.length)) });
    const centre = [members.reduce((sum, point) => sum + point.latitude, 0) / members.length, members.reduce((sum, point) => sum + point.longitude, 0) / members.length];
    const marker = L.marker(centre, { icon: mark, alt: `${members.length} places`, title: `${members.length} places${off ? `, ${off} offline` : ""}` }).addTo(this.layer);
    marker.on("click", () => {
      const bounds = L.latLngBounds(members.map((point) => [point.latitude, point.longitude]));
      if (this.map.getZoom() >= this.map.getMaxZoom() || bounds.getNorthEast().equals(bounds.getSouthWest())) {
        marker.bindPopup(h("div", { class: "map-popup" }, members.slice(0, 30).map((point) => h(point.href ? "a" : "b", { href: point.href, dir: "auto" }, point.name)))).openPopup();
      } else this.map.fitBounds(bounds, { padding: [48, 48] });
    });
  }

  pick({ lat, lng }) {
    const [latitude, longitude] = [lat.toFixed(6), lng.toFixed(6)];
    const form = this.closest("form");
    for (const [name, value] of [["latitude", latitude], ["longitude", longitude]]) {
      const input = form?.querySelector(`[name="${name}"], [name$=".${name}"]`);
      if (input) { input.value = value; input.dispatchEvent(new Event("input", { bubbles: true })); }
    }
    this.points = [{ id: "", name: "Chosen place", latitude: lat, longitude: lng }];
    this.draw();
    this.dispatchEvent(new CustomEvent("ps:pick", { bubbles: true, detail: { latitude: Number(latitude), longitude: Number(longitude) } }));
  }
}
customElements.define("ps-map", PlaceMap);
