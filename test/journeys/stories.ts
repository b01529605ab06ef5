/**
 * What the journeys about the cloud's bad luck have in common: a fast world, what stands in its cloud, and the proof
 * that every write there had an approval.
 */
import { expect, vi } from "vitest";
import { channelAt, workspaceAt } from "../../src/sandbox/slack/client.ts";
import type { SeenMessage } from "../../src/sandbox/slack/reading/seen-message.ts";
import type { Plan } from "../../machines/network/plan.ts";
import { firstBrokenLink } from "../../machines/peering/chain.ts";
import { markOf } from "../../machines/peering/mark.ts";
import { buildingRuns, connectRun, type Peering, type PeeringId } from "../../machines/peering/record.ts";
import type { InstanceId, SecurityGroupId, VpcId } from "../../machines/network/facts.ts";
import { CONNECTION_TYPES } from "../../machines/connections/types.ts";
import { sizeFor } from "../../machines/connections/sizes.ts";
import { isOneRegion } from "../../machines/network/facts.ts";
import type { ConnectionId, RequestSide } from "../../machines/network/request.ts";
import { bothSides, type Sides } from "../../machines/network/side.ts";
import { peeringIdOf } from "../../src/effects/draft.ts";
import { testScript } from "../../src/cloud/test-script.ts";
import { randomIds } from "../../src/ids.ts";
import type { Draft, DraftId, StoredEvent } from "../../src/ports.ts";
import { fastClock, type FastClock } from "./fast-clock.ts";
import {
  CHANNEL,
  cardOf,
  openWorld,
  peeringOf,
  sharedWorld,
  titleOf,
  type CloudCall,
  type World,
  type WorldOptions,
} from "./world.ts";

/** A minute of the bot's waiting takes six seconds. */
const BOT_SPEED = 10;

/** Cloud time runs faster still, so that a peering is built in a fraction of a second. */
export const CLOUD_SPEED = 400;

/** Whole stories on a machine that has other things to do as well. */
const TEST_MS = 60_000;
const WAIT_MS = 40_000;
vi.setConfig({ testTimeout: TEST_MS });

export interface FastWorld extends World {
  readonly clock: FastClock;
  /** The cloud is itself again. */
  readonly clearDials: () => Promise<void>;
}

export interface FastWorldOptions extends Omit<WorldOptions, "clock"> {
  /** How many times as fast as the world's the bot's time runs. */
  readonly botSpeed?: number;
}

export async function openFastWorld({ botSpeed = BOT_SPEED, ...options }: FastWorldOptions = {}): Promise<FastWorld> {
  const clock = fastClock(botSpeed);
  return withClock(await openWorld({ speed: CLOUD_SPEED, clock, ...options }), clock);
}

/** One world for all tests of a file: each has a pair of VPCs of its own. */
export function sharedFastWorld({ botSpeed = BOT_SPEED, ...options }: FastWorldOptions = {}): () => FastWorld {
  const clock = fastClock(botSpeed);
  const world = sharedWorld({ speed: CLOUD_SPEED, clock, ...options });
  return () => withClock(world(), clock);
}

function withClock(world: World, clock: FastClock): FastWorld {
  const clearDials = async (): Promise<void> => {
    await fetch(`${world.alibaba.url}/_sandbox/dials`, { method: "DELETE" });
  };
  // Added to the world and not copied from it: its store is another one after a restart.
  return Object.defineProperties(world, {
    clock: { value: clock, configurable: true },
    clearDials: { value: clearDials, configurable: true },
  }) as FastWorld;
}

// ── Networks and requests ────────────────────────────────────────────────────────────────────────────────────────────

/** A VPC with everything that a peering touches. */
export interface Network {
  readonly regionId: string;
  readonly vpcId: VpcId;
  readonly vpcName: string;
  readonly cidr: string;
  readonly vRouterId: string;
  readonly routeTableId: string;
  readonly vSwitchId: string;
  readonly securityGroupId: SecurityGroupId;
  readonly instanceId: InstanceId;
}

export type Pair = Sides<Network>;

export interface NetworkWish {
  readonly regionId: string;
  readonly groupType?: "normal" | "enterprise";
  readonly image?: "linux" | "alpine" | "windows";
}

