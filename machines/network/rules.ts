/**
 * The cloud's own rules and limits, each with where it is written.
 */
import type { Cidr } from "./cidr.ts";

/** Bandwidth of each router interface spec in Mbit/s: https://www.alibabacloud.com/help/en/express-connect/ (read 2026-08-22). */
export const BANDWIDTH_MBPS_BY_SPEC = {
  "Mini.2": 2,
  "Mini.5": 5,
  "Small.1": 10,
  "Small.2": 20,
  "Small.5": 50,
  "Middle.1": 100,
  "Middle.2": 200,
  "Middle.5": 500,
  "Large.1": 1_000,
  "Large.2": 2_000,
  "Large.5": 5_000,
  "Xlarge.1": 10_000,
} as const;

export type Spec = keyof typeof BANDWIDTH_MBPS_BY_SPEC;
/** Smallest first. */
export const SPECS = Object.keys(BANDWIDTH_MBPS_BY_SPEC) as [Spec, ...Spec[]]; // Object.keys widens to string.

export function isSpec(size: string): size is Spec {
  return size in BANDWIDTH_MBPS_BY_SPEC;
}

/** The acceptor has no bandwidth of its own: CreateRouterInterface wants this spec for `AcceptingSide`. */
export const ACCEPTOR_SPEC = "Negative";

/** Carrier-grade NAT range that Alibaba Cloud keeps for itself; no route entry may point there (CreateRouteEntry). */
export const RESERVED_CIDR: Cidr = "100.64.0.0/10";

/** What no router of the internet routes: RFC 1918. Everything else needs to be a user CIDR of a VPC to stay in the network. */
export const PRIVATE_CIDRS: readonly Cidr[] = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];

/** The bridge of a Docker host that nobody has configured otherwise: https://docs.docker.com/engine/daemon/ (read 2026-08-22). */
export const DOCKER_BRIDGE_CIDR: Cidr = "172.17.0.0/16";

/** What Container Service for Kubernetes puts on everything of a cluster; its value is the cluster's id. */
export const ACK_TAG_KEY = "ack.aliyun.com";

/** Router interfaces per VRouter, as long as the operator knows no other: https://www.alibabacloud.com/help/en/express-connect/ (read 2026-08-22). */
export const ROUTER_INTERFACES_MAX = 5;

/** VPC peering connections per VPC: https://www.alibabacloud.com/help/en/vpc/ (read 2026-08-22). */
export const VPC_PEER_CONNECTIONS_MAX = { inRegion: 10, betweenRegions: 20 } as const;

/** Rules over all groups of one network interface: https://www.alibabacloud.com/help/en/ecs/user-guide/limits (read 2026-08-22). */
export const RULES_PER_INTERFACE_MAX = 1_000;

/** When to think about a quota: at nine tenths, before it stops the next one. */
export function isNearlyFull(used: number, max: number): boolean {
  return used >= 0.9 * max;
}

/** Whether one more connection fits beside those that exist; the last one is worth a warning. */
export function roomFor(existing: number, max: number): "ok" | "warn" | "stop" {
  if (existing >= max) return "stop";
  return existing === max - 1 ? "warn" : "ok";
}

/** Of many things of one kind, a check says so many; the others are counted. */
export const SAID_MAX = 10;

/** Custom route entries per table, quota `vpc_quota_route_entrys_num`: https://www.alibabacloud.com/help/en/vpc/product-overview/limits (read 2026-08-22). */
export const CUSTOM_ENTRIES_PER_TABLE_MAX = 200;

/** Rules per AuthorizeSecurityGroup call: `Permissions.N`, 1 to 100. */
export const PERMISSIONS_PER_CALL_MAX = 100;

/** Ours is the weakest priority there is, so that no accept of ours outranks a drop that somebody placed. */
export const RULE_PRIORITY = 100;

/** Groups per side in one request. An instance's network interface takes at most 10. */
export const SECURITY_GROUPS_MAX = 10;

/** Port ranges per side in one request; with all six blocks of a VPC opposite they still fit in one call per group. */
export const PORT_RANGES_MAX = 10;

/** TCP ports that one test tries: the first and the last of each range. */
export const TRIED_PORTS_MAX = 2 * PORT_RANGES_MAX;
