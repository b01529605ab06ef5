/**
 * What else the two VPCs are part of: what joins them already, what joins them to others, and who looks after them.
 */
import type { Check } from "./checks.ts";
import { vpcOf, type NetworkFacts, type SideFacts, type Tag } from "./facts.ts";
import type { RequestRevision, RequestSide } from "./request.ts";
import { SAID_MAX } from "./rules.ts";
import { opposite, SIDES, type Side } from "./side.ts";

/**
 * Two routers take one pair of interfaces at most (`Forbidden.OnlyOneConnection`), two VPCs one peering connection, and
 * neither beside the other (`ResourceAlreadyExist.RouterInterface`), whatever its status and whoever made it.
 */
export function noExistingPair(facts: NetworkFacts): Check {
  const [existing = null] = SIDES.flatMap((side) => joining(side, facts));
  return { level: existing ? "stop" : "ok", check: "noExistingPair", existing };
}

/** What joins the two VPCs already, as `side` shows it. */
export function joining(side: Side, facts: NetworkFacts): ReadonlyArray<NonNullable<ExistingPair>> {
  const { routerInterfaces, vpcPeerConnections } = facts[side];
  const other = facts[opposite(side)];
  const found = [
    ...routerInterfaces.filter(({ oppositeRouterId }) => oppositeRouterId === other.vpc?.vRouterId),
    ...vpcPeerConnections.filter(({ vpcId, acceptingVpcId }) => [vpcId, acceptingVpcId].includes(other.vpcId)),
  ];
  return found.map(({ id, status, name }) => ({ side, id, status, name }));
}

type ExistingPair = Extract<Check, { check: "noExistingPair" }>["existing"];

/** From the third on, a hub is less work than a mesh: every pair needs its own connection, because none is transitive. */
export function fewConnections(side: Side, facts: NetworkFacts): Check {
  const { vpcId, routerInterfaces, vpcPeerConnections } = facts[side];
  const others = new Set([
    // Those to border routers lead to a data centre.
    ...routerInterfaces.map(({ oppositeRouterId }) => oppositeRouterId).filter((id) => id.startsWith("vrt-")),
    ...vpcPeerConnections.filter(isInUse).map((peer) => (peer.vpcId === vpcId ? peer.acceptingVpcId : peer.vpcId)),
  ]);
  return { level: others.size >= 2 ? "warn" : "ok", check: "fewConnections", side, vpcId, others: others.size };
}

/** Not refused, forgotten or gone: https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpcpeer-2022-01-01-getvpcpeerconnectionattribute (read 2026-08-22). */
export function isInUse({ status }: { readonly status: string }): boolean {
  return !["Rejected", "Expired", "Deleted"].includes(status);
}

/** `otherwise` is how it stands for a VPC that is in one; where that could not be read, it is to be read by a person. */
export function outsideCen(side: Side, { vpcId, vpc }: SideFacts, otherwise: "warn" | "stop"): Check {
  const cenIds = vpc?.cenIds ?? null;
  const level = cenIds === null ? "warn" : cenIds.length > 0 ? otherwise : "ok";
  return { level, check: "outsideCen", side, vpcId, cenIds };
}

/** What Terraform keeps, it compares and puts back: entries and rules that it does not know look like a mistake to it. */
export function notTerraformManaged(side: Side, request: RequestSide, facts: NetworkFacts): Check {
  const vpc = vpcOf(side, facts);
  const touched = facts[side].instances.filter(({ securityGroupIds }) =>
    securityGroupIds.some((id) => request.securityGroupIds.includes(id)),
  );
  const managed = [vpc, ...touched].flatMap(({ id, tags }) => {
    const tag = tags.find(namesTerraform);
    return tag ? [{ id, tag: tag.value === "" ? tag.key : `${tag.key}=${tag.value}` }] : [];
  });
  return {
    level: managed.length > 0 ? "warn" : "ok",
    check: "notTerraformManaged",
    side,
    resources: managed.slice(0, SAID_MAX),
    total: managed.length,
  };
}

function namesTerraform({ key, value }: Tag): boolean {
  return `${key} ${value}`.toLowerCase().includes("terraform");
}

/** Only worth a line when it is so: then a service can be offered without joining the networks. */
export function moreThanOneService(request: RequestRevision): readonly Check[] {
  const opened = SIDES.filter((side) => request[side].securityGroupIds.length > 0 && request[side].ports.length > 0);
  const [side] = opened;
  const [range] = side ? request[side].ports : [];
  if (!side || !range || opened.length > 1 || request.icmp) return [];
  const isOne = request[side].ports.length === 1 && range.from === range.to;
  return isOne ? [{ level: "warn", check: "moreThanOneService", side, port: range.from }] : [];
}
