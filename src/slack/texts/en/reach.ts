/**
 * What a walk through the configuration found, in sentences: the fact first, then what to do and who.
 */
import type { Cause, Finding, Hop, Verdict } from "../../../../machines/network/reachability.ts";
import { bold, code, escaped, timeOfDay } from "../mrkdwn.ts";

/** One end as people asked for it. */
export interface AskedEnd {
  readonly ip: string;
  /** Of the instance there; empty when there is none. */
  readonly instanceName: string;
  readonly vpcName: string;
}

function endName({ ip, instanceName, vpcName }: AskedEnd): string {
  return `${code(ip)}${instanceName ? ` (${escaped(instanceName)})` : ""} in ${bold(vpcName)}`;
}

/** The whole answer to `why`. */
export function reachAnswer({
  verdict,
  ends,
  port,
  readAt,
}: {
  readonly verdict: Verdict;
  readonly ends: readonly [AskedEnd, AskedEnd];
  readonly port: number | null;
  readonly readAt: number;
}): string {
  const [from, to] = ends;
  const service = port === null ? "ping" : `TCP ${port}`;
  const lines = [`${bold(titleOf(verdict))} ${service}, ${endName(from)} → ${endName(to)}`];
  if (verdict.verdict !== "allowed") lines.push(stopLine(verdict.at, verdict.why));
  const passed = verdict.verdict === "allowed" ? verdict.hops : verdict.hops.slice(0, -1);
  const shown = passed.filter(({ hop }) => hop !== "instance").map((hop) => hopLine(hop));
  if (shown.length > 0) lines.push(`*Passed* ${shown.join(" · ")}`);
  lines.push(
    `By what the cloud's configuration said at ${timeOfDay(readAt)}; no packet was sent. Firewalls on the hosts are not seen.`,
  );
  return lines.join("\n");
}

const TITLES = { allowed: "Gets through.", dropped: "Does not get through.", unknown: "Cannot be told." } as const;

function titleOf({ verdict }: Verdict): string {
  return TITLES[verdict];
}

const WAYS = { there: "on the way there", back: "on the way back" } as const;

function stopLine(at: Hop, why: Cause): string {
  return `It ends ${WAYS[at.way]}, ${placeName(at)}: ${causeText(why)}`;
}

/** What the configuration says of a test that got no answer. */
export function findingText(finding: Finding): string {
  switch (finding.verdict) {
    case "dropped":
      return stopLine(finding.at, finding.why);
    case "unknown":
      return `Whether the configuration lets it through cannot be told: ${causeText(finding.why)}`;
    case "allowed":
      return "The cloud's configuration lets it through, so what stops it is on a host.";
  }
}

function placeName(hop: Hop): string {
  switch (hop.hop) {
    case "instance":
      return "at the instance";
    case "securityGroups":
      return `at the security groups of ${code(hop.instanceId)}`;
    case "networkAcl":
      return `at network ACL ${code(hop.networkAclId)}`;
    case "routeTable":
      return `at route table ${code(hop.routeTableId)}`;
    case "connection":
      return `at ${code(hop.id)}`;
  }
}

function hopLine(hop: Hop): string {
  const way = hop.way === "back" ? " (back)" : "";
  switch (hop.hop) {
    case "instance":
      return `${code(hop.ip)}${way}`;
    case "securityGroups":
      return `${hop.direction} of ${hop.securityGroupIds.map((id) => code(id)).join(", ")}${hop.ruleId ? ` by ${code(hop.ruleId)}` : ""}${way}`;
    case "networkAcl":
      return `${code(hop.networkAclId)}${way}`;
    case "routeTable":
      return `${code(hop.routeTableId)} ${escaped(hop.destination ?? "")}${way}`;
    case "connection":
      return `${code(hop.id)}${way}`;
  }
}

function causeText(why: Cause): string {
  switch (why.cause) {
    case "noRuleAccepts":
      if (why.isManaged)
        return `no rule lets it ${why.direction === "ingress" ? "in" : "out"}. A cloud service keeps the groups there; only its own settings can add a rule.`;
      return why.direction === "ingress"
        ? "no rule lets it in. A rule that accepts it must be added there; a peering request can open it."
        : "no rule lets it out. Enterprise groups need one for what leaves; a peering request can open it.";
    case "ruleDrops":
      return `rule ${code(why.ruleId)} of ${code(why.securityGroupId)} drops it (priority ${why.priority}). Whoever placed that rule must decide.`;
    case "aclDrops":
      return why.entryId
        ? `entry ${code(why.entryId)} drops it. Network ACLs look at each direction by itself; their owner must let both through.`
        : "no entry accepts it. Network ACLs look at each direction by itself; their owner must let both through.";
    case "noRoute":
      return `no entry leads to ${code(why.ip)}.`;
    case "routeElsewhere":
      return `the entry ${code(why.destination)} leads elsewhere, to ${escaped(why.nextHopType)} ${why.nextHopId ? code(why.nextHopId) : ""}.`;
    case "connectionDown":
      return `${code(why.id)} is ${escaped(why.status || "not there")}${why.businessStatus && why.businessStatus !== "Normal" ? `, ${escaped(why.businessStatus)}` : ""}. Its owner must look at it.`;
    case "noSuchInstance":
      return `there is no instance with the address ${code(why.ip)}. Check the address.`;
    case "notRunning":
      return `${code(why.instanceId)} is ${escaped(why.status)}. Start it.`;
    case "notRead":
      return unseenText(why);
  }
}

function unseenText({ what, id }: Extract<Cause, { cause: "notRead" }>): string {
  switch (what) {
    case "securityGroupRules":
      return `the rules of ${code(id)} could not be read. The operator can allow the bot \`ecs:DescribeSecurityGroupAttribute\`.`;
    case "prefixList":
      return `a rule speaks of prefix list ${code(id)}, and the bot does not see what is in it.`;
    case "networkAcl":
      return `network ACL ${code(id)} could not be read. The operator can allow the bot \`vpc:DescribeNetworkAcls\`.`;
    case "cloudService":
      return `no instance has the address ${code(id)}, but other services in that VPC may.`;
    case "vSwitch":
      return `no vSwitch holds ${code(id)}.`;
    case "routeTable":
      return `route table ${code(id)} could not be read.`;
  }
}

export const REQUEST_MISSING = "Request what is missing";
export const MISSING_HINT = "These two VPCs are not connected. A peering would connect them.";
export const LOOKING = "Reading both networks…";

export const WHY_HOW =
  "Name two private addresses, and a TCP port if it is not about ping: `/peer-vpcs why 192.168.1.10 172.16.1.10 5432`.";

export function noVpcHas(ip: string): string {
  return `No VPC that the bot sees has the address ${code(ip)}. Check it; if the VPC is new, try again in half a minute.`;
}

export function severalHave(ip: string, vpcs: ReadonlyArray<{ readonly id: string; readonly name: string }>): string {
  const how = vpcs.map(({ id, name }) => `${code(`${id}/${ip}`)}${name ? ` (${escaped(name)})` : ""}`).join(" or ");
  return `Several VPCs have the address ${code(ip)}. Say which one you mean: ${how}.`;
}

export function notAPort(word: string): string {
  return `${code(word)} is no TCP port. A port is a number from 1 to 65535.`;
}
