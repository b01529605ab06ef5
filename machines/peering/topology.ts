/**
 * What a picture of a peering shows: both networks, what joins them, and of each thing that the peering makes how it
 * stands. A pure function of committed state, bounded whatever the networks hold.
 */
import { CONNECTION_TYPES } from "../connections/types.ts";
import type { AboutSide, Opening, Step } from "../network/plan.ts";
import type { ConnectionId } from "../network/request.ts";
import { bothSides, type Side, type Sides } from "../network/side.ts";
import type { PeeringState } from "./machine.ts";
import { buildingRuns, connectRun, currentRun, hasTests, type Peering, type PeeringId, type Run } from "./record.ts";
import type { Snapshot } from "./transition.ts";

export interface Topology extends Sides<DrawnSide> {
  readonly peeringId: PeeringId;
  readonly status: Status;
  readonly connection: { readonly kind: ConnectionId; readonly size: string; readonly look: Look };
}

export type Status = "planned" | "building" | "connected" | "stopped" | "rollingBack" | "rolledBack" | "notBuilt";

/**
 * How something that this peering makes stands: it is to come, it is there, it should be and is not, it is being removed,
 * it was removed, it never came.
 */
export type Look = "new" | "standing" | "missing" | "leaving" | "removed" | "notBuilt";

export interface DrawnSide {
  readonly regionId: string;
  readonly vpcId: string;
  /** Foreign text, as is the name of a vSwitch. */
  readonly name: string;
  readonly wholeVpc: boolean;
  readonly cidrs: Some<string>;
  readonly vSwitches: Some<{ readonly name: string; readonly cidr: string }>;
  /** Route entries by destination, each with the number of tables that get one. */
  readonly routes: Some<{ readonly destination: string; readonly tables: number; readonly look: Look }>;
  /** What security groups of this side let in from the other. */
  readonly opens: Some<Opened>;
}

interface Opened {
  readonly ping: boolean;
  /** TCP ports, `5432` or `8000-8010`. */
  readonly ports: readonly string[];
  /** In how many groups. */
  readonly groups: number;
  readonly look: Look;
}

/** The first of something, and how many there are beside them. */
export interface Some<T> {
  readonly first: readonly T[];
  readonly left: number;
}

/** A VPC has five secondary blocks at most; the chosen vSwitches can be more. */
const CIDRS_MAX = 6;
const ROUTES_MAX = 3;
const OPENS_MAX = 3;

export function topologyOf({ state, peering }: Snapshot): Topology {
  const { plan, revision } = connectRun(peering);
  const request = peering.revisions.find((candidate) => candidate.revision === revision);
  const status = statusOf(state, connectRun(peering));
  const { takesApart } = CONNECTION_TYPES[plan.connection];
  const connecting = plan.steps.filter(({ stage }) => stage === "create");
  const lookOf: LookOf = (run, steps, undoes, isKept = false) => {
    const done = steps.filter(({ id }) => run.steps[id]?.state === "done").length;
    const last = currentRun(peering);
    const undoing = last.plan.steps.filter(undoes);
    return lookAt(status, {
      isWhole: done === steps.length,
      isBegun: done > 0,
      isOfLast: run.number === last.number,
      isRollback: last.kind === "rollback",
      isToGo: undoing.length > 0 && !isKept,
      isGone: undoing.every(({ id }) => last.steps[id]?.state === "done"),
    });
  };
  return {
    peeringId: peering.id,
    status,
    connection: {
      kind: plan.connection,
      size: request?.size ?? "",
      look: lookOf(connectRun(peering), connecting, ({ effect }) => takesApart.includes(effect.type)),
    },
    ...bothSides((side) => drawnSide(side, peering, plan.about[side], lookOf)),
  };
}

/** The steps of a run that make something, what undoes them, and whether it is kept all the same. */
type LookOf = (run: Run, steps: readonly Step[], undoes: (step: Step) => boolean, isKept?: boolean) => Look;

function drawnSide(side: Side, peering: Peering, about: AboutSide, lookOf: LookOf): DrawnSide {
  const { regionId, vpcId, vpcName, wholeVpc, cidrs, vSwitches = { first: [], count: 0 } } = about;
  return {
    regionId,
    vpcId,
    name: vpcName || vpcId,
    wholeVpc,
    cidrs: some(cidrs, CIDRS_MAX),
    vSwitches: {
      first: vSwitches.first.map(({ id, name, cidr }) => ({ name: name || id, cidr })),
      left: vSwitches.count - vSwitches.first.length,
    },
    routes: routesOf(side, peering, lookOf),
    opens: opensOf(side, peering, lookOf),
  };
}

/** A fix that nobody approved makes nothing. */
function runsShown(peering: Peering): readonly Run[] {
  const first = connectRun(peering);
  return buildingRuns(peering).filter(({ number, status }) => number >= first.number && status !== "dropped");
}

