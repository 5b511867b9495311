// Times: how long ago, and between the viewer's zone and UTC.

export const zone = () => document.querySelector('meta[name="zone"]')?.content || "UTC";
const STEPS = [[60, "s", 1], [3600, "min", 60], [86400, "h", 3600], [Infinity, "d", 86400]];

/** A duration in its largest unit: `4 s`, `3 min`, `2 h`, `5 d`. */
export function duration(seconds) {
  const [, unit, size] = STEPS.find(([end]) => Math.abs(seconds) < end);
  return `${Math.round(seconds / size)} ${unit}`;
}

export function ago(seconds) {
  if (Math.abs(seconds) < 1) return "now";
  return seconds > 0 ? `${duration(seconds)} ago` : `in ${duration(-seconds)}`;
}

/** Minutes that a zone is ahead of UTC at a moment (ms). */
function offset(ms, name) {
  const parts = Object.fromEntries(format(name, { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" }, "en").formatToParts(ms).map((part) => [part.type, part.value]));
  return Math.round((Date.UTC(parts.year, parts.month - 1, parts.day, parts.hour, parts.minute, parts.second) - Math.floor(ms / 1000) * 1000) / 60000);
}

const formats = new Map();
export function format(name, options, locale = document.documentElement.lang || "en") {
  const key = JSON.stringify([name, options, locale]);
  if (!formats.has(key)) {
    let made;
    try {
      made = new Intl.DateTimeFormat(locale, { ...options, timeZone: name });
    } catch {
      made = new Intl.DateTimeFormat("en", { ...options, timeZone: "UTC" });
    }
    formats.set(key, made);
  }
  return formats.get(key);
}

/** `2026-03-01T12:00:00` in the zone, for a date-time field. */
export function local(ms, name = zone()) {
  return new Date(ms + offset(ms, name) * 60000).toISOString().slice(0, 19);
}

/** The moment (ms) of the text of a date-time field in the zone. In the hour that is left out in spring: the one after. */
export function fromLocal(text, name = zone()) {
  const wall = Date.parse(text.length === 16 ? `${text}:00Z` : `${text}Z`);
  const first = wall - offset(wall, name) * 60000;
  return wall - offset(first, name) * 60000;
}

export const exact = (ms, name = zone()) => format(name, { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23", timeZoneName: "short" }).format(ms);

/** What a time says on hover: in the zone, in UTC, and since the epoch. */
export const onHover = (ms) => `${exact(ms)} · ${new Date(Math.floor(ms / 1000) * 1000).toISOString().replace(".000Z", "Z")} · ${Math.floor(ms / 1000)}`;

export function refreshTimes(root = document) {
  const now = Date.now();
  for (const element of root.querySelectorAll("time[data-relative]")) {
    const text = ago((now - Date.parse(element.dateTime)) / 1000);
    if (element.textContent !== text) element.textContent = text;
  }
}
