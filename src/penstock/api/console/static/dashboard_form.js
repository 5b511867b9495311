// The dialog in which a widget is set up: a form for its type, and beside it what it will look like.
import { api } from "./api.js";
import { h, icon } from "./dom.js";
import "./picker.js";
import { draw, STILL, TYPES } from "./dashboard_widgets.js";

const FUNCTIONS = ["avg", "min", "max", "sum", "count", "first", "last"];
const COLOURS = ["", "#2f6fd0", "#d9822b", "#2b9a66", "#8e4ec6", "#d13438"];
let names = 0;

/** Let a person set up a widget. Returns {body, image}, or null if they did not want to. */
export function edited(board, widget) {
  const { type } = widget;
  const options = structuredClone(widget.options || {});
  const [label, , hint] = TYPES[type];
  return new Promise((resolve) => {
    const title = input({ value: widget.title, maxlength: 200, placeholder: "named by what it shows" });
    const parts = FORMS[type](options, board, () => later());
    const errors = h("div", { class: "callout bad", role: "alert", hidden: true });
    const look = h("div", { class: `widget-body of-${type}` });
    const preview = h("article", { class: `widget is-${type} widget-preview`, "aria-label": "Preview" }, look);
    const form = h("form", { class: "form widget-form" }, errors, field("Title", title), parts.element, h("div", { class: "form-actions" }, h("button", { class: "btn primary" }, widget.id ? "Save" : "Add the widget"), h("button", { type: "button", class: "btn ghost", onclick: () => dialog.close() }, "Cancel")));
    const dialog = h("dialog", { class: "dialog wide widget-dialog", "aria-label": `${label}: ${hint}` }, h("header", { class: "dialog-head" }, h("h2", {}, label), h("button", { type: "button", class: "btn ghost icon-only", "aria-label": "Close", onclick: () => dialog.close() }, icon("x"))),
      h("div", { class: "dialog-body widget-columns" }, form, h("div", { class: "widget-side" }, h("h3", { class: "muted" }, "Preview"), preview, h("p", { class: "help", role: "status" }))));
    const said = dialog.querySelector(".widget-side .help");
    let answer = null;
    let timer = 0;
    let turn = 0;
    const later = () => { clearTimeout(timer); timer = setTimeout(show, 400); };
    async function show() {
      const mine = ++turn;
      const shown = { type, title: title.value, options: parts.value(), image_at: widget.image_at, id: widget.id, preview: parts.image?.url };
      try {
        if (!shown.options) throw new Error(parts.hint || "Choose what it shows.");
        const { range, from, to, variables } = board;
        const body = { options: shown.options, dashboard_id: board.id, variables, ...(from && to ? { from, to } : range ? { range } : {}) };
        const data = STILL.has(type) ? null : await api("POST", "v2/widgets/preview", body);
        if (mine !== turn || !dialog.isConnected) return;
        shown.options = filled(type, shown.options);
        look.replaceChildren();
        draw(look, shown, data, { ...board, editing: true, live: false });
        parts.drawn?.(look);
        said.textContent = "";
      } catch (error) {
        if (mine !== turn) return;
        look.replaceChildren();
        said.textContent = (error.problem?.errors || []).map((one) => `${one.field.replace(/^options\./, "")} ${one.detail}`).join("; ") || error.message;
      }
    }
    form.addEventListener("input", later);
    form.addEventListener("change", later);
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const value = parts.value();
      errors.hidden = Boolean(value);
      if (!value) { errors.textContent = parts.hint || "Choose what the widget shows."; return; }
      if (!STILL.has(type)) {
        try {
          await api("POST", "v2/widgets/preview", { options: value, dashboard_id: board.id });
        } catch (error) {
          if (error.status === 422 || error.status === 400) { errors.hidden = false; errors.textContent = (error.problem.errors || []).map((one) => `${one.field.replace(/^options\./, "")} ${one.detail}`).join("; ") || error.message; return; }
        }
      }
      answer = { body: { title: title.value.trim(), options: value }, image: parts.image?.file || null };
      dialog.close();
    });
    dialog.addEventListener("close", () => { dialog.remove(); resolve(answer); });
    document.body.append(dialog);
    dialog.showModal();
    later();
  });
}

