// <ps-chart>: lines, areas, steps or bars over time.
//
// Attributes: src (an address of the API below /console/api, or any that answers one of the shapes), or series (JSON); unit, height, kind (line | area | bars | steps), from, to,
// thresholds [{value, label, tone}], annotations [{time, label, tone, href}], device + fields + live (readings are added), zoom (a drag sets the range of the whole page), stacked, call (the curl to copy), zone,
// names (JSON by field: {name, unit}), decimals (JSON by field: how many are shown), marks ("alerts commands": what happened to the device, see marks.js).
// Series can name a device of their own (`device`) and an axis (`axis`: left | right); thresholds a colour (`color`).
// Shapes of answers:
//   {series: [{label, unit, points: [[epoch s | ISO time, value | null], …], color}], thresholds, annotations}
//   aggregates of telemetry: {data: [{start, end, values: {field: {avg, min, max, …}}}], bucket, query}
//   readings: {data: [{time, data: {field: value}}], query}
//   thinned: {data: [{time, value}], field, query}
// A null, or a distance that is longer than usual, is a gap, not a line.
import { api } from "./api.js";
import { colour, copyText, download, h, icon, patiently, svg, vendor } from "./dom.js";
import { format, zone } from "./times.js";

const seconds = (time) => (typeof time === "number" ? time : Date.parse(time) / 1000);
const TONES = { good: "--good", warn: "--warn", bad: "--bad", info: "--info" };
const DASHES = [[], [6, 4], [2, 3], [8, 3, 2, 3], [], [6, 4], [2, 3], [8, 3, 2, 3]];

/** Series of any of the shapes: [{label, unit, points: [[s, value]], function}]. */
export function seriesOf(answer, fields = []) {
  if (Array.isArray(answer)) return answer;
  if (answer.series) return answer.series;
  const rows = answer.data || [];
  if (answer.field !== undefined) return [{ label: answer.field, field: answer.field, points: rows.map((row) => [seconds(row.time), row.value]) }];
  if (answer.bucket !== undefined) return bucketSeries(rows, fields);
  const found = new Map(fields.map((field) => [field, []]));
  for (const row of rows) {
    const at = seconds(row.time);
    for (const [field, value] of Object.entries(row.data || {})) {
      if (typeof value !== "number" && typeof value !== "boolean") continue;
      if (!found.has(field)) { if (fields.length || found.size >= 12) continue; found.set(field, []); }
      found.get(field).push([at, Number(value)]);
    }
  }
  return [...found].map(([label, points]) => ({ label, field: label, points: breaks(points.sort((a, b) => a[0] - b[0])) }));
}

function bucketSeries(rows, fields) {
  const found = new Map();
  rows.forEach((row) => {
    for (const [field, by] of Object.entries(row.values)) {
      if (fields.length && !fields.includes(field)) continue;
      for (const [name, value] of Object.entries(by)) {
        if (name === "count" && Object.keys(by).length > 1) continue;
        const key = `${field}\u001f${name}`;
        if (!found.has(key)) found.set(key, { field, name, points: [], many: Object.keys(by).filter((one) => one !== "count").length > 1 });
      }
    }
  });
  for (const [index, row] of rows.entries()) {
    const [start, end] = [seconds(row.start), seconds(row.end)];
    const next = rows[index + 1] && seconds(rows[index + 1].start);
    for (const one of found.values()) {
      const value = row.values[one.field]?.[one.name];
      if (typeof value === "string") one.words = true;
      one.points.push([start, typeof value === "number" ? value : typeof value === "boolean" ? Number(value) : null]);
      if (next && next > end + 1) one.points.push([end, null]);
    }
  }
  return [...found.values()].filter((one) => !one.words).map(({ field, name, points, many }) => ({ label: many ? `${field} (${name})` : field, field, points }));
}