/** Two new VPCs, by default in the tutorial's regions. */
export async function newPair(world: World, wish: Partial<NetworkWish> = {}): Promise<Pair> {
  const initiator = await newNetwork(world, { regionId: "cn-qingdao", ...wish });
  return { initiator, acceptor: await newNetwork(world, { regionId: "cn-beijing", ...wish }) };
}

/** No two networks of a world share an address. */
export async function newNetwork(
  world: World,
  { regionId, groupType = "normal", image = "linux" }: NetworkWish,
): Promise<Network> {
  const taken = Object.values((await cloudState(world)).regions).flatMap(({ vpcs }) =>
    vpcs.map(({ cidrBlock }) => cidrBlock),
  );
  const number =
    Array.from({ length: 200 }, (_, index) => 30 + index).find((free) => !taken.includes(`10.${free}.0.0/16`)) ?? 0;
  const add = async (kind: string, fields: object): Promise<Readonly<Record<string, string>>> =>
    ((await world.cloud("edit", { regionId, kind, add: fields })) as { resource: Readonly<Record<string, string>> })
      .resource;
  const vpcName = `net-${number}`;
  const cidr = `10.${number}.0.0/16`;
  const { vpcId = "", vRouterId = "" } = await add("vpc", { vpcName, cidrBlock: cidr });
  const vSwitch = await add("vSwitch", {
    vpcId,
    vSwitchName: `${vpcName}-a`,
    cidrBlock: `10.${number}.1.0/24`,
    zoneId: `${regionId}-a`,
  });
  const group = await add("securityGroup", {
    vpcId,
    securityGroupName: `${vpcName}-hosts`,
    securityGroupType: groupType,
  });
  const securityGroupId = group["securityGroupId"] as SecurityGroupId;
  const vSwitchId = vSwitch["vSwitchId"] ?? "";
  const instance = await add("instance", {
    vSwitchId,
    instanceName: `${vpcName}-1`,
    privateIp: `10.${number}.1.11`,
    securityGroupIds: [securityGroupId],
    image,
    tags: [{ key: "peer-vpcs-test", value: "allow" }],
  });
  const routeTableId = vSwitch["routeTableId"] ?? "";
  const instanceId = instance["instanceId"] as InstanceId;
  return {
    regionId,
    vpcId: vpcId as VpcId,
    vpcName,
    cidr,
    vRouterId,
    routeTableId,
    vSwitchId,
    securityGroupId,
    instanceId,
  };
}

/**
 * What a form leaves in the store when Mei has sent it; the journeys about the form go through the form. The size is the
 * one that the form proposes, unless another is wanted.
 */
export async function askFor(
  world: World,
  pair: Pair,
  sides: Partial<Sides<Partial<RequestSide>>> = {},
  connection: ConnectionId = "router-interfaces",
  wantedSize = "",
): Promise<SeenMessage> {
  const id: DraftId = randomIds.draft();
  const wanted = bothSides((side): Omit<RequestSide, "regionId" | "vpcId"> => ({
    vSwitchIds: [],
    ports: [],
    securityGroupIds: [pair[side].securityGroupId],
    testInstanceId: pair[side].instanceId,
    ...sides[side],
  }));
  const draft: Draft = {
    id,
    owner: { teamId: "T0HARBOUR1", userId: "U0MEILIN01" },
    createdAt: 0,
    viewId: "",
    channel: "",
    pair: bothSides((side) => ({ regionId: pair[side].regionId, vpcId: pair[side].vpcId })),
    facts: null,
    failure: null,
    connection,
    values: {
      connection,
      size: sizeFor(connection, isOneRegion(pair), wantedSize),
      icmp: true,
      reason: "orders reads the ledger replica",
      sides: wanted,
    },
    submitted: true,
  };
  await world.store.transaction(async (tx) => {
    await tx.insertDraft(draft);
    await tx.send([{ queue: "draft", data: { draftId: id }, delayMs: 0 }]);
  });
  return cardOf(world, peeringIdOf(id), "Waiting for a decision", WAIT_MS);
}

// ── What stands in the cloud ─────────────────────────────────────────────────────────────────────────────────────────