/** Options as the API returns them: with what was left out. */
function filled(type, options) {
  return { thresholds: [], style: "line", label: "", min: 0, max: 100, show: "latest", pins: [], alt: "", parameters: {}, confirm: true, ...options, type };
}

// ── parts of forms ──
function input(attributes = {}) {
  const { value, ...others } = attributes;
  const made = h("input", { type: "text", ...others });
  if (value !== undefined && value !== null) made.value = value;
  return made;
}
function select(options, value) {
  const made = h("select", {}, options.map((one) => { const [key, label] = Array.isArray(one) ? one : [one, one]; return h("option", { value: key }, label); }));
  if (value !== undefined && value !== null) made.value = value;
  return made;
}
function field(label, control, help) {
  control.id ||= `wf-${++names}`;
  return h("div", { class: "field" }, h("label", { for: control.id }, label), control, help ? h("p", { class: "help" }, help) : null);
}
const pair = (...children) => h("div", { class: "fields" }, children);
const number = (control) => (control.value.trim() === "" ? undefined : Number(control.value));
const words = (text) => text.split(",").map((one) => one.trim()).filter(Boolean);

/** Which devices: {element, value(), first()}. */
function source(given, board, changed, { single = false } = {}) {
  const before = given || {};
  const kinds = [["devices", single ? "One device" : "Chosen devices"], ["labels", "Devices with labels"], ...(board.names.length ? [["variable", "What the viewer chooses"]] : [])];
  const kind = select(kinds, before.variable ? "variable" : Object.keys(before.labels || {}).length ? "labels" : "devices");
  const ids = input({ id: `wf-${++names}`, value: [before.device_id, ...(before.device_ids || [])].filter(Boolean).join(",") });
  const devices = h("ps-picker", { kind: "devices", multiple: !single, within: board.project_id ? new URLSearchParams({ project_id: board.project_id }) : null }, ids);
  const chosen = () => words(ids.value);
  devices.addEventListener("change", changed);
  const labels = input({ placeholder: "site=north, floor=2", value: Object.entries(before.labels || {}).map(([key, value]) => `${key}=${value}`).join(", ") });
  const variable = select(board.names, before.variable);
  const boxes = { devices: h("div", { class: "field" }, h("label", { for: ids.id }, single ? "Device" : "Devices"), devices), labels: field("Labels", labels, "Key and value, separated by commas. A device must have all of them."), variable: field("Variable", variable) };
  const swap = () => { for (const [name, box] of Object.entries(boxes)) box.hidden = name !== kind.value; };
  kind.addEventListener("change", swap);
  swap();
  return {
    element: h("fieldset", { class: "fieldset" }, h("legend", {}, single ? "Device" : "Devices"), field("Which", kind), boxes.devices, boxes.labels, boxes.variable),
    first: () => (kind.value === "devices" ? chosen()[0] : undefined),
    value() {
      if (kind.value === "variable") return variable.value ? { variable: variable.value } : null;
      if (kind.value === "labels") {
        const found = Object.fromEntries(words(labels.value).map((one) => { const at = one.indexOf("="); return at < 0 ? [one, ""] : [one.slice(0, at).trim(), one.slice(at + 1).trim()]; }));
        return Object.keys(found).length ? { labels: found } : null;
      }
      const found = chosen();
      return found.length ? (found.length === 1 ? { device_id: found[0] } : { device_ids: found }) : null;
    },
  };
}

