// What happened to a device while a chart shows it: the bounds of its alerts as lines; raised alerts and sent commands as marks.
// <ps-chart device=… marks="alerts commands">: each word is a permission of the reader. The charts of a page share the calls.
import { api } from "./api.js";

const MOST = 100;
const asked = new Map();
const list = (path) => {
  if (!asked.has(path)) asked.set(path, api("GET", path).then((found) => found.data || [], () => []));
  return asked.get(path);
};
const tone = (severity) => (["critical", "high"].includes(severity) ? "bad" : severity === "info" ? "info" : "warn");

/** Bounds of alerts for the fields of a chart: a number, or both ends of a range. */
export function boundsOf(alerts, fields) {
  return alerts.filter((alert) => alert.enabled && alert.condition.type === "threshold" && fields.includes(alert.condition.field))
    .flatMap((alert) => [alert.condition.value].flat().filter((value) => typeof value === "number").map((value) => ({ value, label: alert.name, tone: tone(alert.severity) })));
}

/** Asks for the marks of a chart, and draws them. Does nothing if the chart has shown another range meanwhile. */
export async function mark(chart) {
  const device = chart.getAttribute("device");
  const kinds = chart.getAttribute("marks").split(" ");
  const { span } = chart;
  if (!device || !span?.[0]) return;
  const when = span.map((time) => time && new Date(Math.floor(time / 60) * 60_000 + (time === span[1] ? 60_000 : 0)).toISOString().replace(".000Z", "Z"));
  const where = `device_id=${encodeURIComponent(device)}&limit=${MOST}`;
  const within = `${where}&from=${when[0]}${when[1] ? `&to=${when[1]}` : ""}`;
  const [alerts, events, commands] = await Promise.all([
    kinds.includes("alerts") ? list(`v2/alerts?${where}`) : [],
    kinds.includes("alerts") ? list(`v2/alert-events?${within}`) : [],
    kinds.includes("commands") ? list(`v2/command-executions?${within}`) : [],
  ]);
  if (chart.span !== span || !chart.chart) return;
  const fields = chart.series.map((one) => one.field ?? one.label);
  const lines = boundsOf(alerts, fields);
  const notes = [
    ...events.map((one) => ({ time: one.raised_at, label: `Alert: ${one.name}`, tone: tone(one.severity), href: `/console/alerts/events/${one.id}` })),
    ...commands.map((one) => ({ time: one.created_at, label: `Command: ${one.name}, ${one.status.toLowerCase()}`, tone: "info", href: `/console/devices/${device}/commands` })),
  ];
  if (!lines.length && !notes.length) return;
  chart.thresholds = [...chart.thresholds, ...lines];
  chart.annotations = [...chart.annotations, ...notes];
  chart.draw();
}
