// Writes the outline of the world as compact GeoJSON to the standard output: one feature with the land, one with the borders between
// countries. Coordinates are degrees of WGS 84 with two decimals (about 1 km; the source is drawn for 1:110 million). The land is cut
// at 180 degrees east, where a flat map ends; draw it filled and without a stroke, so that the cut is not seen.
import { readFileSync } from "node:fs";
import { feature, mesh } from "topojson-client";

const topology = JSON.parse(readFileSync("node_modules/world-atlas/countries-110m.json", "utf-8"));

const rounded = (line) => line.map((point) => point.map((value) => Math.round(value * 100) / 100));

/** A ring whose longitudes run on past 180 degrees instead of jumping, and which includes the pole if it goes around it. */
function unrolled(ring) {
  let offset = 0;
  const points = ring.map(([x, y], index) => {
    const jump = index ? x - ring[index - 1][0] : 0;
    if (Math.abs(jump) > 180) offset -= Math.sign(jump) * 360;
    return [x + offset, y];
  });
  const [first, last] = [points[0], points.at(-1)];
  if (Math.abs(last[0] - first[0]) < 180) return points;
  const pole = Math.sign(first[1]) * 90;
  return [...points, [last[0], pole], [first[0], pole], first];
}

/** The part of a ring on one side of a meridian (Sutherland and Hodgman's way). */
function clipped(ring, meridian, side) {
  const isInside = ([x]) => (x - meridian) * side >= 0;
  const points = ring.slice(1).flatMap((to, index) => {
    const from = ring[index];
    if (isInside(from) && isInside(to)) return [to];
    const share = (meridian - from[0]) / (to[0] - from[0]);
    const crossing = [meridian, from[1] + share * (to[1] - from[1])];
    if (isInside(from)) return [crossing];
    return isInside(to) ? [crossing, to] : [];
  });
  return points.length < 3 ? [] : [...points, points[0]];
}

const moved = (ring, by) => ring.map(([x, y]) => [x + by, y]);
const onTheMap = (ring) => clipped(clipped(ring, -180, 1), 180, -1);

function cut([outer, ...holes]) {
  const whole = unrolled(outer);
  const west = Math.min(...whole.map(([x]) => x));
  const inside = holes.map(unrolled).map((hole) => moved(hole, Math.ceil((west - hole[0][0]) / 360) * 360));
  const pieces = [-360, 0, 360].map((by) => [whole, ...inside].map((ring) => onTheMap(moved(ring, by))));
  return pieces.map((rings) => rings.map(rounded).filter((ring) => ring.length > 3)).filter((rings) => rings.length && !isFlat(rings[0]));
}

const isFlat = (ring) => new Set(ring.map(([x]) => x)).size === 1;

const { geometry } = feature(topology, topology.objects.land).features?.[0] ?? feature(topology, topology.objects.land);
const borders = mesh(topology, topology.objects.countries, (one, other) => one !== other);
const drawn = (kind, type, coordinates) => ({ type: "Feature", properties: { kind }, geometry: { type, coordinates } });
const features = [
  drawn("land", "MultiPolygon", geometry.coordinates.flatMap(cut)),
  drawn("borders", "MultiLineString", borders.coordinates.map(rounded)),
];
process.stdout.write(JSON.stringify({ type: "FeatureCollection", features }) + "\n");