export interface CloudState {
  readonly regions: Readonly<Record<string, RegionState>>;
}

export interface RegionState {
  readonly regionId: string;
  readonly vpcs: ReadonlyArray<{
    readonly vpcId: string;
    readonly vpcName: string;
    readonly vRouterId: string;
    readonly cidrBlock: string;
  }>;
  readonly vSwitches: ReadonlyArray<{
    readonly vSwitchId: string;
    readonly vSwitchName: string;
    readonly vpcId: string;
    readonly routeTableId: string;
  }>;
  readonly routeTables: ReadonlyArray<{
    readonly routeTableId: string;
    readonly vpcId: string;
    readonly routeTableType: string;
  }>;
  readonly routerInterfaces: readonly InterfaceState[];
  /** Those with an end here; one between two regions is in both. */
  readonly vpcPeerConnections: readonly PeerConnectionState[];
  readonly routeEntries: readonly EntryState[];
  readonly securityGroups: ReadonlyArray<{
    readonly securityGroupId: string;
    readonly securityGroupName: string;
    readonly vpcId: string;
  }>;
  readonly rules: readonly RuleState[];
  readonly instances: ReadonlyArray<{
    readonly instanceId: string;
    readonly instanceName: string;
    readonly privateIp: string;
    readonly tags: ReadonlyArray<{ readonly key: string; readonly value: string }>;
  }>;
  readonly invocations: readonly unknown[];
}

interface InterfaceState {
  readonly routerInterfaceId: string;
  readonly name: string;
  readonly status: string;
  readonly routerId: string;
  readonly opposite: { readonly interfaceId: string };
}

interface PeerConnectionState {
  readonly instanceId: string;
  readonly name: string;
  readonly status: string;
  readonly regionId: string;
  readonly vpcId: string;
  readonly acceptingRegionId: string;
  readonly acceptingVpcId: string;
  readonly bandwidth: number;
  readonly linkType: string;
}

interface EntryState {
  readonly routeTableId: string;
  readonly routeEntryId: string;
  readonly routeEntryName: string;
  readonly destinationCidrBlock: string;
  readonly nextHopType: string;
  readonly nextHopId: string;
  readonly status: string;
}

interface RuleState {
  readonly securityGroupId: string;
  readonly securityGroupRuleId: string;
  readonly direction: string;
  readonly policy: string;
  readonly priority: number;
  readonly ipProtocol: string;
  readonly portRange: string;
  readonly sourceCidrIp: string;
  readonly destCidrIp: string;
  readonly description: string;
}

export async function cloudState(world: World): Promise<CloudState> {
  return (await world.cloud("state")) as CloudState;
}

export function regionOf(state: CloudState, regionId: string): RegionState {
  const region = state.regions[regionId];
  if (!region) throw new Error(`the cloud shows nothing in ${regionId}`);
  return region;
}

/**
 * What people would call "the same as before": everything but the record of commands that once ran, and of peering
 * connections that once were.
 */
function lasting({ regions }: CloudState): unknown {
  return Object.values(regions).map(({ invocations: _invocations, ...region }) => ({
    ...region,
    vpcPeerConnections: region.vpcPeerConnections.filter(({ status }) => status !== "Deleted"),
  }));
}

export async function expectNothingLeft(world: World, before: CloudState): Promise<void> {
  expect(lasting(await cloudState(world))).toEqual(lasting(before));
}

/** The cloud holds what these peerings' plans say, once, and for the rest what it held before. */
export async function expectBuilt(world: World, before: CloudState, ...peerings: readonly Peering[]): Promise<void> {
  const after = await cloudState(world);
  for (const peering of peerings) expectWhole(after, peering);
  expect(
    lasting(
      withoutOurs(
        after,
        peerings.map(({ id }) => id),
      ),
    ),
  ).toEqual(lasting(before));
}