/** A field of readings, with those that a device has reported. */
function reading(value, from, { label = "Field", many = false } = {}) {
  const list = h("datalist", { id: `wf-${++names}` });
  const control = input({ value, list: list.id, required: true, placeholder: many ? "temperature, humidity" : "temperature", autocomplete: "off" });
  let known = null;
  const fill = async () => {
    const device = from();
    if (!device || device === known) return;
    known = device;
    const [sensors, latest] = await Promise.all([api("GET", `v2/devices/${device}/sensors?limit=100`).catch(() => null), api("GET", `v2/devices/${device}/telemetry/latest`).catch(() => null)]);
    const found = new Map((sensors?.data || []).map((one) => [one.key, one.name]));
    for (const key of Object.keys(latest?.data?.data || {})) if (!found.has(key)) found.set(key, key);
    list.replaceChildren(...[...found].map(([key, name]) => h("option", { value: key }, name === key ? "" : name)));
    if (!control.value && found.size) { control.value = found.keys().next().value; control.dispatchEvent(new Event("input", { bubbles: true })); }
  };
  control.addEventListener("focus", fill);
  const box = field(label, control, many ? "Separated by commas." : null);
  box.append(list);
  return { element: box, fill, value: () => (many ? words(control.value) : control.value.trim()) };
}

/** Rows that can be added and removed. make(item) returns {element, value()}. */
function rowsOf(legend, items, make, changed, label) {
  const made = new Set();
  const list = h("div", { class: "form-rows" });
  const add = (item) => {
    const one = make(item);
    const box = h("div", { class: "form-row" }, one.element, h("button", { type: "button", class: "btn ghost s icon-only", "aria-label": "Remove", onclick: () => { made.delete(one); box.remove(); changed(); } }, icon("x")));
    made.add(one);
    list.append(box);
    return one;
  };
  for (const item of items || []) add(item);
  return { add, element: h("fieldset", { class: "fieldset" }, h("legend", {}, legend), list, h("button", { type: "button", class: "btn s", onclick: () => { add(null); changed(); } }, icon("plus"), label)), value: () => [...made].map((one) => one.value()).filter(Boolean) };
}
function thresholds(items, changed) {
  return rowsOf("Thresholds", items, (item) => {
    const [at, label, color] = [input({ type: "number", step: "any", value: item?.value, "aria-label": "From", placeholder: "30" }), input({ value: item?.label, "aria-label": "Name", placeholder: "too warm", maxlength: 100 }), input({ type: "color", value: item?.color || "#d13438", "aria-label": "Colour" })];
    return { element: h("div", { class: "row-fields" }, at, label, color), value: () => (at.value === "" ? null : { value: Number(at.value), label: label.value.trim(), color: color.value }) };
  }, changed, "Add a threshold");
}
const kept = (object) => Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined && value !== ""));

function single(type) {
  return (options, board, changed) => {
    const from = source(options.source, board, () => { field_.fill(); changed(); }, { single: true });
    const field_ = reading(options.field, from.first);
    field_.fill();
    const label = input({ value: options.label, maxlength: 100, placeholder: "the sensor's name" });
    const unit = input({ value: options.unit, maxlength: 32, placeholder: "the sensor's" });
    const decimals = input({ type: "number", min: 0, max: 10, value: options.decimals });
    const [low, high] = [input({ type: "number", step: "any", value: options.min ?? 0 }), input({ type: "number", step: "any", value: options.max ?? 100 })];
    const levels = thresholds(options.thresholds, changed);
    return {
      element: h("div", { class: "stack" }, from.element, field_.element, pair(field("Label", label), field("Unit", unit)), type === "gauge" ? pair(field("Lowest", low), field("Highest", high)) : null, field("Decimals", decimals), levels.element),
      hint: "Choose a device and a field.",
      value: () => (from.value() && field_.value() ? kept({ type, source: from.value(), field: field_.value(), label: label.value.trim(), unit: unit.value.trim(), decimals: number(decimals), thresholds: levels.value(), ...(type === "gauge" ? { min: number(low), max: number(high) } : {}) }) : null),
    };
  };
}

