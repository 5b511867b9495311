// The bell: how much long work goes on, and a word when some of it ends. The list is the part #work of the page /console/work.
import { store, toast } from "./dom.js";

const PAGE = "/console/work";
const [SOON, LATER, QUIET] = [2_000, 10_000, 60_000]; // ms between looks: while the list is open, while something goes on, else
const KEPT = "work";
const menu = document.querySelector("[data-bell]");
const count = menu.querySelector("[data-bell-count]");
const list = menu.querySelector("[data-bell-list]");
let timer = null;
let asking = false;

function badge(going) {
  count.hidden = !going;
  count.textContent = going;
  menu.querySelector("summary").title = going ? `Long work: ${going} going on` : "Long work";
}

async function look() {
  clearTimeout(timer);
  if (asking) return;
  asking = true;
  try {
    const answer = await fetch(PAGE, { headers: { Accept: "text/html" }, redirect: "manual" });
    const found = answer.ok && new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("work");
    if (found) show(document.importNode(found, true));
  } catch { /* the server cannot be reached, or the session has ended: the page says so where it matters */ }
  asking = false;
  again();
}

function show(part) {
  const before = store.get(KEPT, {}).names || {};
  const names = {};
  for (const item of part.querySelectorAll("[data-work]")) {
    const { work, state, title } = item.dataset;
    if (["queued", "running"].includes(state)) names[work] = title;
    else if (before[work]) toast(`${title}: ${state}`, { tone: ["done", "complete"].includes(state) ? "good" : "warn" });
  }
  part.removeAttribute("id"); // the page itself may have one
  list.replaceChildren(...part.childNodes);
  badge(Object.keys(names).length);
  store.set(KEPT, { at: Date.now(), names });
}

function wait() {
  if (menu.open) return SOON;
  return Object.keys(store.get(KEPT, {}).names || {}).length ? LATER : QUIET;
}
function again() {
  clearTimeout(timer);
  const due = (store.get(KEPT, {}).at || 0) + wait() - Date.now();
  timer = setTimeout(() => (document.hidden ? again() : look()), Math.max(due, SOON));
}

menu.addEventListener("toggle", () => { if (menu.open) look(); });
// What was just sent may be the beginning of something.
document.addEventListener("submit", () => store.set(KEPT, { ...store.get(KEPT, {}), at: 0 }), true);
document.addEventListener("visibilitychange", () => { if (!document.hidden) again(); });
badge(Object.keys(store.get(KEPT, {}).names || {}).length);
if (Date.now() - (store.get(KEPT, {}).at || 0) > wait()) look(); else again();
