// Checks the scopes of a new key by groups, and counts them.
const boxes = [...document.querySelectorAll("input[name=scopes]:not(:disabled)")];
const bar = document.querySelector("[data-scope-presets]");
const count = document.querySelector("[data-scope-count]");
const CHOSEN = { read: (name) => name.endsWith(":read"), all: () => true, none: () => false };
function show() {
  const chosen = boxes.filter((box) => box.checked).length;
  count.textContent = `${chosen} of ${boxes.length} chosen`;
}
if (bar) {
  bar.hidden = false;
  for (const button of bar.querySelectorAll("[data-scopes]")) {
    button.addEventListener("click", () => {
      for (const box of boxes) box.checked = CHOSEN[button.dataset.scopes](box.value);
      show();
    });
  }
  for (const box of boxes) box.addEventListener("change", show);
  show();
}
