/**
 * Rules of one group and direction, as the reviewed plan shows them.
 */
import type { GroupBefore } from "../../../../machines/network/before.ts";
import type { Cidr } from "../../../../machines/network/cidr.ts";
import type { AboutSide, Plan } from "../../../../machines/network/plan.ts";
import { opposite } from "../../../../machines/network/side.ts";
import type { AuthorizeSecurityGroup, PlannedRule } from "../../../../machines/peering/effects.ts";
import type { PeeringId } from "../../../../machines/peering/record.ts";
import { bold, code, count, escaped, listed } from "../mrkdwn.ts";
import { blockLines } from "./address-blocks.ts";
import { portText } from "./names.ts";
import { regionName } from "./regions.ts";

/** `first` is any of `calls`, which are all about the same group and direction. */
export function ruleLines(
  { side, securityGroupId, direction }: AuthorizeSecurityGroup,
  calls: readonly AuthorizeSecurityGroup[],
  { about, before }: Plan,
  id: PeeringId,
): readonly string[] {
  const group = before?.groups.find(
    (candidate) => candidate.securityGroupId === securityGroupId && candidate.direction === direction,
  );
  const rules = calls.flatMap((call) => call.rules);
  const other = about[opposite(side)];
  const far = bold(other.vpcName || other.vpcId);
  const [api, way, asked] =
    direction === "ingress"
      ? ["AuthorizeSecurityGroup", "from", `the request opens this to ${far}`]
      : ["AuthorizeSecurityGroupEgress", "to", `the request opens ${far}, and this group lets nothing out by itself`];
  const why = rules.some(({ ownCidr }) => ownCidr !== undefined)
    ? "the test needs it, and no rule lets it through"
    : asked;
  const name = group?.name ? ` ${escaped(group.name, NAME_LENGTH_MAX)}` : "";
  const members = group ? `; ${count(group.hosts, "running server is", "running servers are")} in the group` : "";
  const arrows = arrowsOf(way, other);
  return [
    `*${api}* ${regionName(about[side].regionId)}, ${code(securityGroupId)}${name}`,
    ...(group ? changes(group, rules, arrows, id) : arrows(rules, null, OPEN)),
    `_Why_ ${why}${members}.`,
  ];
}

const NAME_LENGTH_MAX = 60;
const OPEN = "open";

function changes(
  { open }: GroupBefore,
  rules: readonly PlannedRule[],
  arrows: Arrows,
  id: PeeringId,
): readonly string[] {
  if (open === null) return arrows(rules, "its rules could not be read", OPEN);
  const known = new Set(open.flatMap(({ planned }) => planned));
  const closed = rules.filter((_, place) => !known.has(place));
  return [
    ...arrows(closed, "no rule of this group", OPEN),
    ...open.flatMap(({ ruleId, how, madeBy, planned }) => {
      const opened = planned.flatMap((place) => rules[place] ?? []);
      const after = how === "same" ? `stays as it is; ${whose(madeBy, id)}` : "stays, and open by a rule of ours too";
      return arrows(opened, `open by ${code(ruleId)}`, after);
    }),
  ];
}

function whose(madeBy: PeeringId | null, id: PeeringId): string {
  if (madeBy === id) return "it is ours and is taken over";
  return madeBy === null
    ? "it is not ours, so nothing here removes it"
    : `it is of ${code(madeBy)} and goes when that is removed`;
}

/** Lines like `ping and TCP 5432 from 192.168.0.0/16: no rule of this group → open`. */
type Arrows = (rules: readonly PlannedRule[], before: string | null, after: string) => readonly string[];

function arrowsOf(way: string, other: AboutSide): Arrows {
  return (rules, before, after) =>
    together(rules).flatMap(({ ports, peers }) =>
      blockLines(peers, other).map(
        (part) => `${listed(ports)} ${way} ${part}${before === null ? "" : `: ${before}`} → ${after}`,
      ),
    );
}

/** The plan opens every port to every block: ports that are open to the same blocks are said once. */
function together(
  rules: readonly PlannedRule[],
): ReadonlyArray<{ readonly ports: readonly string[]; readonly peers: readonly Cidr[] }> {
  const byPort = Map.groupBy(rules, ({ protocol, portRange, ownCidr }) =>
    ownCidr === undefined
      ? portText(protocol, portRange)
      : `${portText(protocol, portRange)} (for ${escaped(ownCidr)} alone)`,
  );
  const ports = [...byPort].map(([port, of]) => ({ port, peers: of.map(({ peerCidr }) => peerCidr) }));
  return [...Map.groupBy(ports, ({ peers }) => peers.join(" ")).values()].map((same) => ({
    ports: same.map(({ port }) => port),
    peers: same[0]?.peers ?? [],
  }));
}
