// What each type of widget looks like: draw(body, widget, data, board). data is the answer of the API; null for those that need none.
import "./chart.js";
import "./map.js";
import { api } from "./api.js";
import { h, icon, svg } from "./dom.js";
import { markdown } from "./markdown.js";
import { ago, exact } from "./times.js";

export const TYPES = {
  last_value: ["Value", "gauge", "The latest value, large", [3, 2]],
  gauge: ["Gauge", "thermometer", "The latest value on a scale", [3, 3]],
  chart: ["Chart", "chart-line", "Lines, areas or bars over time", [6, 5]],
  table: ["Table", "list", "Rows of values", [6, 5]],
  map: ["Map", "map", "Where devices are, and their state", [6, 6]],
  status_grid: ["States", "signal", "Which devices are online, and their alerts", [4, 4]],
  image: ["Image", "image", "A plan or photo with values on it", [6, 6]],
  text: ["Text", "file-text", "Notes and links in Markdown", [4, 3]],
  command_button: ["Command", "square-terminal", "A button that sends a command", [3, 2]],
};
/** Types that show nothing of the API. */
export const STILL = new Set(["text", "command_button"]);

const lang = () => document.documentElement.lang;
export function written(value, decimals) {
  if (value === null || value === undefined) return "—";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value !== "number") return String(value);
  const fixed = Number.isInteger(decimals);
  return value.toLocaleString(lang(), fixed ? { minimumFractionDigits: decimals, maximumFractionDigits: decimals } : { maximumSignificantDigits: 6 });
}
const when = (time) => (time ? h("time", { datetime: time, title: exact(Date.parse(time)), "data-relative": true }, ago((Date.now() - Date.parse(time)) / 1000)) : "never");
const note = (text) => h("p", { class: "widget-note muted" }, text);
const gone = (one) => h("p", { class: "widget-note muted" }, icon("triangle-alert"), one.device_name ? `${one.device_name} does not exist any more.` : "The device does not exist any more.");
const tip = (one, board) => (one.device_id && !board.shared ? h("a", { href: `/console/devices/${encodeURIComponent(one.device_id)}`, dir: "auto" }, one.device_name || one.device_id) : h("span", { dir: "auto" }, one.device_name));

/** The highest threshold that a value has reached. */
export function reached(thresholds, value) {
  if (typeof value !== "number") return null;
  return [...(thresholds || [])].sort((a, b) => a.value - b.value).filter((one) => value >= one.value).pop() || null;
}
const hue = (threshold) => threshold.color || "var(--bad-text)";

function lastValue(body, { options }, data, board) {
  const one = data.values[0];
  if (!one) return body.append(note("No device is chosen."));
  if (one.missing) return body.append(gone(one));
  const level = reached(options.thresholds, one.value);
  const number = h("b", { class: one.value === null ? "muted" : null }, written(one.value, options.decimals ?? one.decimals));
  if (level) number.style.color = hue(level);
  const long = number.textContent.length > 14 || one.value === null;
  body.append(h("div", { class: `big${long ? " long" : ""}`, dir: "auto" }, number, one.unit ? h("small", {}, one.unit) : null),
    h("p", { class: "widget-sub muted" }, tip(one, board), " · ", one.time ? when(one.time) : "no reading yet", level?.label ? ` · ${level.label}` : ""));
}

