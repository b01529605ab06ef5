/**
 * Situations that networks are in, each with what the preflight must say of it: what stops and what is to be read.
 *
 * The labels come from the documents of Alibaba Cloud on routes, groups, network ACLs and quotas, not from the checks. A
 * label names a check; `@here` is the side that was changed, `@there` the other one. Every situation is on both sides and
 * with both kinds of connection, unless it says otherwise; a VPC peering connection is within one region.
 */
import { sizeFor } from "../../machines/connections/sizes.ts";
import { CONNECTION_IDS } from "../../machines/connections/types.ts";
import { isOneRegion } from "../../machines/network/facts.ts";
import type { ConnectionId } from "../../machines/network/request.ts";
import { opposite, SIDES, type Side } from "../../machines/network/side.ts";
import { ADDRESS_CASES } from "./preflight-corpus-addresses.ts";
import { GROUP_CASES } from "./preflight-corpus-groups.ts";
import { NEIGHBOUR_CASES } from "./preflight-corpus-neighbours.ts";
import { ROUTE_CASES } from "./preflight-corpus-routes.ts";
import { inRegion, type Case, type Setting } from "./preflight-changes.ts";
import { facts, requestRevision, RULES } from "./tutorial.ts";

export interface Situation extends Setting {
  readonly name: string;
  /** Labels as `check@side`, or `check` for what belongs to the pair; sorted. */
  readonly stops: readonly string[];
  readonly warns: readonly string[];
}

const CASES: readonly Case[] = [...ADDRESS_CASES, ...ROUTE_CASES, ...GROUP_CASES, ...NEIGHBOUR_CASES];

const single = CONNECTION_IDS.flatMap((connection) =>
  CASES.filter(({ by = connection }) => by === connection).flatMap((one) =>
    (one.on ?? SIDES).map((here) =>
      situation(`${connection}, ${here}: ${one.what}`, tutorialBy(connection), [{ one, here }]),
    ),
  ),
);

/** What is wrong on one side hides nothing that is wrong on the other. */
const COMBINED = [
  "an entry to a vSwitch there, over a VPN",
  "an entry to a part there that has no vSwitch yet",
  "a wider entry over a VPN",
  "a table that is full",
  "a drop of everything in a chosen group",
  "rules that could not be read",
  "a network ACL without entries",
  "a test instance that is stopped",
  "no instance to test with",
  "Terraform keeps the VPC",
];
const combined = COMBINED.flatMap((first, index) =>
  COMBINED.slice(index).map((second) => {
    const connection = CONNECTION_IDS[index % CONNECTION_IDS.length] ?? "router-interfaces";
    return situation(`${connection}: ${first}, and opposite it ${second}`, tutorialBy(connection), [
      { one: named(first), here: "initiator" },
      { one: named(second), here: "acceptor" },
    ]);
  }),
);

export const SITUATIONS: readonly Situation[] = [...single, ...combined];

function named(what: string): Case {
  const found = CASES.find((one) => one.what === what);
  if (!found) throw new Error(`no case is called ${what}`);
  return found;
}

function tutorialBy(connection: ConnectionId): Setting {
  const plain = { request: { ...requestRevision(), connection }, network: facts(), rules: RULES };
  return connection === "vpc-peer" ? inRegion(plain, "acceptor", "cn-qingdao") : plain;
}

function situation(
  name: string,
  plain: Setting,
  changes: ReadonlyArray<{ readonly one: Case; readonly here: Side }>,
): Situation {
  const changed = changes.reduce((setting, { one, here }) => one.change(setting, here), plain);
  const { connection, size } = changed.request;
  const fits = sizeFor(connection, isOneRegion(changed.network), size);
  const labels = (kind: "stops" | "warns") =>
    changes
      .flatMap(({ one, here }) => (one[kind] ?? []).map((label) => placed(label, here)))
      .toSorted((a, b) => a.localeCompare(b, "en"));
  // Sizes that cannot be had are kept where they are the point.
  const request = size === "Huge.1" ? changed.request : { ...changed.request, size: fits };
  return { ...changed, request, name, stops: labels("stops"), warns: labels("warns") };
}

function placed(label: string, here: Side): string {
  return label.replace("@here", `@${here}`).replace("@there", `@${opposite(here)}`);
}
