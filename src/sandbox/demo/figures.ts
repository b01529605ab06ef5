/**
 * The figures of one story, from the journals of the two fakes: what was asked of them, and how long the cloud itself
 * needed.
 */
import type { Parts } from "../parts.ts";
import { workspaceAt } from "../slack/client.ts";
import type { StoryEnd } from "./story.ts";

export interface Figures {
  readonly state: string;
  readonly speed: number;
  /** Approval to the end of the last ping, real ms. */
  readonly wallMs: number;
  /** The longest chain of the cloud's own times in the same run, real ms. */
  readonly criticalPathMs: number;
  readonly cloudWrites: number;
  readonly cloudReads: number;
  readonly slackCalls: number;
  readonly resources: readonly string[];
  /** From the start of the bot's process, on an empty data directory, to its readiness. */
  readonly botReadyMs: number;
  readonly botPeakMemoryMb: number | null;
  readonly pings: readonly string[];
}

/** One line of the simulated cloud's journal, as much of it as is read here. */
interface CloudEntry {
  readonly at: number;
  readonly endedAt: number;
  readonly action: string;
  readonly regionId: string;
  readonly kind: "read" | "write";
  readonly status: number;
  readonly latencyMs: number;
  readonly settlesAfterMs: number;
  readonly answer: unknown;
}

export async function measure(
  { alibaba, slack, bot }: Omit<Parts, "close">,
  end: StoryEnd,
  speed: number,
): Promise<Figures> {
  const entries = await cloudJournal(alibaba.url);
  const calls = (await workspaceAt(slack.url).journal()).filter(({ kind }) => kind === "call");
  const writes = entries.filter(({ kind, status }) => kind === "write" && status === 200);
  const lastPing = writes
    .filter(({ action }) => action === "RunCommand")
    .map((entry) => entry.endedAt + entry.settlesAfterMs / speed);
  return {
    state: end.isVerified ? "verified" : end.title,
    speed,
    wallMs: Math.round(Math.max(...lastPing) - end.approvedAt),
    criticalPathMs: Math.round(criticalPathMs(writes) / speed),
    cloudWrites: entries.filter(({ kind }) => kind === "write").length,
    cloudReads: entries.filter(({ kind }) => kind === "read").length,
    slackCalls: calls.length,
    resources: made(writes),
    botReadyMs: bot?.readyMs ?? 0,
    botPeakMemoryMb: bot?.peakMemoryMb() ?? null,
    pings: end.results,
  };
}

/**
 * Cloud ms that the story needs when nobody dawdles: each stage of writes side by side takes as long as its slowest, and
 * the stages follow each other: create ‖ create → modify ‖ modify → connect → routes ‖ routes → rules → tests ‖ tests.
 * Reads are the bot's own doing and count as delay.
 */
function criticalPathMs(writes: readonly CloudEntry[]): number {
  const stages = [
    ["CreateRouterInterface", "CreateVpcPeerConnection"],
    ["ModifyRouterInterfaceAttribute"],
    ["ConnectRouterInterface"],
    ["CreateRouteEntry"],
    ["AuthorizeSecurityGroup", "AuthorizeSecurityGroupEgress"],
    ["RunCommand"],
  ];
  return stages.reduce((sum, actions) => {
    const times = writes
      .filter(({ action }) => actions.includes(action))
      .map(({ latencyMs, settlesAfterMs }) => latencyMs + settlesAfterMs);
    return sum + Math.max(0, ...times);
  }, 0);
}

async function cloudJournal(url: string): Promise<readonly CloudEntry[]> {
  const response = await fetch(`${url}/_sandbox/journal?since=0`);
  const { entries } = (await response.json()) as { entries: readonly CloudEntry[] };
  return entries;
}

/** What a successful write calls the thing it made. */
const MADE_BY: Readonly<Record<string, string>> = {
  CreateRouterInterface: "RouterInterfaceId",
  CreateVpcPeerConnection: "InstanceId",
  CreateRouteEntry: "RouteEntryId",
};

function made(writes: readonly CloudEntry[]): readonly string[] {
  return writes.flatMap(({ action, answer }) => {
    const key = MADE_BY[action];
    const id =
      key && typeof answer === "object" && answer !== null
        ? Object.entries(answer).find(([name]) => name === key)
        : null;
    return id ? [String(id[1])] : [];
  });
}
