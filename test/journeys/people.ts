/**
 * What these journeys look at again and again: what somebody reads, what was written to the cloud, which cards there are.
 */
import { channelAt, workspaceAt, type PersonAt } from "../../src/sandbox/slack/client.ts";
import type { JournalEntry } from "../../src/sandbox/slack/journal.ts";
import type { SeenMessage } from "../../src/sandbox/slack/reading/seen-message.ts";
import { systemClock } from "../../src/clock.ts";
import { fastClock } from "./fast-clock.ts";
import type { Clock, StoredPeering } from "../../src/ports.ts";
import type { PeeringId } from "../../machines/peering/record.ts";
import { CHANNEL, peeringOf, type World, type WorldOptions } from "./world.ts";

/** A busy machine tells in its own time. */
const WAIT_MS = 40_000;

/** A world in which the bot's waits and the cloud's times pass quickly; for everything but signed HTTP, which knows the time. */
export function hasty(options: WorldOptions = {}): WorldOptions {
  return { clock: fastClock(10), speed: 100, ...options };
}

/** What the person's topmost modal says, once it says this. */
export function viewThat({ slack }: World, who: PersonAt, says: RegExp): Promise<string> {
  return textThat(slack.url, () => who.viewText(), says);
}

/** What the app told one person alone, ephemerally or directly, once it says this. */
export function toldThat({ slack }: World, who: PersonAt, says: RegExp): Promise<string> {
  return textThat(slack.url, async () => (await who.messages()).map(saidBy).join("\n---\n"), says);
}

/** A card with its thread as people read it, once it says this. */
export function cardSaying({ slack }: World, { ts }: Pick<SeenMessage, "ts">, says: RegExp): Promise<string> {
  return textThat(slack.url, () => channelAt(slack.url, CHANNEL).text({ ts }), says);
}

async function textThat(url: string, read: () => Promise<string>, says: RegExp): Promise<string> {
  let last = "";
  try {
    return await workspaceAt(url).waitFor(async () => {
      last = await read();
      return says.test(last) ? last : null;
    }, WAIT_MS);
  } catch (error) {
    throw new Error(`nobody said ${says}; what stood there last:\n${last}`, { cause: error });
  }
}

/** The words of a message, its blocks first, as Slack shows it. */
function saidBy({ text, blocks }: SeenMessage): string {
  const inBlocks = blocks.flatMap((block) => (typeof block.text === "object" ? [block.text.text] : []));
  return inBlocks.length > 0 ? inBlocks.join("\n") : text;
}

/** Leaves the person with no modal open. */
export async function closeAll(who: PersonAt): Promise<void> {
  if ((await who.views()).stack.length > 0) await who.close({ all: true });
}

/** Keeps the cards as they look now, buttons and all, until `release`: what somebody sees who has not looked for a while. */
export async function holdCards({ slack }: World): Promise<{ readonly release: () => Promise<void> }> {
  const workspace = workspaceAt(slack.url);
  const heldMs = 60_000;
  await workspace.fault({ method: "chat.update", fault: "slow", ms: heldMs });
  return { release: async () => void (await workspace.edit({ edit: "clock", advanceMs: heldMs })) };
}

/** The newest peering once it fits. Nobody tells of a change in the store, so it is looked at again and again. */
export async function storedThat(world: World, fits: (newest: StoredPeering) => boolean): Promise<StoredPeering> {
  const until = Date.now() + STORED_WAIT_MS;
  while (Date.now() < until) {
    const [newest] = await peerings(world);
    if (newest && fits(newest)) return newest;
    await systemClock.sleep(STORED_LOOK_MS);
  }
  throw new Error("no peering came to be as awaited");
}

const STORED_WAIT_MS = 10_000;
const STORED_LOOK_MS = 20;

