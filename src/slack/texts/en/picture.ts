/**
 * The words in a picture of a peering, and all of it in words for those who do not see it.
 */
import type { Look, Some, Status, Topology, DrawnSide } from "../../../../machines/peering/topology.ts";
import { count, listed } from "../mrkdwn.ts";
import { CONNECTION_WORDS } from "./connections/words.ts";
import { regionName } from "./regions.ts";

/** The same words as on the card, where it has them. */
const STATUS_WORDS = {
  planned: "Planned",
  building: "Building",
  connected: "Connected",
  stopped: "Stopped",
  rollingBack: "Rolling back",
  rolledBack: "Rolled back",
  notBuilt: "Not built",
} as const satisfies Record<Status, string>;

/** Beside each thing that the peering makes; what simply is there needs none. */
const LOOK_WORDS = {
  new: "new",
  standing: "",
  missing: "missing",
  leaving: "being removed",
  removed: "removed",
  notBuilt: "not built",
} as const satisfies Record<Look, string>;

export const PICTURE_WORDS = {
  status: STATUS_WORDS,
  look: LOOK_WORDS,
  regionName,
  connectionName: ({ kind }: Topology["connection"]): string => CONNECTION_WORDS[kind].name,
  connectionSize: ({ kind, size }: Topology["connection"]): string => CONNECTION_WORDS[kind].size(size),
  wholeVpc: "whole VPC",
  chosenVSwitches: "chosen vSwitches",
  moreVSwitches: (left: number): string => `+ ${left} more ${left === 1 ? "vSwitch" : "vSwitches"}`,
  /** So many of a list as fit, and how many there are beside them. */
  blocks: (cidrs: readonly string[], left: number): string =>
    cidrs.length === 0 ? count(left, "block", "blocks") : `${cidrs.join(", ")}${left > 0 ? ` + ${left} more` : ""}`,
  moreOpens: (left: number): string => `+ ${count(left, "more opening", "more openings")}`,
  moreRoutes: (left: number): string => `+ ${count(left, "more route", "more routes")}`,
  routeTo: (destination: string): string => `Route to ${destination}`,
  tables: (tables: number): string => count(tables, "route table", "route tables"),
  letsIn: (ping: boolean, ports: readonly string[], left: number): string =>
    `Lets in ${opened(ping, ports, left)
      .replace("TCP ", "TCP\u00a0")
      .replace(/ \+ (\d+) more$/, " +\u00a0$1\u00a0more")}`,
  groups: (groups: number): string => count(groups, "security group", "security groups"),
};

function opened(ping: boolean, ports: readonly string[], left: number): string {
  const more = left > 0 ? ` + ${left} more` : "";
  const tcp = ports.length > 0 ? [`TCP ${ports.join(", ")}${more}`] : [];
  const onlyCounted = ports.length === 0 && left > 0 ? [count(left, "range of TCP ports", "ranges of TCP ports")] : [];
  return [...(ping ? ["ping"] : []), ...tcp, ...onlyCounted].join(", ");
}

/** Longest alternative text that Slack takes: https://docs.slack.dev/reference/block-kit/blocks/image-block (read 2026-11-26). */
const ALT_TEXT_MAX = 2_000;
/** Names are foreign and may be long: each of the ten at most that stand in it leaves room for the rest. */
const NAME_MAX = 60;

/** What the picture shows, as sentences; plain text. */
export function pictureInWords(topology: Topology): string {
  const { status, connection, initiator, acceptor } = topology;
  const words = [
    `${STATUS_WORDS[status]}.`,
    sideInWords(initiator),
    sideInWords(acceptor),
    `Between them: ${[PICTURE_WORDS.connectionName(connection), PICTURE_WORDS.connectionSize(connection)].join(", ")}${noted(connection.look)}.`,
  ].join(" ");
  return words.length > ALT_TEXT_MAX ? `${words.slice(0, ALT_TEXT_MAX - 1).toWellFormed()}…` : words;
}

function sideInWords(side: DrawnSide): string {
  const vSwitches = all(side.vSwitches, ({ name, cidr }) => `${plainName(name)} ${cidr}`);
  const routes = all(
    side.routes,
    ({ destination, tables, look }) => `${destination} in ${PICTURE_WORDS.tables(tables)}${noted(look)}`,
  );
  const opens = all(
    side.opens,
    ({ ping, ports, groups, look }) => `${opened(ping, ports, 0)} to ${PICTURE_WORDS.groups(groups)}${noted(look)}`,
  );
  return [
    `${plainName(side.name)} in ${regionName(side.regionId)}: ${all(side.cidrs, (cidr) => cidr)}${side.wholeVpc ? "" : `, ${PICTURE_WORDS.chosenVSwitches} only`}.`,
    vSwitches && `vSwitches: ${vSwitches}.`,
    routes && `Routes to ${routes}.`,
    opens && `Lets in ${opens}.`,
  ]
    .filter(Boolean)
    .join(" ");
}

function all<T>({ first, left }: Some<T>, word: (one: T) => string): string {
  return listed([...first.map(word), ...(left > 0 ? [`${left} more`] : [])]);
}

function noted(look: Look): string {
  return LOOK_WORDS[look] && ` (${LOOK_WORDS[look]})`;
}

function plainName(name: string): string {
  const line = name
    .toWellFormed()
    .replaceAll(/[\s\p{Cc}\p{Cf}]+/gu, " ")
    .trim();
  return line.length > NAME_MAX ? `${line.slice(0, NAME_MAX - 1).replace(/[\uD800-\uDBFF]$/, "")}…` : line;
}