/** The state less what carries the marks of these peerings. */
export function withoutOurs({ regions }: CloudState, ids: readonly string[]): CloudState {
  const marks = new Set<string>(ids.map((id) => markOf(id as PeeringId)));
  const rest = Object.entries(regions).map(([id, region]): [string, RegionState] => [
    id,
    {
      ...region,
      routerInterfaces: region.routerInterfaces.filter(({ name }) => !marks.has(name)),
      vpcPeerConnections: region.vpcPeerConnections.filter(({ name }) => !marks.has(name)),
      routeEntries: region.routeEntries.filter(({ routeEntryName }) => !marks.has(routeEntryName)),
      rules: region.rules.filter(({ description }) => !marks.has(description)),
    },
  ]);
  return { regions: Object.fromEntries(rest) };
}

function expectWhole({ regions }: CloudState, peering: Peering): void {
  const mark = markOf(peering.id);
  const { plan } = connectRun(peering);
  const effects = plan.steps.map(({ effect }) => effect);
  const all = Object.values(regions);
  const entries = all.flatMap(({ routeEntries }) =>
    routeEntries.filter(({ routeEntryName }) => routeEntryName === mark),
  );
  const rules = all.flatMap((region) => region.rules.filter(({ description }) => description === mark));
  const kept = peering.resources.filter(
    (resource) => resource.kind === "securityGroupRule" && resource.madeBy === "others",
  );

  const nextHops = EXPECT_CONNECTED[plan.connection](all, peering);
  expect(
    entries.map(({ routeTableId, destinationCidrBlock }) => `${routeTableId} ${destinationCidrBlock}`).toSorted(),
  ).toEqual(
    effects
      .flatMap((effect) => (effect.type === "createRouteEntry" ? [`${effect.routeTableId} ${effect.destination}`] : []))
      .toSorted(),
  );
  const { nextHopType } = CONNECTION_TYPES[plan.connection];
  expect(entries.filter((entry) => entry.nextHopType !== nextHopType || !nextHops.includes(entry.nextHopId))).toEqual(
    [],
  );
  expect(new Set(rules.map((rule) => ruleText(rule))).size).toBe(rules.length);
  expect(rules.length + kept.length).toBe(
    effects.reduce((sum, effect) => sum + (effect.type === "authorizeSecurityGroup" ? effect.rules.length : 0), 0),
  );
}

/** That the connection stands, once, and nothing of another kind; answers with what route entries may lead to. */
const EXPECT_CONNECTED: Readonly<
  Record<ConnectionId, (regions: readonly RegionState[], peering: Peering) => readonly string[]>
> = {
  "router-interfaces": (regions, { id }) => {
    const interfaces = interfacesOf(regions, id);
    expect(peerConnectionsOf(regions, id)).toEqual([]);
    expect(interfaces.map(({ status }) => status)).toEqual(["Active", "Active"]);
    expect(interfaces.map(({ opposite }) => opposite.interfaceId).toSorted()).toEqual(
      interfaces.map(({ routerInterfaceId }) => routerInterfaceId).toSorted(),
    );
    return interfaces.map(({ routerInterfaceId }) => routerInterfaceId);
  },
  "vpc-peer": (regions, peering) => {
    const connections = peerConnectionsOf(regions, peering.id);
    const { about, steps } = connectRun(peering).plan;
    const [link] = steps.flatMap(({ effect }) => (effect.type === "createVpcPeerConnection" ? [effect.link] : []));
    expect(interfacesOf(regions, peering.id)).toEqual([]);
    expect(connections).toMatchObject([
      {
        status: "Activated",
        regionId: about.initiator.regionId,
        vpcId: about.initiator.vpcId,
        acceptingRegionId: about.acceptor.regionId,
        acceptingVpcId: about.acceptor.vpcId,
        // Within one region there is no limit, which the cloud shows as -1.
        bandwidth: link ? link.bandwidthMbps : -1,
        linkType: link ? link.type : "",
      },
    ]);
    return connections.map(({ instanceId }) => instanceId);
  },
};

function interfacesOf(regions: readonly RegionState[], id: PeeringId): readonly InterfaceState[] {
  return regions.flatMap(({ routerInterfaces }) => routerInterfaces.filter(({ name }) => name === markOf(id)));
}

