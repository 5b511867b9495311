// Small help for making elements. Text is always text: nothing here reads HTML, except icons that the server put on the page.

/** h("div", {class: "x", onclick: f, "aria-label": "…"}, "text", child, …); null children and attributes are left out. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** The same for drawings. */
export function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

export function icon(name) {
  const found = document.getElementById("icons")?.content.querySelector(`[data-icon="${name}"] svg`);
  return found ? found.cloneNode(true) : document.createTextNode("");
}

const loaded = new Map();
const base = new URL(".", import.meta.url);

/** A library of vendor/ and its style sheet, once. */
export function vendor(script, sheet) {
  const key = script + (sheet || "");
  if (!loaded.has(key)) {
    loaded.set(key, Promise.all([
      new Promise((resolve, reject) => document.head.append(h("script", { src: new URL(`vendor/${script}`, base), onload: resolve, onerror: () => reject(new Error(`${script} could not be loaded.`)) }))),
      sheet && new Promise((resolve) => document.head.prepend(h("link", { rel: "stylesheet", href: new URL(`vendor/${sheet}`, base), onload: resolve, onerror: resolve }))),
    ]));
  }
  return loaded.get(key);
}

/** What a custom property or colour of the style sheet is here, as a colour that a canvas understands. */
export function colour(name, element = document.body) {
  const probe = element.appendChild(h("i", { hidden: true }));
  probe.style.color = name.startsWith("--") ? `var(${name})` : name;
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}

export function download(name, blob) {
  const link = h("a", { href: URL.createObjectURL(blob), download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

export const store = {
  get(key, otherwise = null) {
    try { return JSON.parse(localStorage.getItem(`penstock.${key}`)) ?? otherwise; } catch { return otherwise; }
  },
  set(key, value) {
    try { localStorage.setItem(`penstock.${key}`, JSON.stringify(value)); } catch { /* storage is off or full */ }
  },
};

/** A message at the edge of the page. undo: {label, run}. */
export function toast(text, { tone = "plain", undo = null, seconds = 6 } = {}) {
  const box = document.getElementById("toasts");
  if (!box) return;
  const close = () => item.remove();
  const mark = { good: "circle-check", bad: "circle-x", warn: "triangle-alert" }[tone] || "info";
  const item = h("div", { class: `toast ${tone}` }, icon(mark), h("span", { dir: "auto" }, text),
    undo && h("button", { type: "button", class: "btn s", onclick: () => { close(); undo.run(); } }, undo.label || "Undo"),
    h("button", { type: "button", class: "btn ghost icon-only s", "aria-label": "Dismiss", onclick: close }, icon("x")));
  box.append(item);
  fadeOut(item, tone === "bad" ? seconds * 3 : seconds);
}

/** Removes a toast later, but not while the pointer or the focus is on it. */
export function fadeOut(item, seconds = 6) {
  const end = () => (item.matches(":hover, :focus-within") ? setTimeout(end, 2000) : item.remove());
  setTimeout(end, seconds * 1000);
}

export async function copyText(text, button) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = h("textarea", { class: "sr", "aria-hidden": "true" });
    area.value = text;
    (button?.closest("dialog") || document.body).append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  if (!button) return toast("Copied", { tone: "good", seconds: 2 });
  const drawing = button.querySelector("svg");
  const done = icon("check");
  button.classList.add("copied");
  if (drawing && done.nodeType === 1) drawing.replaceWith(done);
  setTimeout(() => {
    button.classList.remove("copied");
    if (drawing && done.isConnected) done.replaceWith(drawing);
  }, 1400);
}

// ── scripts that are loaded when they are needed ──
const AGAIN_MS = 5000; // after that a script that did not come is asked for again
const TIMES = 60;
/**
 * Loads a script of this folder, such as "./live.js", and waits for it while the connection is lost. A script that is broken fails at
 * last. Browsers remember that an address failed, so each time it is another one.
 */
export async function patiently(script, time = 0) {
  try {
    return await import(time ? `${script}?${time}` : script);
  } catch (error) {
    if (time >= TIMES) throw error;
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    return patiently(script, time + 1);
  }
}