function arc(from, to) {
  const at = (share) => [60 - 50 * Math.cos(Math.PI * share), 60 - 50 * Math.sin(Math.PI * share)].map((part) => part.toFixed(2)).join(" ");
  return `M ${at(from)} A 50 50 0 0 1 ${at(to)}`;
}
function gauge(body, { options, title }, data, board) {
  const one = data.values[0];
  if (!one) return body.append(note("No device is chosen."));
  if (one.missing) return body.append(gone(one));
  const { min, max } = options;
  const share = (value) => Math.min(Math.max((value - min) / (max - min || 1), 0), 1);
  const level = reached(options.thresholds, one.value);
  const part = (d, color, width) => { const path = svg("path", { d, fill: "none", "stroke-width": width }); path.style.stroke = color; return path; };
  const drawing = svg("svg", { viewBox: "0 0 120 72", role: "meter", "aria-label": `${title || one.name}`, "aria-valuemin": min, "aria-valuemax": max, "aria-valuenow": typeof one.value === "number" ? one.value : min }, part(arc(0, 1), "var(--grid)", 10));
  const levels = [...options.thresholds].sort((a, b) => a.value - b.value);
  levels.forEach((from, at) => { const [a, b] = [share(from.value), at + 1 < levels.length ? share(levels[at + 1].value) : 1]; if (b > a) drawing.append(part(arc(a, b), hue(from), 2.5)); });
  if (typeof one.value === "number" && share(one.value) > 0) drawing.append(part(arc(0, share(one.value)), level ? hue(level) : "var(--accent)", 7));
  const label = (x, anchor, text) => { const found = svg("text", { x, y: 71, "text-anchor": anchor, class: "gauge-end" }); found.textContent = text; return found; };
  drawing.append(label(10, "middle", written(min)), label(110, "middle", written(max)));
  body.append(h("div", { class: "gauge" }, drawing, h("div", { class: `gauge-value${written(one.value, options.decimals ?? one.decimals).length + one.unit.length > 8 ? " long" : ""}` }, h("b", {}, written(one.value, options.decimals ?? one.decimals)), one.unit ? h("small", {}, one.unit) : null)),
    h("p", { class: "widget-sub muted centred" }, tip(one, board), " · ", one.time ? when(one.time) : "no reading yet"));
}

function nameOf(one, all) {
  if (one.label && !(one.device_name && one.label.startsWith(`${one.device_name} · `))) return all.filter((other) => other.label === one.label).length > 1 ? `${one.label} · ${one.device_name}` : one.label;
  const fields = new Set(all.map((other) => other.field));
  const devices = new Set(all.map((other) => other.device_name));
  return [devices.size > 1 || fields.size === 1 ? one.device_name : "", fields.size > 1 || !one.device_name ? one.field : ""].filter(Boolean).join(" · ") || one.field;
}
export function seriesIn(data) {
  const known = data.series.filter((one) => !one.missing);
  const used = new Map();
  return known.map((one) => {
    const name = nameOf(one, known);
    used.set(name, (used.get(name) || 0) + 1);
    return { label: used.get(name) > 1 ? `${name} (${used.get(name)})` : name, unit: one.unit, color: one.color || undefined, axis: one.axis, field: one.field, device: one.device_id,
      points: one.points.map((point) => [Date.parse(point.time) / 1000, typeof point.value === "string" ? null : point.value === null ? null : Number(point.value)]) };
  });
}
function chart(body, { options, title, id }, data, board) {
  const missing = data.series.filter((one) => one.missing).length;
  const series = seriesIn(data);
  if (!series.length) return body.append(missing ? gone({}) : note("No device has these labels."));
  const old = body.querySelector("ps-chart");
  const host = old || h("ps-chart", { id: id ? `chart-${id}` : null, zoom: board.shared || board.editing ? null : true, label: title || "Chart" });
  const kind = { line: "line", area: "area", bar: "bars" }[options.style];
  for (const [name, value] of Object.entries({ kind, series: JSON.stringify(series), from: data.query.from, to: data.query.to, thresholds: JSON.stringify(options.thresholds.map(({ value, label, color }) => ({ value, label, color }))) })) host.setAttribute(name, value);
  host.toggleAttribute("live", board.live && data.bucket === null && !board.shared);
  host.setAttribute("height", String(room(body)));
  if (old) host.load();
  else {
    body.replaceChildren(host);
    new ResizeObserver(() => fit(body)).observe(host.legend);
  }
  if (missing) body.append(note(`${missing} of its devices do not exist any more.`));
}
const room = (body) => Math.max(body.clientHeight - (body.querySelector(".legend")?.offsetHeight || 28) - (body.querySelector(".widget-note")?.offsetHeight || 0) - 8, 90);
/** The size of a widget changed. */
export function fit(body) {
  const host = body.querySelector("ps-chart");
  const place = body.querySelector("ps-map");
  if (host?.plot && Math.abs(host.tall - room(body)) > 4) { host.setAttribute("height", String(room(body))); host.plot.style.height = `${host.tall}px`; host.draw(); }
  if (place) place.style.height = `${Math.max(body.clientHeight, 120)}px`;
}

