// Before the first paint: the folded navigation, and the browser's time zone for the server.
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  try {
    if (localStorage.getItem("penstock.nav") === "slim") root.dataset.nav = "slim";
  } catch { /* storage is off */ }
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
  if (/^[\w+\-/]+$/.test(zone) && !document.cookie.split("; ").includes(`penstock_zone=${zone}`)) {
    document.cookie = `penstock_zone=${zone}; Path=/console; Max-Age=31536000; SameSite=Lax${location.protocol === "https:" ? "; Secure" : ""}`;
  }
})();
