// Writes the outline of the world as compact GeoJSON to the standard output: one feature with the land, one with the borders between
// countries. Coordinates are degrees of WGS 84 with two decimals (about 1 km; the source is drawn for 1:110 million).
import { readFileSync } from "node:fs";
import { feature, mesh } from "topojson-client";

const topology = JSON.parse(readFileSync("node_modules/world-atlas/countries-110m.json", "utf-8"));
const rounded = (value) => (Array.isArray(value) ? value.map(rounded) : Math.round(value * 100) / 100);
const drawn = (kind, geometry) => ({
  type: "Feature",
  properties: { kind },
  geometry: { type: geometry.type, coordinates: rounded(geometry.coordinates) },
});
const land = feature(topology, topology.objects.land);
const features = (land.features ?? [land]).map((one) => drawn("land", one.geometry));
features.push(drawn("borders", mesh(topology, topology.objects.countries, (one, other) => one !== other)));
process.stdout.write(JSON.stringify({ type: "FeatureCollection", features }) + "\n");