function table(body, { options }, data, board) {
  const many = new Set(data.rows.map((row) => row.device_name)).size !== 1 || options.show === "latest";
  const cells = (row) => data.columns.map((column) => h("td", { class: typeof row.values[column.field] === "number" ? "right" : null, dir: "auto" }, row.missing ? "—" : written(row.values[column.field], column.decimals)));
  const place = body.scrollTop;
  body.replaceChildren(data.rows.length ? h("table", { class: "table small" },
    h("thead", {}, h("tr", {}, many ? h("th", { scope: "col" }, "Device") : null, data.columns.map((column) => h("th", { scope: "col", class: "right" }, column.unit ? `${column.name} (${column.unit})` : column.name)), h("th", { scope: "col", class: "right" }, "Time"))),
    h("tbody", {}, data.rows.map((row) => h("tr", {}, many ? h("td", {}, row.missing ? `${row.device_name || "Device"} (does not exist)` : tip(row, board)) : null, cells(row), h("td", { class: "right muted" }, row.time ? when(row.time) : "—"))))) : note("No readings in this range."));
  body.scrollTop = place;
  if (data.truncated) body.append(note("More devices are selected than a table shows."));
}

function map(body, { title }, data, board) {
  const points = data.devices.filter((one) => one.latitude !== null).map((one) => ({ id: one.device_id, name: one.device_name, latitude: one.latitude, longitude: one.longitude, state: one.connectivity, href: one.device_id && !board.shared ? `/console/devices/${encodeURIComponent(one.device_id)}` : null,
    detail: [one.value && one.value.value !== null ? `${written(one.value.value, one.value.decimals)} ${one.value.unit}` : "", one.alerts ? `${one.alerts} open alerts` : ""].filter(Boolean).join(" · ") }));
  const old = body.querySelector("ps-map");
  if (old) return old.map && old.layer ? (old.points = points, old.draw()) : undefined;
  if (!points.length) return body.append(note("None of its devices has a place."));
  body.append(h("ps-map", { points: JSON.stringify(points), height: Math.max(body.clientHeight, 120), label: title || "Map" }));
}

function statusGrid(body, _widget, data, board) {
  const rank = { offline: 0, never: 1, online: 2 };
  const shown = [...data.devices].sort((a, b) => (b.alerts || 0) - (a.alerts || 0) || (rank[a.connectivity] ?? 3) - (rank[b.connectivity] ?? 3));
  const counts = ["online", "offline", "never"].map((state) => [state, shown.filter((one) => one.connectivity === state).length]).filter(([, n]) => n);
  const mark = { online: ["good", "dot"], offline: ["bad", "square"], never: ["plain", "ring"] };
  body.replaceChildren(shown.length ? h("div", { class: "state-grid" }, shown.map((one) => {
    const [tone, shape] = mark[one.connectivity] || ["plain", "ring"];
    const words = one.missing ? "does not exist" : `${one.connectivity || "unknown"}${one.alerts ? `, ${one.alerts} open ${one.alerts === 1 ? "alert" : "alerts"}` : ""}`;
    return h(one.device_id && !board.shared && !one.missing ? "a" : "span", { class: `state-cell ${tone}${one.alerts ? " alerting" : ""}`, href: one.device_id && !board.shared && !one.missing ? `/console/devices/${encodeURIComponent(one.device_id)}` : null, title: `${one.device_name}: ${words}` },
      h("i", { class: `mark ${shape}`, "aria-hidden": "true" }), h("span", { dir: "auto" }, one.device_name || one.device_id || "device"), h("span", { class: "sr" }, words), one.alerts ? h("b", { class: "count bad" }, String(one.alerts)) : null);
  })) : note("No device is selected."), counts.length ? h("p", { class: "widget-sub muted" }, counts.map(([state, n]) => `${n} ${state === "never" ? "never seen" : state}`).join(" · ")) : "");
}

