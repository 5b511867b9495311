// Moves the token in the fragment of a link into the form, and out of the address bar and the history.
const field = document.querySelector("input[name=token]");
const token = new URLSearchParams(location.hash.slice(1)).get("token");
if (field && token) {
  field.value = token;
  history.replaceState(null, "", location.pathname + location.search);
}
if (field && field.value && !field.hasAttribute("aria-invalid")) {
  const box = field.closest(".field");
  if (box) box.hidden = true;
}