function breaks(points) {
  if (points.length < 4) return points;
  const steps = points.slice(1).map((point, index) => point[0] - points[index][0]).sort((a, b) => a - b);
  const longest = Math.max(steps[Math.floor(steps.length / 2)] * 6, 30);
  return points.flatMap((point, index) => (index && point[0] - points[index - 1][0] > longest ? [[points[index - 1][0] + longest / 6, null], point] : [point]));
}

class Chart extends HTMLElement {
  connectedCallback() {
    if (this.started) return;
    this.started = true;
    this.off = new Set();
    this.decimals = this.json("decimals") || {};
    this.classList.add("chart-host");
    this.plot = h("div", { class: "plot" });
    this.note = h("div", { class: "chart-note", hidden: true });
    this.legend = h("div", { class: "legend", role: "group", "aria-label": "Series" });
    this.plot.style.height = `${this.tall}px`;
    this.plot.addEventListener("mousedown", () => { this.pressed = true; });
    this.replaceChildren(this.plot, this.legend, this.note);
    this.addMenu();
    const sees = new IntersectionObserver((entries) => { if (entries.some((entry) => entry.isIntersecting)) { sees.disconnect(); this.load(); } }, { rootMargin: "300px" });
    sees.observe(this);
    this.listen("ps:theme", () => this.draw());
    this.listen("ps:range", (event) => this.setRange(event.detail.from, event.detail.to));
    this.listen("ps:reading", (event) => this.append_(event.detail));
    this.sizes = new ResizeObserver(() => this.resize());
    this.sizes.observe(this);
  }

  listen(name, run) {
    this.heard = [...(this.heard || []), [name, run]];
    document.addEventListener(name, run);
  }

  disconnectedCallback() {
    for (const [name, run] of this.heard || []) document.removeEventListener(name, run);
    this.sizes?.disconnect();
    this.chart?.destroy();
    this.chart = null;
    this.started = false;
    this.heard = [];
    this.tools?.remove();
  }

  get tall() { return Number(this.getAttribute("height")) || 240; }

  json(name) { try { return JSON.parse(this.getAttribute(name) || "null"); } catch { return null; } }

  say(text, button = null) {
    this.note.hidden = !text;
    this.note.replaceChildren(text || "", button || "");
  }

  async load() {
    const src = this.getAttribute("src");
    this.say(this.chart ? "" : "Loading …");
    try {
      await vendor("uplot/uPlot.iife.min.js", "uplot/uPlot.min.css");
      const answer = this.json("series") || (src ? await this.ask(src) : []);
      const fields = (this.getAttribute("fields") || "").split(",").filter(Boolean);
      this.series = this.named(seriesOf(answer, fields));
      this.thresholds = [...(this.json("thresholds") || []), ...(answer.thresholds || [])];
      this.annotations = [...(this.json("annotations") || []), ...(answer.annotations || [])];
      const range = answer.query || {};
      this.span = [this.getAttribute("from") || range.from, this.getAttribute("to") || range.to].map((time) => (time ? seconds(time) : null));
      this.draw();
      if (this.getAttribute("marks")) patiently("./marks.js").then((marks) => marks.mark(this));
    } catch (error) {
      this.say(error.message, h("button", { type: "button", class: "btn s", onclick: () => this.load() }, "Try again"));
    }
  }

  /** Series with the names and units of their fields. */
  named(series) {
    const known = this.json("names");
    if (!known) return series;
    const labels = new Set();
    for (const one of series) {
      const { name, unit } = known[one.field] || {};
      const label = name ? one.label.replace(one.field, name) : one.label;
      if (!labels.has(label)) one.label = label;
      labels.add(one.label);
      one.unit ??= unit;
    }
    return series;
  }

