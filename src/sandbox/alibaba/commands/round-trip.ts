import { createHash } from "node:crypto";
import { regionFacts } from "../regions.ts";

const EARTH_RADIUS_KM = 6_371;
/** Two hosts of one region. */
const SAME_REGION_MS = 0.31;
/** Equipment at both ends of a connection between regions. */
const CROSS_REGION_BASE_MS = 1.6;
/** Fibre there and back, with the detours that cables take. */
const MS_PER_KM = 0.0195;
/** The slowest reply is this much over the fastest. */
const VARIATION = 0.12;

/**
 * How long the n-th reply takes between two regions, in ms: fixed for the pair, with a small spread that depends only
 * on `sequence`. cn-qingdao ↔ cn-beijing is about 12 ms.
 */
export function roundTripMs(trip: { readonly from: string; readonly to: string; readonly sequence: number }): number {
  const km = distanceKm(trip);
  const base = trip.from === trip.to ? SAME_REGION_MS : CROSS_REGION_BASE_MS + km * MS_PER_KM;
  const pair = [trip.from, trip.to].toSorted().join("/");
  const spread = createHash("sha256").update(`${pair}/${trip.sequence}`).digest().readUInt16BE(0) / 0xffff;
  return Math.round(base * (1 + spread * VARIATION) * 1_000) / 1_000;
}

function distanceKm(trip: { readonly from: string; readonly to: string }): number {
  const [from, to] = [regionFacts(trip.from), regionFacts(trip.to)];
  const cosine =
    Math.sin(radians(from.latitude)) * Math.sin(radians(to.latitude)) +
    Math.cos(radians(from.latitude)) *
      Math.cos(radians(to.latitude)) *
      Math.cos(radians(from.longitude - to.longitude));
  return EARTH_RADIUS_KM * Math.acos(Math.min(1, cosine));
}

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}