/** Each once, though both ends' regions show it. */
function peerConnectionsOf(regions: readonly RegionState[], id: PeeringId): readonly PeerConnectionState[] {
  const shown = regions.flatMap(({ vpcPeerConnections }) =>
    vpcPeerConnections.filter(({ name, status }) => name === markOf(id) && status !== "Deleted"),
  );
  return [...new Map(shown.map((connection) => [connection.instanceId, connection])).values()];
}

function ruleText({ securityGroupId, direction, ipProtocol, portRange, sourceCidrIp, destCidrIp }: RuleState): string {
  return [securityGroupId, direction, ipProtocol, portRange, sourceCidrIp, destCidrIp].join(" ");
}

// ── Peerings, their cards and threads ────────────────────────────────────────────────────────────────────────────────

const NOBODY = { teamId: "", userId: "" };

async function peeringsOf({ store }: World): Promise<readonly Peering[]> {
  const stored = await store.peerings({ show: "all", person: NOBODY, limit: 100 });
  return stored.map(({ snapshot }) => snapshot.peering);
}

/** The peering of a card, as the store has it now. */
export async function peeringAt(world: World, card: SeenMessage): Promise<Peering> {
  const stored = await world.store.peering(peeringOf(card) as PeeringId);
  if (!stored) throw new Error(`there is no peering ${peeringOf(card)}`);
  return stored.snapshot.peering;
}

/** The same card once its headline starts with these words, and it looks as wanted. */
export async function cardSays(
  { slack }: World,
  card: SeenMessage,
  title: string,
  fits: (card: SeenMessage) => boolean = () => true,
): Promise<SeenMessage> {
  // This one message alone: a channel in which hundreds of peerings are told is long.
  const place = `${slack.url}/_sandbox/channels/${CHANNEL}/messages?ts=${card.ts}`;
  const look = async (): Promise<SeenMessage | undefined> => {
    const { messages } = (await (await fetch(place)).json()) as { messages: readonly SeenMessage[] };
    return messages.find((message) => titleOf(message).startsWith(title) && fits(message));
  };
  try {
    return await workspaceAt(slack.url).waitFor(look, WAIT_MS);
  } catch (error) {
    throw new Error(`no card says ${title}:\n${await channelAt(slack.url, CHANNEL).text({ ts: card.ts })}`, {
      cause: error,
    });
  }
}

/** The card and its thread as a person reads them, once they say something. */
export async function readsThat({ slack }: World, says: RegExp, ts: string): Promise<string> {
  const read = (): Promise<string> => channelAt(slack.url, CHANNEL).text({ ts });
  try {
    return await workspaceAt(slack.url).waitFor(async () => {
      const text = await read();
      return says.test(text) ? text : null;
    }, WAIT_MS);
  } catch (error) {
    throw new Error(`nobody reads ${says}:\n${await read()}`, { cause: error });
  }
}

/** What the thread of a peering that ends verified says of its connection. */
const CONNECTED_LINES: Readonly<Record<ConnectionId, readonly RegExp[]>> = {
  "router-interfaces": [
    ...["Qingdao", "Beijing"].flatMap((region) => [
      new RegExp(
        `CreateRouterInterface, ${region}: ri-|Router interface, ${region}: ri-\\w+ is already ours, found again`,
      ),
      new RegExp(`ModifyRouterInterfaceAttribute, ${region}: ri-|opposite interface, ${region}: already so`),
    ]),
    /ri-m5e\w+ is Active|connecting the interfaces: already so/,
    /ri-2ze\w+ is Active|connecting the interfaces: already so/,
  ],
  "vpc-peer": [
    /CreateVpcPeerConnection, Qingdao: pcc-|Peering connection, Qingdao: pcc-\w+ is already ours, found again/,
    /pcc-\w+ is Activated|Peering connection, Qingdao: pcc-\w+ is already ours, found again/,
  ],
};

/** What it says of everything else. */
const LINES = [
  /approved plan \w+\./,
  /Checked again: the network is as it was/,
  ...["Qingdao", "Beijing"].flatMap((region) => [
    new RegExp(`CreateRouteEntry, ${region}: rte-|Route entry, ${region}: rte-\\w+ is already ours, found again`),
    new RegExp(`AuthorizeSecurityGroup, ${region}: sg-|security group rules, ${region}: already so`),
    new RegExp(`RunCommand, ${region}: t-`),
  ]),
  /Verified\. Every ping came through/,
];