  async ask(src) {
    if (src.startsWith("/console/api/") || src.startsWith("v2/") || src.startsWith("/api/")) return api("GET", src);
    const answer = await fetch(src, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error((await answer.json().catch(() => null))?.detail || `The server answered with ${answer.status}.`);
    return answer.json();
  }

  /** Show another range: asks again for what has an address. */
  setRange(from, to) {
    const src = this.getAttribute("src");
    if (!this.hasAttribute("zoom") || !this.series) return;
    if (!src) { this.span = [seconds(from), seconds(to)]; this.draw(); return; }
    const url = new URL(src, location.origin);
    url.searchParams.delete("range");
    for (const [name, value] of [["from", from], ["to", to]]) { url.searchParams.set(name, value); this.setAttribute(name, value); }
    if (url.searchParams.has("bucket")) url.searchParams.set("bucket", bucketFor(seconds(to) - seconds(from)));
    this.setAttribute("src", src.startsWith("http") ? url.href : url.pathname + url.search);
    this.removeAttribute("live");
    this.load();
  }

  // ── drawing ──
  data() {
    const [stamps, columns] = aligned(this.series.map((one) => one.points));
    if (this.hasAttribute("stacked")) {
      const sums = new Array(stamps.length).fill(0);
      this.raw = columns.map((column) => column.slice());
      // The first series is on top of the others: it is drawn first, and theirs cover what is not its own.
      [...columns.entries()].reverse().forEach(([at, column]) => { if (!this.off.has(this.series[at].label)) column.forEach((value, row) => { column[row] = sums[row] += Number(value) || 0; }); });
    } else this.raw = columns;
    return [stamps, ...columns];
  }

  draw() {
    if (!this.series || !globalThis.uPlot) return;
    this.chart?.destroy();
    this.chart = null;
    this.plot.replaceChildren();
    const points = this.series.reduce((sum, one) => sum + one.points.filter((point) => point[1] !== null).length, 0);
    this.say(points ? "" : "No readings in this range.");
    this.setAttribute("role", "figure");
    this.setAttribute("aria-label", this.summary());
    const values = this.data();
    this.colours = this.series.map((one, at) => (one.color ? colour(one.color, this) : colour(`--c${(at % 8) + 1}`, this)));
    this.chart = new globalThis.uPlot(this.options(), values, this.plot);
    this.drawLegend();
    this.placeNotes();
  }

  summary() {
    const title = this.getAttribute("label") || "Chart";
    const parts = this.series.map((one) => {
      const known = one.points.map((point) => point[1]).filter((value) => value !== null && value !== undefined);
      if (!known.length) return `${one.label}: no values`;
      return `${one.label}: ${known.length} values, lowest ${this.number(Math.min(...bounded(known)))}, highest ${this.number(Math.max(...bounded(known)))}, last ${this.number(known.at(-1))}`;
    });
    return `${title}. ${parts.join(". ")}`.slice(0, 1000);
  }

  options() {
    const [line, text] = [colour("--grid", this), colour("--muted", this)];
    const { sides, sideOf } = this.sides();
    const scaleOf = (one) => `y${sideOf(one)}`;
    const name = this.getAttribute("zone") || zone();
    const font = "11px Inter, system-ui, sans-serif";
    const kind = this.getAttribute("kind") || "line";
    const stacked = this.hasAttribute("stacked") && kind === "bars";
    const { uPlot } = globalThis;
    const scales = { x: { time: true, range: (_, low, high) => this.bounds(low, high) } };
    sides.forEach((_, at) => {
      scales[`y${at}`] = { range: (_u, low, high) => this.heights(low, high, at, kind) };
    });
    return {
      width: Math.max(this.plot.clientWidth, 80),
      height: this.tall,
      padding: [10, sides.some((one) => one.right) ? 0 : 10, 0, 0],
      tzDate: (stamp) => uPlot.tzDate(new Date(stamp * 1000), name),
      cursor: { sync: { key: "page", setSeries: false, scales: ["x", null] }, drag: { x: this.hasAttribute("zoom"), y: false, setScale: false }, points: { size: 7 }, focus: { prox: 24 }, y: false },
      legend: { show: false },
      focus: { alpha: 0.35 },
      scales,
      series: [{}, ...this.series.map((one, at) => {
        const hue = this.colours[at];
        const bars = kind === "bars";
        return {
          label: one.label, scale: scaleOf(one), stroke: hue, width: bars ? 0 : 1.75, show: !this.off.has(one.label), spanGaps: false, dash: this.series.length > 4 ? DASHES[at % 8] : undefined,
          fill: bars ? alpha(hue, stacked ? 1 : 0.85) : kind === "area" ? alpha(hue, 0.14) : undefined,
          paths: bars ? uPlot.paths.bars({ size: [0.72, 60], radius: 0.12 }) : kind === "steps" ? uPlot.paths.stepped({ align: 1 }) : uPlot.paths.linear(),
          points: { show: (u, index) => this.lonely(u, index), size: 5, fill: hue },
        };
      })],
      axes: [
        { stroke: text, font, grid: { stroke: line, width: 1 }, ticks: { stroke: line, size: 4 }, gap: 4, size: 30, space: 64, values: (_u, splits, _axis, _space, step) => axisTimes(splits, step, (stamp) => uPlot.tzDate(new Date(stamp * 1000), name)) },
        ...sides.map(({ unit, right }, at) => ({ scale: `y${at}`, side: right ? 1 : 3, stroke: text, font, grid: { show: at === 0, stroke: line, width: 1 }, ticks: { show: false }, gap: 6, space: 36,
          size: (u, labels) => Math.max(34, 12 + Math.max(0, ...(labels || []).map((label) => String(label).length)) * 6.4), values: (_, splits) => splits.map((value) => compact(value) + (sides.length > 1 && unit ? ` ${unit}` : "")) })),
      ],
      hooks: {
        setSelect: [(u) => this.zoom(u)],
        setCursor: [(u) => this.hover(u)],
        draw: [(u) => this.drawThresholds(u)],
        setSize: [() => this.placeNotes()],
      },
    };
  }

  /** The axes: [{right, unit}], at most one on each side, and which of them a series has. A series says so itself (`axis`), or a second unit is on the right. */
  sides() {
    const unit = (one) => one.unit ?? this.getAttribute("unit") ?? "";
    const own = this.series.some((one) => one.axis === "right");
    const first = unit(this.series[0] || {});
    const right = (one) => (own ? one.axis === "right" : unit(one) !== first);
    const sides = [false, true].filter((side) => this.series.some((one) => right(one) === side)).map((side) => ({ right: side, unit: [...new Set(this.series.filter((one) => right(one) === side).map(unit))].filter(Boolean).slice(0, 2).join(", ") }));
    if (!sides.length) sides.push({ right: false, unit: "" });
    return { sides, sideOf: (one) => sides.findIndex((side) => side.right === right(one)) };
  }

  bounds(low, high) {
    const [from, to] = this.span || [];
    if (this.getAttribute("kind") === "bars" && !from && this.series[0]?.points.length > 1) {
      const half = (high - low) / (this.series[0].points.length - 1) / 2;
      return [low - half, high + half];
    }
    if (from && to) return [from, this.hasAttribute("live") ? Math.max(to, high || 0) : to];
    if (low === null || low === undefined) return [Date.now() / 1000 - 86400, Date.now() / 1000];
    return low === high ? [low - 1800, high + 1800] : [low, high];
  }

  heights(low, high, at, kind) {
    if (low === null || low === undefined) return [0, 1];
    if (at === 0) {
      const lines = this.thresholds.map((one) => one.value).filter((value) => typeof value === "number");
      const reach = (high - low || Math.abs(high) || 1) * 1.5;
      for (const value of lines) if (value > low - reach && value < high + reach) { low = Math.min(low, value); high = Math.max(high, value); }
    }
    if (kind === "bars" || this.hasAttribute("stacked")) low = Math.min(low, 0);
    const pad = (high - low) * 0.08 || Math.abs(high) * 0.1 || 1;
    return [low === 0 ? 0 : low - pad, high + pad];
  }

  lonely(u, index) {
    const column = u.data[index];
    const known = column.reduce((sum, value) => sum + (value !== null && value !== undefined), 0);
    return known > 0 && known <= 2;
  }

  drawThresholds(u) {
    const { ctx } = u;
    const { left, top, width, height } = u.bbox;
    ctx.save();
    ctx.beginPath();
    ctx.rect(left, top, width, height);
    ctx.clip();
    for (const line of this.thresholds) {
      const y = u.valToPos(line.value, "y0", true);
      const hue = colour(line.color || TONES[line.tone] || "--bad", this);
      ctx.strokeStyle = hue;
      ctx.lineWidth = devicePixelRatio;
      ctx.setLineDash([5 * devicePixelRatio, 4 * devicePixelRatio]);
      ctx.beginPath();
      ctx.moveTo(left, y);
      ctx.lineTo(left + width, y);
      ctx.stroke();
      if (line.label) {
        ctx.fillStyle = hue;
        ctx.font = `${11 * devicePixelRatio}px Inter, system-ui, sans-serif`;
        ctx.textAlign = "right";
        ctx.textBaseline = "bottom";
        ctx.fillText(line.label, left + width - 4 * devicePixelRatio, y - 3 * devicePixelRatio);
      }
    }
    ctx.restore();
  }

  placeNotes() {
    const u = this.chart;
    if (!u) return;
    u.over.querySelectorAll(".note-mark").forEach((mark) => mark.remove());
    let [last, level] = [-Infinity, 0];
    for (const one of [...(this.annotations || [])].sort((a, b) => seconds(a.time) - seconds(b.time))) {
      const at = u.valToPos(seconds(one.time), "x");
      if (!(at >= 0 && at <= u.over.clientWidth)) continue;
      [last, level] = at - last < 12 ? [last, level + 1] : [at, 0]; // above those at the same place
      const text = `${one.label || "Note"} · ${this.stamp(seconds(one.time))}`;
      const mark = h(one.href ? "a" : "button", { class: `note-mark ${one.tone || "info"}`, href: one.href, type: one.href ? null : "button", title: text, "aria-label": text });
      mark.style.left = `${at}px`;
      mark.style.bottom = `${(level % 8) * 14 - 5}px`;
      u.over.append(mark);
    }
  }

  // ── reading values ──
  stamp(at) { return format(this.getAttribute("zone") || zone(), { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" }).format(at * 1000); }

  number(value, one = null) {
    if (value === null || value === undefined) return "—";
    const decimals = one && this.decimals[one.field ?? one.label];
    if (Number.isInteger(decimals)) return value.toLocaleString(document.documentElement.lang, { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
    return value.toLocaleString(document.documentElement.lang, { maximumSignificantDigits: Math.abs(value) >= 1000 ? 7 : 5 });
  }

  unitOf(one) { const unit = one.unit ?? this.getAttribute("unit"); return unit ? ` ${unit}` : ""; }

  hover(u) {
    const { idx, left, top } = u.cursor;
    const mine = u.over.matches(":hover");
    const inside = idx !== null && idx !== undefined && left >= 0;
    this.legend.querySelectorAll("b").forEach((cell, at) => { cell.textContent = inside ? this.number(nearest(this.raw[at], idx), this.series[at]) : this.number(lastKnown(this.raw[at]), this.series[at]); });
    if (!inside || !mine) { this.tip?.remove(); this.tip = null; return; }
    if (!this.tip) { this.tip = h("div", { class: "chart-tip" }); this.plot.append(this.tip); }
    const rows = this.series.map((one, at) => ({ one, at, value: nearest(this.raw[at], idx) })).filter(({ one, value }) => !this.off.has(one.label) && value !== null && value !== undefined).slice(0, 12);
    this.tip.replaceChildren(h("span", { class: "tip-time" }, this.stamp(u.data[0][idx])), rows.length ? "" : h("div", {}, "no reading"), ...rows.map(({ one, at, value }) => h("div", {}, this.swatch(at), one.label, h("b", {}, this.number(value, one) + this.unitOf(one)))));
    const box = this.tip.getBoundingClientRect();
    const x = u.over.offsetLeft + left;
    this.tip.style.left = `${x + 14 + box.width > this.plot.clientWidth ? Math.max(0, x - box.width - 14) : x + 14}px`;
    this.tip.style.top = `${Math.max(0, Math.min(top, this.tall - box.height - 30))}px`;
  }

  swatch(at) {
    const dash = this.series.length > 4 ? DASHES[at % 8].join(" ") : "";
    const line = svg("line", { x1: 0, x2: 14, y1: 5, y2: 5, "stroke-width": 2.5 });
    line.style.stroke = this.colours[at];
    if (dash) line.setAttribute("stroke-dasharray", dash);
    return svg("svg", { viewBox: "0 0 14 10", "aria-hidden": "true" }, line);
  }

  drawLegend() {
    this.legend.replaceChildren(...this.series.map((one, at) => h("button", { type: "button", "aria-pressed": String(!this.off.has(one.label)), title: "Show only this; with Shift: show or hide", onclick: (event) => this.isolate(one.label, event.shiftKey),
      onpointerenter: () => this.chart?.setSeries(at + 1, { focus: true }), onpointerleave: () => this.chart?.setSeries(null, { focus: false }) },
    this.swatch(at), h("span", { dir: "auto" }, one.label), h("b", {}, this.number(lastKnown(this.raw[at]), one)), h("span", { class: "muted" }, this.unitOf(one).trim()))));
    this.legend.hidden = !this.series.length;
  }

  isolate(label, toggle) {
    const others = this.series.map((one) => one.label).filter((one) => one !== label);
    if (toggle) { if (!this.off.delete(label)) this.off.add(label); }
    else if (others.length && others.every((one) => this.off.has(one)) && !this.off.has(label)) this.off.clear();
    else this.off = new Set(others);
    this.draw();
    [...this.legend.children].find((button) => button.textContent.includes(label))?.focus();
  }

  // ── range ──
  zoom(u) {
    const { left, width } = u.select;
    if (width < 6 || !this.pressed) return; // the other charts show the same selection, and are told of the range
    this.pressed = false;
    const [from, to] = [left, left + width].map((x) => new Date(Math.round(u.posToVal(x, "x")) * 1000).toISOString().replace(".000Z", "Z"));
    u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    const url = new URL(location.href);
    for (const name of ["range", "live", "cursor"]) url.searchParams.delete(name);
    url.searchParams.set("from", from);
    url.searchParams.set("to", to);
    if (!history.state?.zoomed) addEventListener("popstate", () => location.reload(), { once: true });
    history.pushState({ zoomed: true }, "", url);
    document.dispatchEvent(new CustomEvent("ps:range", { detail: { from, to } }));
    showRange(url);
  }

  resize() {
    const width = this.plot.clientWidth;
    if (this.chart && width && Math.abs(width - this.chart.width) > 1) this.chart.setSize({ width, height: this.tall });
  }

  // ── live ──
  append_(reading) {
    if (!this.hasAttribute("live") || !this.series) return;
    const at = Date.parse(reading.time) / 1000;
    let changed = false;
    for (const one of this.series) {
      if (reading.device_id !== (one.device ?? this.getAttribute("device"))) continue;
      const value = reading.data?.[one.field ?? one.label];
      if (typeof value !== "number" && typeof value !== "boolean") continue;
      const newest = one.points.at(-1)?.[0] ?? 0;
      if (at <= seconds(newest)) continue;
      one.points.push([at, Number(value)]);
      if (one.points.length > 20_000) one.points.shift();
      changed = true;
    }
    if (!changed) return;
    if (this.span?.[1]) { const shift = Math.max(0, at - this.span[1]); this.span = this.span.map((time) => time + shift); }
    if (!this.chart) { this.draw(); return; }
    this.say("");
    this.chart.setData(this.data());
    this.drawLegend();
    this.placeNotes();
  }

  // ── files ──
  addMenu() {
    const body = h("div", { class: "menu-body" },
      h("button", { type: "button", class: "menu-item", onclick: () => this.savePng() }, icon("image"), "Save as PNG"),
      h("button", { type: "button", class: "menu-item", onclick: () => this.saveCsv() }, icon("download"), "Save as CSV"),
      h("button", { type: "button", class: "menu-item", onclick: () => this.showTable() }, icon("list"), "Show as table"),
      this.getAttribute("call") || this.getAttribute("src")?.startsWith("/console/api/") ? h("button", { type: "button", class: "menu-item", onclick: () => copyText(this.curl()) }, icon("code"), "Copy as curl") : null);
    this.tools = h("details", { class: "menu chart-menu-box" }, h("summary", { class: "btn s ghost icon-only", "aria-label": "Chart: save, table", title: "Save, table" }, icon("download")), body);
    const place = this.closest("figure")?.querySelector(".chart-tools");
    if (place) place.append(this.tools);
    else { this.tools.classList.add("chart-menu", "inside"); this.append(this.tools); }
  }

  curl() {
    return this.getAttribute("call") || `curl -H "Authorization: Bearer $PENSTOCK_KEY" "${location.origin}${this.getAttribute("src").replace("/console/api/", "/api/")}"`;
  }

  get fileName() { return (this.getAttribute("label") || this.id || "chart").replace(/[^\p{L}\p{N}]+/gu, "-").slice(0, 60); }

  savePng() {
    if (!this.chart) return;
    const from = this.chart.ctx.canvas;
    const canvas = h("canvas", { width: from.width, height: from.height + 44 * devicePixelRatio });
    const ctx = canvas.getContext("2d");
    ctx.fillStyle = colour("--surface", this);
    ctx.fillRect(0, 0, canvas.width, canvas.height);
    ctx.drawImage(from, 0, 24 * devicePixelRatio);
    ctx.scale(devicePixelRatio, devicePixelRatio);
    ctx.fillStyle = colour("--text", this);
    ctx.font = "600 13px Inter, system-ui, sans-serif";
    ctx.fillText(`${this.getAttribute("label") || ""} ${this.getAttribute("unit") || ""}`.trim(), 10, 17);
    ctx.font = "11px Inter, system-ui, sans-serif";
    let x = 10;
    this.series.forEach((one, at) => {
      if (this.off.has(one.label)) return;
      ctx.fillStyle = this.colours[at];
      ctx.fillRect(x, canvas.height / devicePixelRatio - 12, 12, 3);
      ctx.fillStyle = colour("--text", this);
      ctx.fillText(one.label, x + 17, canvas.height / devicePixelRatio - 7);
      x += 30 + ctx.measureText(one.label).width;
    });
    canvas.toBlob((blob) => download(`${this.fileName}.png`, blob));
  }

  rows() {
    const [stamps, ...columns] = [this.data()[0], ...this.raw];
    return stamps.map((stamp, row) => [new Date(stamp * 1000).toISOString(), ...columns.map((column) => column[row] ?? "")]).filter((row) => row.slice(1).some((cell) => cell !== ""));
  }

  saveCsv() {
    if (!this.series) return;
    const quoted = (cell) => { const text = String(cell); const safe = /^[=+\-@\t\r]/.test(text) && Number.isNaN(Number(text)) ? `'${text}` : text; return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe; };
    const head = ["time", ...this.series.map((one) => one.label + (this.unitOf(one) ? ` (${this.unitOf(one).trim()})` : ""))];
    download(`${this.fileName}.csv`, new Blob([[head, ...this.rows()].map((row) => row.map(quoted).join(",")).join("\r\n"), "\r\n"], { type: "text/csv" }));
  }

  showTable() {
    if (this.sheet) { this.sheet.remove(); this.sheet = null; return; }
    const rows = this.rows().slice(-1000).reverse();
    this.sheet = h("div", { class: "chart-data", tabindex: 0, role: "region", "aria-label": "Values" }, h("table", { class: "table small" }, h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Time"), this.series.map((one) => h("th", { scope: "col", class: "right" }, one.label)))),
      h("tbody", {}, rows.map(([time, ...cells]) => h("tr", {}, h("td", {}, this.stamp(Date.parse(time) / 1000)), cells.map((cell, at) => h("td", { class: "right" }, cell === "" ? "—" : this.number(cell, this.series[at]))))))));
    this.append(this.sheet);
    this.sheet.focus();
  }
}

/** The times of all series, ascending and each once, and the values of each series at them; undefined where a series has none. */
function aligned(series) {
  const times = series.map((points) => points.map((point) => seconds(point[0])));
  const [first = []] = times;
  // Nearly always: one series, or several of the same times. A map of ten thousand times costs more than drawing them.
  if (first.every((time, at) => !at || time > first[at - 1]) && times.every((one) => one.length === first.length && one.every((time, at) => time === first[at]))) return [first, series.map((points) => points.map((point) => point[1]))];
  const stamps = [...new Set(times.flat())].sort((a, b) => a - b);
  const index = new Map(stamps.map((stamp, at) => [stamp, at]));
  const columns = series.map((points, of) => {
    const column = new Array(stamps.length).fill(undefined);
    points.forEach((point, at) => { column[index.get(times[of][at])] = point[1]; });
    return column;
  });
  return [stamps, columns];
}

const bounded = (values) => (values.length > 50_000 ? values.slice(-50_000) : values);
function lastKnown(column) { for (let at = column.length - 1; at >= 0; at--) if (column[at] !== null && column[at] !== undefined) return column[at]; return null; }
function nearest(column, index) {
  if (column[index] !== undefined) return column[index];
  for (let by = 1; by < 4; by++) for (const at of [index - by, index + by]) if (column[at] !== undefined && column[at] !== null) return column[at];
  return null;
}
function alpha(hue, share) { return `color-mix(in oklab, ${hue} ${share * 100}%, transparent)`; }
function compact(value) {
  const size = Math.abs(value);
  if (size >= 10_000) return Intl.NumberFormat(document.documentElement.lang, { notation: "compact", maximumFractionDigits: 2 }).format(value);
  return String(Math.round(value * 1e6) / 1e6);
}
const pad = (value) => String(value).padStart(2, "0");
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
/** Labels of the time axis: the day where a day begins, else the time. */
function axisTimes(splits, step, dateOf) {
  let day = null;
  return splits.map((split) => {
    const date = dateOf(split);
    const today = `${date.getDate()} ${MONTHS[date.getMonth()]}`;
    const midnight = !date.getHours() && !date.getMinutes() && !date.getSeconds();
    if (step >= 86400 * 28) return `${MONTHS[date.getMonth()]} ${date.getFullYear()}`;
    if (step >= 86400) return today;
    const time = `${pad(date.getHours())}:${pad(date.getMinutes())}${step < 60 ? `:${pad(date.getSeconds())}` : ""}`;
    const changed = day !== null && day !== today;
    day = today;
    return midnight || changed ? today : time;
  });
}
/** A bucket of about 300 points. */
function bucketFor(span) {
  const [name] = [["10s", 10], ["1m", 60], ["5m", 300], ["15m", 900], ["1h", 3600], ["6h", 21600]].find(([, size]) => span / size <= 400) || ["1d", 86400];
  return name;
}
/** The picker says that the range was drawn by hand. */
function showRange(url) {
  for (const box of document.querySelectorAll("[data-range]")) {
    box.querySelectorAll(".segments > a[aria-current]").forEach((link) => link.removeAttribute("aria-current"));
    box.querySelector(".range-custom summary")?.setAttribute("aria-current", "true");
    for (const name of ["from", "to"]) {
      const input = box.querySelector(`input[name="${name}"]`);
      if (input) { input.dataset.utc = url.searchParams.get(name); }
    }
    globalThis.penstock?.upgrade(box);
    if (box.querySelector("[data-range-reset]")) continue;
    const back = new URL(url);
    back.searchParams.delete("from");
    back.searchParams.delete("to");
    box.querySelector(".segments").after(h("a", { class: "btn s ghost", href: back.pathname + back.search, "data-range-reset": true }, icon("zoom-out"), "Reset"));
  }
}

customElements.define("ps-chart", Chart);
