// When the server cannot be reached, or fails: what was typed stays, and a part of a page that could not be loaded offers to try again.
import { h, icon, toast } from "./dom.js";

const UNREACHABLE = "The server cannot be reached. Check the connection and try again.";
const PATIENCE_MS = 5000; // then a form is sent all the same: the connection is slow, not lost

// ── forms: a browser that cannot send one leaves the page for one of its own. So it is asked first whether anybody is there ──
const asked = new WeakSet();
const ONCE_MS = 10000; // after that long without an answer, a form can be sent again: its sending may have been stopped
let begun = new WeakMap(); // by form, when its sending began: a second Enter or click must not send it twice
addEventListener("pageshow", () => (begun = new WeakMap()));
document.addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  const named = (name) => form.getAttribute(name)?.toLowerCase(); // a field may have the name of a property
  const byItself = named("method") === "post" && !named("target") && !form.matches("[hx-post], [hx-boost='true']") && !form.dataset.undo;
  if (event.defaultPrevented || !byItself || asked.delete(form)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (Date.now() - (begun.get(form) ?? -Infinity) < ONCE_MS) return;
  begun.set(form, Date.now());
  problem().then((text) => {
    if (text) {
      begun.delete(form);
      form.querySelectorAll(".btn.busy").forEach((button) => button.classList.remove("busy"));
      toast(`${text} Nothing was sent; what you typed is still here.`, { tone: "bad" });
      return;
    }
    asked.add(form);
    form.dataset.confirmed = "1"; // it was, or need not be
    form.requestSubmit(submitter?.isConnected ? submitter : undefined);
    delete form.dataset.confirmed;
    if (asked.delete(form)) begun.delete(form); // a field became wrong meanwhile
  });
});

/** Why the server would not take a form now; empty if it would. */
async function problem() {
  if (!navigator.onLine) return UNREACHABLE;
  try {
    const { status } = await fetch(document.querySelector("meta[name=static]").content, { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS) });
    return status >= 500 ? `The server answered with ${status}.` : "";
  } catch (error) {
    return error.name === "TimeoutError" ? "" : UNREACHABLE;
  }
}

// ── htmx: what was asked for did not come ──
for (const name of ["htmx:sendError", "htmx:responseError"]) {
  document.addEventListener(name, (event) => {
    const { xhr, target, requestConfig: config } = event.detail;
    const text = xhr?.status ? `The server answered with ${xhr.status}.` : UNREACHABLE;
    if (config?.verb === "get" && target?.id && target.isConnected && target.localName !== "tbody") offer(target, config, text);
    else toast(`${text} Nothing was changed on this page.`, { tone: "bad" });
  });
}

function offer(part, { elt, path }, text) {
  const again = () => {
    if (elt.matches("form") && elt.isConnected) elt.requestSubmit();
    else if (elt.matches("a, button") && elt.isConnected) elt.click();
    else globalThis.htmx.ajax("GET", path, { target: part, select: `#${CSS.escape(part.id)}`, swap: "outerHTML" });
  };
  part.querySelector("[data-failed]")?.remove();
  part.prepend(h("div", { class: "callout bad", role: "alert", "data-failed": "" }, h("span", { class: "callout-icon" }, icon("circle-x")),
    h("div", { class: "callout-text" }, h("strong", {}, "This part could not be loaded."), ` ${text}`),
    h("div", { class: "callout-actions" }, h("button", { type: "button", class: "btn s", onclick: again }, icon("refresh-cw"), "Try again"))));
}