/** Every line is there; one is there again only where a kill may have lost the answer to its post. */
export async function expectWholeThread(
  world: World,
  card: SeenMessage,
  kills: number,
  connection: ConnectionId = "router-interfaces",
): Promise<void> {
  const text = await readsThat(world, /Verified\. Every ping came through/, card.ts);
  for (const line of [...LINES, ...CONNECTED_LINES[connection]]) expect(text).toMatch(line);
  const told = text.split("\n").filter((line) => /│ \d\d:\d\d:\d\d {2}/.test(line));
  expect(told.length - new Set(told).size, text).toBeLessThanOrEqual(kills);
}

/** Presses the first button with these words. */
export async function press({ arjun }: World, card: SeenMessage, label: RegExp | string, who = arjun): Promise<void> {
  const button = buttons(card).find(({ text: { text } }) =>
    typeof label === "string" ? text === label : label.test(text),
  );
  if (button === undefined) throw new Error(`no button ${label} on: ${buttonsOf(card).join(", ")}`);
  await who.press({ channel: CHANNEL, ts: card.ts, action_id: button.action_id, confirm: true });
}

/** What can happen to any call, with words for a title. It goes away by itself; with a time-out of half a second. */
export const FAULTS: Readonly<
  Record<string, { readonly fault: string; readonly times?: number; readonly ms?: number }>
> = {
  "throttles it three times": { fault: "throttle", times: 3 },
  "answers 503 twice": { fault: "unavailable", times: 2 },
  "answers after the time-out": { fault: "slow", ms: 1_000 },
  "breaks the connection before carrying it out": { fault: "resetBefore" },
  "breaks the connection after carrying it out": { fault: "resetAfter" },
  "answers HTML before carrying it out": { fault: "notJson" },
  "answers HTML after carrying it out": { fault: "notJsonAfter" },
};

/** Until the cloud has refused something with this code. */
export async function untilRefused(world: World, refusal: string): Promise<void> {
  await vi.waitFor(async () => expect((await world.journal()).some(({ code }) => code === refusal)).toBe(true), {
    timeout: WAIT_MS,
  });
}

/** Until a dial has struck a call of this action. */
export async function untilStruck(world: World, action: string): Promise<void> {
  const struck = (call: CloudCall): boolean => call.action === action && call.fault !== undefined;
  await vi.waitFor(async () => expect((await world.journal()).some((call) => struck(call))).toBe(true), {
    timeout: WAIT_MS,
  });
}

/** The words on the buttons of a card. */
export function buttonsOf(card: SeenMessage): readonly string[] {
  return buttons(card).map(({ text }) => text.text);
}

function buttons({ blocks }: SeenMessage): readonly Button[] {
  return blocks.flatMap((block) =>
    block.type === "actions" && "elements" in block ? (block["elements"] as readonly Button[]) : [],
  );
}

interface Button {
  readonly action_id: string;
  readonly text: { readonly text: string };
}

// ── Safety ───────────────────────────────────────────────────────────────────────────────────────────────────────────

/**
 * Every write in the cloud's journal belongs to one peering, lies in its approved plan or in the inverse of it, and
 * comes after somebody's yes to that plan.
 */
export async function expectEveryWriteApproved(world: FastWorld): Promise<void> {
  const peerings = await peeringsOf(world);
  const events = new Map<PeeringId, readonly StoredEvent[]>();
  for (const { id } of peerings) events.set(id, await world.store.events(id, 0));
  for (const chain of events.values()) expect(firstBrokenLink(chain)).toBeNull();
  const journal = await world.journal();
  const unapproved = journal.filter((call) => {
    if (call.kind === "read") return false;
    return !peerings.some((peering) =>
      buildingRuns(peering).some(
        ({ plan }) =>
          isOf(call, peering, plan) &&
          events
            .get(peering.id)
            ?.some(
              ({ event }) =>
                event.type === "approve" && event.planHash === plan.hash && event.at <= world.clock.at(call.at),
            ),
      ),
    );
  });
  expect(unapproved).toEqual([]);
  expectOnlyFixedTests(journal);
}