/** The events of a peering as people brought them about, oldest first: `approve by U0…`, `refused reject by U0…`. */
export async function deeds({ store }: World, id: string): Promise<readonly string[]> {
  const events = await store.events(id as PeeringId, 0);
  return events.flatMap(({ event, by }) =>
    by ? [`${event.type === "refused" ? `refused ${event.command}` : event.type} by ${by.userId}`] : [],
  );
}

/** Cards in the channel, oldest first. */
export async function cards({ slack }: World): Promise<readonly SeenMessage[]> {
  return (await channelAt(slack.url, CHANNEL).messages()).filter((message) => peeringOf(message) !== "");
}

/** The writes that the cloud was asked for, in their order; a dry run is none. */
export async function writeCallsOf(world: World): ReturnType<World["journal"]> {
  return (await world.journal()).filter(({ kind }) => kind === "write");
}

/** Their names. */
export async function writes(world: World): Promise<readonly string[]> {
  return (await writeCallsOf(world)).map(({ action }) => action);
}

/** Everything that anybody ever asked for and got a record of, newest first. */
export function peerings({ store }: World): Promise<readonly StoredPeering[]> {
  return store.peerings({ show: "all", person: { teamId: "", userId: "" }, limit: 100 });
}

/** The bot's clock, with a hand to turn it forward. Queued jobs follow the database's. */
export function handClock(): Clock & { readonly advance: (ms: number) => void } {
  let aheadMs = 0;
  return {
    ...systemClock,
    now: () => systemClock.now() + aheadMs,
    advance: (ms) => {
      aheadMs += ms;
    },
  };
}

/** Calls of one Slack method, in the order of their answers. */
export async function callsOf(
  { slack }: World,
  method: string,
): Promise<ReadonlyArray<Extract<JournalEntry, { kind: "call" }>>> {
  const entries = await workspaceAt(slack.url).journal();
  return entries.flatMap((entry) => (entry.kind === "call" && entry.method === method ? [entry] : []));
}

// ── The network behind it ────────────────────────────────────────────────────────────────────────────────────────────

export interface NetworkState {
  readonly regions: Readonly<Record<string, RegionState>>;
}

interface RegionState {
  readonly regionId: string;
  readonly vpcs: ReadonlyArray<{ readonly vpcId: string; readonly vpcName: string; readonly vRouterId: string }>;
  readonly vSwitches: ReadonlyArray<{
    readonly vSwitchId: string;
    readonly vSwitchName: string;
    readonly vpcId: string;
  }>;
  readonly routeTables: ReadonlyArray<{
    readonly routeTableId: string;
    readonly routeTableType: string;
    readonly vpcId: string;
  }>;
  readonly routeEntries: ReadonlyArray<{
    readonly routeTableId: string;
    readonly destinationCidrBlock: string;
    readonly vpcId: string;
  }>;
  readonly routerInterfaces: ReadonlyArray<{
    readonly routerInterfaceId: string;
    readonly vpcId: string;
    readonly name: string;
  }>;
  readonly securityGroups: ReadonlyArray<{
    readonly securityGroupId: string;
    readonly securityGroupName: string;
    readonly vpcId: string;
  }>;
  readonly instances: ReadonlyArray<{
    readonly instanceId: string;
    readonly instanceName: string;
    readonly vpcId: string;
  }>;
}

/** The cloud behaves again. */
export async function clearDials({ alibaba }: World): Promise<void> {
  await fetch(`${alibaba.url}/_sandbox/dials`, { method: "DELETE" });
}

export async function network(world: World): Promise<NetworkState> {
  return (await world.cloud("state")) as NetworkState; // The control API's own shape.
}

/** A seeded VPC by its name, with what its region holds of it. */
export async function vpcNamed(
  world: World,
  name: string,
): Promise<{ readonly regionId: string; readonly vpcId: string; readonly region: RegionState }> {
  for (const region of Object.values((await network(world)).regions)) {
    const vpc = region.vpcs.find(({ vpcName }) => vpcName === name);
    if (vpc) return { regionId: region.regionId, vpcId: vpc.vpcId, region };
  }
  throw new Error(`there is no VPC ${name}`);
}