function routesOf(side: Side, peering: Peering, lookOf: LookOf): DrawnSide["routes"] {
  const entries = runsShown(peering).flatMap((run) =>
    run.plan.steps.flatMap((step) =>
      step.effect.type === "createRouteEntry" && step.effect.side === side ? [{ run, step, ...step.effect }] : [],
    ),
  );
  const byDestination = [...Map.groupBy(entries, ({ destination }) => destination)];
  const drawn = byDestination.map(([destination, group]) => {
    const tables = new Set(group.map(({ routeTableId }) => routeTableId));
    const looks = [...Map.groupBy(group, ({ run }) => run)].map(([run, ofRun]) =>
      lookOf(
        run,
        ofRun.map(({ step }) => step),
        ({ effect }) =>
          effect.type === "deleteRouteEntry" && tables.has(effect.routeTableId) && effect.destination === destination,
      ),
    );
    return { destination, tables: tables.size, look: mostTelling(looks) };
  });
  return some(drawn, ROUTES_MAX);
}

/** What the same groups let in is one thing, also when another run makes it once more. */
function opensOf(side: Side, peering: Peering, lookOf: LookOf): DrawnSide["opens"] {
  const made = runsShown(peering).flatMap((run) => {
    const opens = run.plan.opens.filter((opening) => opening.side === side);
    const byGroups = Map.groupBy(opens, ({ securityGroupIds }) => securityGroupIds.join(" "));
    return [...byGroups].flatMap(([key, together]) => {
      const groups = new Set(together.flatMap(({ securityGroupIds }) => securityGroupIds));
      const isRules = ({ effect }: Step, type: "authorizeSecurityGroup" | "revokeSecurityGroup") =>
        effect.type === type && effect.direction === "ingress" && groups.has(effect.securityGroupId);
      const steps = run.plan.steps.filter((step) => isRules(step, "authorizeSecurityGroup"));
      // A fix says what it is for, and may add no rule.
      if (steps.length === 0) return [];
      const ping = together.some(({ protocol }) => protocol === "ICMP");
      const ports = together.filter(({ protocol }) => protocol === "TCP").map(portsOf);
      const isKept = isOthers(side, groups, peering);
      const look = lookOf(run, steps, (step) => isRules(step, "revokeSecurityGroup"), isKept);
      return [{ what: `${key} ${ping} ${ports.join(" ")}`, ping, ports, groups: groups.size, look }];
    });
  });
  const drawn = [...Map.groupBy(made, ({ what }) => what).values()].flatMap(([first, ...again]) => {
    if (!first) return [];
    const { ping, ports, groups, look } = first;
    return [{ ping, ports, groups, look: mostTelling([look, ...again.map((other) => other.look)]) }];
  });
  return some(drawn, OPENS_MAX);
}

/** Every rule of these groups had been there before: a rollback keeps it. */
function isOthers(side: Side, groups: ReadonlySet<string>, { resources }: Peering): boolean {
  const rules = resources.filter(
    (resource) =>
      resource.kind === "securityGroupRule" &&
      resource.side === side &&
      resource.direction === "ingress" &&
      groups.has(resource.securityGroupId),
  );
  return rules.length > 0 && rules.every(({ madeBy }) => madeBy === "others");
}

/** `5432`, or `8000-8010`. */
function portsOf({ portRange }: Opening): string {
  const [from, to] = portRange.split("/");
  return from === to ? `${from}` : `${from}-${to}`;
}

function statusOf(state: PeeringState, connect: Run): Status {
  switch (state) {
    case "requested":
      return "planned";
    case "approved":
    case "creating":
    case "activated":
    case "routed":
      return "building";
    case "secured":
      return hasTests(connect) ? "building" : "connected";
    case "verified":
      return "connected";
    case "failed":
      return "stopped";
    case "rollingBack":
    case "rolledBack":
      return state;
    case "rejected":
    case "withdrawn":
    case "expired":
      return "notBuilt";
  }
}

/** What has become of something so far. */
interface Fate {
  readonly isWhole: boolean;
  /** Some of it was made. */
  readonly isBegun: boolean;
  /** By the run that was last. */
  readonly isOfLast: boolean;
  /** That run is a rollback. */
  readonly isRollback: boolean;
  readonly isToGo: boolean;
  readonly isGone: boolean;
}

/**
 * While something is being built or removed its parts are not told apart: each look would be a picture of its own, and
 * the thread tells them one by one.
 */
function lookAt(status: Status, fate: Fate): Look {
  switch (status) {
    case "planned":
    case "building":
      return fate.isWhole && !fate.isOfLast ? "standing" : "new";
    case "connected":
      return "standing";
    case "stopped":
      if (fate.isRollback) return lookUndone(status, fate);
      return fate.isWhole ? "standing" : "missing";
    case "rollingBack":
    case "rolledBack":
      return lookUndone(status, fate);
    case "notBuilt":
      return "notBuilt";
  }
}

/** What is not wholly gone still stands. */
function lookUndone(status: Status, { isBegun, isToGo, isGone }: Fate): Look {
  if (!isBegun) return "notBuilt";
  if (!isToGo) return "standing";
  if (status === "rollingBack") return "leaving";
  return isGone ? "removed" : "standing";
}

/** Of several that are drawn as one, the look that a reader must know of. */
function mostTelling(looks: readonly Look[]): Look {
  const order: readonly Look[] = ["missing", "new", "leaving", "standing", "removed", "notBuilt"];
  return order.find((candidate) => looks.includes(candidate)) ?? "standing";
}

function some<T>(all: readonly T[], max: number): Some<T> {
  return { first: all.slice(0, max), left: Math.max(0, all.length - max) };
}