function image(body, widget, data, board) {
  const { options } = widget;
  if (!widget.image_at && !widget.preview) return body.append(note("It has no image yet. Edit the widget to add one."));
  const base = board.shared ? `/api/v2/shared/dashboards/${encodeURIComponent(board.shared)}/widgets/${widget.id}/image` : `/console/api/v2/widgets/${widget.id}/image`;
  const old = body.querySelector("img");
  const src = widget.preview || `${base}?at=${encodeURIComponent(widget.image_at)}`;
  const picture = old?.dataset.src === src ? old : h("img", { src: widget.preview || base, alt: options.alt, "data-src": src, draggable: "false" });
  const pins = data.values.map((one) => {
    const pin = h("span", { class: "image-pin", title: `${one.device_name}: ${one.name}` }, one.label ? h("span", { dir: "auto" }, one.label) : null, h("b", {}, one.missing ? "gone" : `${written(one.value, one.decimals)}${one.unit ? ` ${one.unit}` : ""}`));
    pin.style.left = `${one.x}%`;
    pin.style.top = `${one.y}%`;
    return pin;
  });
  body.replaceChildren(h("div", { class: "image-box" }, h("div", { class: "image-frame" }, picture, pins)));
}

function text(body, { options }) { body.replaceChildren(h("div", { class: "prose", dir: "auto" }, markdown(options.text))); }

const ENDED = ["done", "failed", "expired", "cancelled"];
function command(body, { options, title }, _data, board) {
  const old = body.querySelector("button");
  if (old) { old.disabled = Boolean(board.editing); return; } // it may be waiting for the device
  const state = h("p", { class: "widget-sub muted centred", role: "status" }, "");
  const label = options.label || title || "Send";
  const path = `v2/devices/${encodeURIComponent(options.device_id)}/commands/${encodeURIComponent(options.command_id)}/execute`;
  const say = (words, tone = "") => { state.className = `widget-sub centred ${tone || "muted"}`; state.textContent = words; };
  const send = async () => {
    button.disabled = true;
    say("Sending …");
    try {
      let run = await api("POST", path, { parameters: options.parameters });
      for (let tries = 0; tries < 90 && !ENDED.includes(run.state); tries++) {
        say(`${run.status} …`);
        button.disabled = false;
        await new Promise((resolve) => setTimeout(resolve, Math.min(1000 + tries * 200, 5000)));
        if (!body.isConnected) return;
        run = await api("GET", `v2/command-executions/${run.id}`);
      }
      say(`${run.status}${run.error ? `: ${run.error}` : run.reason && run.state !== "done" ? `: ${run.reason}` : ""}`, run.state === "done" ? "good-text" : ENDED.includes(run.state) ? "bad-text" : "");
    } catch (error) {
      say(error.message, "bad-text");
    }
    button.disabled = false;
  };
  const button = h("button", { type: "button", class: "btn primary", disabled: Boolean(board.editing), onclick: () => {
    if (!options.confirm) return send();
    const dialog = document.getElementById("ask");
    dialog.querySelector("#ask-text").textContent = `Send “${label}” to the device?`;
    const yes = dialog.querySelector("[data-ask-yes]");
    yes.className = "btn primary";
    yes.textContent = "Send";
    yes.onclick = () => { dialog.close(); send(); };
    dialog.showModal();
  } }, icon("send"), label);
  body.append(h("div", { class: "command" }, button), state);
}

const DRAW = { last_value: lastValue, gauge, chart, table, map, status_grid: statusGrid, image, text, command_button: command };
const WHOLE = new Set(["last_value", "gauge"]);

export function draw(body, widget, data, board) {
  if (WHOLE.has(widget.type)) body.replaceChildren();
  else body.querySelectorAll(":scope > .widget-note, :scope > .widget-error, :scope > .skeleton").forEach((one) => one.remove());
  DRAW[widget.type](body, widget, data, board);
}

/** A title where none was given. */
export function titleOf(widget, data) {
  if (widget.title) return widget.title;
  const { options } = widget;
  const first = data?.values?.[0];
  if (options.label && widget.type !== "command_button") return options.label;
  if (first && widget.type !== "image") return first.name;
  if (widget.type === "chart" && data) return [...new Set(data.series.map((one) => (one.device_name && one.label.startsWith(`${one.device_name} · `) ? one.label.slice(one.device_name.length + 3) : one.label || one.field)))].slice(0, 3).join(", ");
  return { map: "Map", status_grid: "States", table: "Values" }[widget.type] || "";
}