const FORMS = {
  last_value: single("last_value"),
  gauge: single("gauge"),
  chart(options, board, changed) {
    const style = select([["line", "Lines"], ["area", "Areas"], ["bar", "Bars"]], options.style);
    const bucket = select([["auto", "by the range"], ["1m", "1 minute"], ["5m", "5 minutes"], ["15m", "15 minutes"], ["1h", "1 hour"], ["6h", "6 hours"], ["1d", "1 day"]], options.bucket || "auto");
    const lines = rowsOf("Lines", options.series?.length ? options.series : [null], (item) => {
      const from = source(item?.source, board, () => { field_.fill(); changed(); });
      const field_ = reading(item?.field, from.first);
      field_.fill();
      const how = select(FUNCTIONS, item?.function);
      const label = input({ value: item?.label, maxlength: 100, placeholder: "the device's name" });
      const color = select(COLOURS.map((one) => [one, one ? { "#2f6fd0": "blue", "#d9822b": "orange", "#2b9a66": "green", "#8e4ec6": "violet", "#d13438": "red" }[one] : "automatic"]), COLOURS.includes(item?.color) ? item.color : "");
      const axis = select([["left", "on the left"], ["right", "on the right"]], item?.axis);
      return { element: h("div", { class: "stack" }, from.element, pair(field_.element, field("Of each period", how)), pair(field("Label", label), field("Colour", color)), field("Axis", axis)),
        value: () => (from.value() && field_.value() ? kept({ source: from.value(), field: field_.value(), function: how.value, label: label.value.trim(), color: color.value || (item && !COLOURS.includes(item.color) ? item.color : ""), axis: axis.value }) : null) };
    }, changed, "Add a line");
    const levels = thresholds(options.thresholds, changed);
    return { element: h("div", { class: "stack" }, lines.element, pair(field("Drawn as", style), field("Periods", bucket)), levels.element), hint: "Choose devices and a field.", value: () => (lines.value().length ? { type: "chart", series: lines.value(), style: style.value, bucket: bucket.value, thresholds: levels.value() } : null) };
  },
  table(options, board, changed) {
    const from = source(options.source, board, () => { fields.fill(); changed(); });
    const fields = reading((options.fields || []).join(", "), from.first, { label: "Fields", many: true });
    fields.fill();
    const show = select([["latest", "The latest values of each device"], ["readings", "Readings, newest first"]], options.show);
    const rows = input({ type: "number", min: 1, max: 500, value: options.rows ?? 50 });
    return { element: h("div", { class: "stack" }, from.element, fields.element, pair(field("Rows are", show), field("At most", rows))), hint: "Choose devices and fields.", value: () => (from.value() && fields.value().length ? { type: "table", source: from.value(), fields: fields.value(), show: show.value, rows: number(rows) } : null) };
  },
  map(options, board, changed) {
    const from = source(options.source, board, changed);
    const value = input({ value: options.field, placeholder: "none" });
    return { element: h("div", { class: "stack" }, from.element, field("Field to show", value)), hint: "Choose devices.", value: () => (from.value() ? kept({ type: "map", source: from.value(), field: value.value.trim() }) : null) };
  },
  status_grid(options, board, changed) {
    const from = source(options.source, board, changed);
    return { element: from.element, hint: "Choose devices.", value: () => (from.value() ? { type: "status_grid", source: from.value() } : null) };
  },
  image(options, board, changed) {
    const file = h("input", { type: "file", accept: "image/png,image/jpeg,image/webp" });
    const alt = input({ value: options.alt, maxlength: 100, placeholder: "Ground floor" });
    const parts = { image: null, hint: "Choose an image." };
    const pins = rowsOf("Values on the image", options.pins, (item) => {
      const from = source(item?.source, board, () => { field_.fill(); changed(); }, { single: true });
      const field_ = reading(item?.field, from.first);
      field_.fill();
      const [x, y] = [input({ type: "number", min: 0, max: 100, step: "any", value: item?.x ?? 50 }), input({ type: "number", min: 0, max: 100, step: "any", value: item?.y ?? 50 })];
      const label = input({ value: item?.label, maxlength: 100 });
      return { element: h("div", { class: "stack" }, from.element, pair(field_.element, field("Label", label)), pair(field("From the left, %", x), field("From the top, %", y))), value: () => (from.value() && field_.value() ? { x: number(x) ?? 50, y: number(y) ?? 50, source: from.value(), field: field_.value(), label: label.value.trim() } : null) };
    }, changed, "Add a value");
    file.addEventListener("change", () => {
      const [one] = file.files;
      file.setCustomValidity(one && one.size > 1_048_576 ? "The image is larger than 1 MiB." : "");
      if (parts.image) URL.revokeObjectURL(parts.image.url);
      parts.image = one ? { file: one, url: URL.createObjectURL(one) } : null;
    });
    return Object.assign(parts, {
      element: h("div", { class: "stack" }, field("Image", file, "PNG, JPEG or WebP, at most 1 MiB."), field("What it shows", alt, "For those who cannot see it."), pins.element, h("p", { class: "help" }, "A click on the preview adds a value there.")),
      value: () => ({ type: "image", pins: pins.value(), alt: alt.value.trim() }),
      drawn(look) {
        look.querySelector(".image-frame")?.addEventListener("click", (event) => {
          const box = event.currentTarget.getBoundingClientRect();
          const share = (at, from, size) => Math.round(Math.min(Math.max((at - from) / size, 0), 1) * 1000) / 10;
          pins.add({ x: share(event.clientX, box.left, box.width), y: share(event.clientY, box.top, box.height) });
        });
      },
    });
  },
  text(options) {
    const text = h("textarea", { rows: 10, maxlength: 20_000, class: "mono", dir: "auto" });
    text.value = options.text || "";
    return { element: field("Text", text, "# heading, **bold**, *italic*, - list, [link](https://example.org), `code`"), hint: "Write something.", value: () => (text.value.trim() ? { type: "text", text: text.value } : null) };
  },
  command_button(options, board, changed) {
    const command = select([["", "Choose a device first"]]);
    const from = source(options.device_id ? { device_id: options.device_id } : null, { ...board, names: [] }, () => { fill(); changed(); }, { single: true });
    from.element.querySelector("select").closest(".field").hidden = true;
    const label = input({ value: options.label, maxlength: 100, placeholder: "the command's name" });
    const parameters = h("textarea", { rows: 3, class: "mono" });
    parameters.value = options.parameters && Object.keys(options.parameters).length ? JSON.stringify(options.parameters, null, 2) : "";
    const ask = h("input", { type: "checkbox" });
    ask.checked = options.confirm ?? true;
    async function fill() {
      const device = from.first();
      if (!device) return;
      try {
        const found = (await api("GET", `v2/devices/${device}/commands?limit=100`)).data;
        command.replaceChildren(...found.map((one) => h("option", { value: one.id }, one.name)), ...(found.length ? [] : [h("option", { value: "" }, "This device has no commands")]));
        if (options.command_id) command.value = options.command_id;
        changed();
      } catch (error) {
        command.replaceChildren(h("option", { value: "" }, error.message));
      }
    }
    fill();
    return {
      element: h("div", { class: "stack" }, from.element, field("Command", command), field("Label", label), field("Parameters", parameters, "JSON, such as {\"seconds\": 30}"), h("label", { class: "checkbox" }, ask, h("span", {}, "Ask before it is sent"))),
      hint: "Choose a device and a command. Parameters must be JSON.",
      value() {
        let values = {};
        try { values = parameters.value.trim() ? JSON.parse(parameters.value) : {}; } catch { return null; }
        return from.first() && command.value ? { type: "command_button", device_id: from.first(), command_id: command.value, parameters: values, label: label.value.trim() || command.selectedOptions[0].textContent.slice(0, 100), confirm: ask.checked } : null;
      },
    };
  },
};