/** Ours by the mark it carries, or by what it is done to, which this peering made and this plan of it was to change. */
function isOf({ action, params }: CloudCall, peering: Peering, { steps }: Plan): boolean {
  const values = Object.values(params);
  const effects = steps.map(({ effect }) => effect);
  const marked = values.includes(markOf(peering.id));
  const ours = peering.resources.some(({ id, madeBy }) => madeBy === "peering" && values.includes(id));
  switch (action) {
    case "CreateRouterInterface":
      return (
        marked &&
        effects.some((effect) => effect.type === "createRouterInterface" && effect.routerId === params["RouterId"])
      );
    case "CreateVpcPeerConnection":
      return (
        marked &&
        effects.some(
          (effect) =>
            effect.type === "createVpcPeerConnection" &&
            effect.vpcId === params["VpcId"] &&
            effect.acceptingVpcId === params["AcceptingVpcId"] &&
            effect.link?.bandwidthMbps.toString() === params["Bandwidth"] &&
            effect.link?.type === params["LinkType"],
        )
      );
    case "DeleteVpcPeerConnection":
      // Force takes away the route entries of others along with it, which nobody approves.
      return ours && params["Force"] === undefined;
    case "CreateRouteEntry":
    case "DeleteRouteEntry":
      return (
        (marked || ours) &&
        effects.some(
          (effect) =>
            effect.type === "createRouteEntry" &&
            effect.routeTableId === params["RouteTableId"] &&
            effect.destination === params["DestinationCidrBlock"],
        )
      );
    case "AuthorizeSecurityGroup":
    case "AuthorizeSecurityGroupEgress":
    case "RevokeSecurityGroup":
    case "RevokeSecurityGroupEgress":
      return (
        (marked || ours) &&
        effects.some(
          (effect) => effect.type === "authorizeSecurityGroup" && effect.securityGroupId === params["SecurityGroupId"],
        )
      );
    case "RunCommand":
      return (
        marked &&
        effects.some((effect) => effect.type === "runConnectivityTest" && effect.instanceId === params["InstanceId.1"])
      );
    default:
      return ours;
  }
}

/**
 * One script, on an instance and to an address that were read for this command: by a question about just that instance,
 * which no other command there went by, whose answer shows the tag that opts in, and by one that shows the address.
 */
function expectOnlyFixedTests(journal: readonly CloudCall[]): void {
  const used = new Set<CloudCall>();
  for (const [index, call] of journal.entries()) {
    if (call.action !== "RunCommand") continue;
    const target = targetOf(call);
    const source = call.params["InstanceId.1"] ?? "";
    // A question about a whole VPC was asked for its plan.
    const read = journal
      .slice(0, index)
      .filter(({ action, params }) => action === "DescribeInstances" && params["InstanceIds"] !== undefined)
      .slice(-READ_JUST_BEFORE);
    // Of two peerings that test from one instance, both may have looked before either commands.
    const ofSource = read.findLast(
      (other) => !used.has(other) && other.params["InstanceIds"] === JSON.stringify([source]),
    );
    if (ofSource) used.add(ofSource);
    expect(JSON.stringify(ofSource?.answer), `${source} was not read for its command`).toContain("peer-vpcs-test");
    const described = read.map(({ answer }) => JSON.stringify(answer));
    expect(described.some((text) => text.includes(`"${target}"`))).toBe(true);
  }
}

/** Questions for the commands of other peerings may lie between. */
const READ_JUST_BEFORE = 60;

/** The address in a script of which nothing but an address and ports was filled in. */
function targetOf({ params }: CloudCall): string {
  const script = Buffer.from(params["CommandContent"] ?? "", "base64").toString("utf8");
  const osType = params["Type"] === "RunPowerShellScript" ? "windows" : "linux";
  const [target = ""] = /\d+\.\d+\.\d+\.\d+/.exec(script) ?? [];
  const ports = [...script.matchAll(/(?<=tcp )\d+(?= &)|(?<=\$client)\d+(?= =)/g)].map(([port]) => Number(port));
  expect(script).toBe(testScript(osType, target, { ping: /^ping/m.test(script), ports }));
  return target;
}
