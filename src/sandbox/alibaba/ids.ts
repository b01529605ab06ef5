import { createHash } from "node:crypto";
import { regionFacts } from "./regions.ts";

/** Every kind of resource that carries an id of its own. */
export type IdKind =
  | "vpc"
  | "vsw"
  | "nacl"
  | "nae"
  | "vrt"
  | "vtb"
  | "rte"
  | "ri"
  | "pcc"
  | "sg"
  | "sgr"
  | "i"
  | "eni"
  | "c"
  | "t";

/** Ids that are new each time and the same on every run: they are counted, not random. */
export interface Ids {
  next(kind: IdKind, regionId: string): string;
  /** An upper-case UUID, as the API prints its RequestId. */
  requestId(): string;
}

/** Characters after the hyphen, counted in ids printed in the public documentation. */
const BODY_LENGTH: Record<IdKind, number> = {
  vpc: 21,
  vsw: 21,
  nacl: 21,
  nae: 21,
  vrt: 21,
  vtb: 21,
  rte: 21,
  ri: 21,
  pcc: 18,
  sg: 20,
  sgr: 20,
  i: 20,
  eni: 20,
  c: 18,
  t: 18,
};

/** Ids counted from 1; two simulations with the same seed text give out the same ids. */
export function createIds(seed: string): Ids {
  let count = 0;
  function digest(purpose: string): string {
    count += 1;
    return createHash("sha256").update(`${seed}/${purpose}/${count}`).digest("hex");
  }
  return {
    next: (kind, regionId) => shape({ kind, regionId, hexDigest: digest(kind), readable: "" }),
    requestId: () =>
      digest("request")
        .toUpperCase()
        .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, "$1-$2-$3-$4-$5"),
  };
}

/**
 * The id of a seeded resource: fixed, valid-looking, and its name can be read in it.
 *
 * Example: kind `vpc`, region `cn-qingdao`, name `orders-prod` → `vpc-m5eordersprod…`.
 */
export function seededId({ kind, regionId, name }: { kind: IdKind; regionId: string; name: string }): string {
  const hexDigest = createHash("sha256").update(`${kind}/${regionId}/${name}`).digest("hex");
  return shape({ kind, regionId, hexDigest, readable: name.replaceAll(/[^a-z0-9]/g, "").slice(0, 12) });
}

function shape(id: { kind: IdKind; regionId: string; hexDigest: string; readable: string }): string {
  // A peering connection is between regions: most printed ids name none.
  const prefix = id.kind === "pcc" ? "" : regionFacts(id.regionId).idPrefix;
  const body = `${prefix}${id.readable}${BigInt(`0x${id.hexDigest}`).toString(36)}`;
  return `${id.kind}-${body.slice(0, BODY_LENGTH[id.kind])}`;
}
