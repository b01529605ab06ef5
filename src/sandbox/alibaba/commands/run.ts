import type { Agenda } from "../agenda.ts";
import { reach } from "../reachability.ts";
import { TIMES } from "../times.ts";
import type { CommandRun, Instance, Invocation, InvocationStatus, Region, World } from "../world.ts";
import type { Service } from "../service.ts";
import type { Host, HostAnswer, Sink, Start } from "./host.ts";
import { powershell } from "./powershell.ts";
import { durationMs, type Later, type Program, start } from "./process.ts";
import { roundTripMs } from "./round-trip.ts";
import { shell } from "./shell.ts";

/** Where a command runs and what it needs to know of the rest of the world. */
export interface RunPlace {
  readonly world: World;
  readonly agenda: Agenda;
  readonly region: Region;
  readonly invocation: Invocation;
  readonly run: CommandRun;
}

/**
 * The agent keeps this many bytes of output, the last ones.
 *
 * https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-describeinvocationresults (read 2026-08-22)
 */
export const OUTPUT_BYTES_MAX = 24 * 1_024;

/**
 * Puts one command on its way to one instance: Pending, then Running, then an end.
 *
 * What it asks of the network it asks of the state of the world at that moment, so that what becomes available halfway
 * counts from then on.
 */
export function deliver(place: RunPlace, acceptedAt: number): void {
  place.agenda.at(acceptedAt + TIMES.commandStart, (now) => {
    if (place.run.status !== "Pending") return;
    const undeliverable = whyUndeliverable(place);
    if (undeliverable !== undefined) {
      end(place.run, { ...undeliverable, now });
      return;
    }
    place.run.status = "Running";
    place.run.startedAt = now;
    place.agenda.at(now + place.invocation.timeoutS * 1_000, (late) => {
      if (place.run.status !== "Running") return;
      const errorInfo = "the command execution has been timeout";
      end(place.run, { status: "Timeout", errorCode: "ExecutionTimeout", errorInfo, now: late });
    });
    execute(place, now);
  });
}

/** How long a command takes from its acceptance to its end, in ms of cloud time, if everything answers at once. */
export function expectedMs({ region, invocation, run }: Omit<RunPlace, "world" | "agenda">): number {
  const instance = region.instances.get(run.instanceId);
  if (instance === undefined) return TIMES.commandStart;
  const runsMs = durationMs((later, now) => {
    const host = { image: instance.image, user: userOf(invocation, instance), later, now, ask: answeredAtOnce };
    return start(programOf(invocation, { host, out: nobodyReads, err: nobodyReads }), later);
  }, invocation.timeoutS * 1_000);
  return TIMES.commandStart + runsMs;
}

const answeredAtOnce: Host["ask"] = (_, { protocol }) => ({
  answer: protocol === "ICMP" ? "echo" : "open",
  roundTripMs: 0,
});
const nobodyReads: Sink = () => {};

/** Asks a command to stop: one that has not begun is cancelled at once, a running one is terminated a moment later. */
export function stop(place: RunPlace, now: number): void {
  const { run } = place;
  if (run.status === "Pending") {
    run.stoppedAt = now;
    end(run, { status: "Cancelled", now });
  }
  if (run.status !== "Running") return;
  run.status = "Stopping";
  run.stoppedAt = now;
  place.agenda.at(now + TIMES.commandStop, (later) => end(run, { status: "Terminated", now: later }));
}

function whyUndeliverable({ region, invocation, run }: RunPlace): Omit<Ending, "now"> | undefined {
  const instance = region.instances.get(run.instanceId);
  if (instance === undefined) {
    return {
      status: "Aborted",
      errorCode: "InstanceReleased",
      errorInfo: "the instance has released when create task",
    };
  }
  if (instance.status !== "Running") {
    const errorInfo = "the instance is not running when create task";
    return { status: "Aborted", errorCode: "InstanceNotRunning", errorInfo };
  }
  if (!instance.agentOnline) {
    const errorInfo = "the aliyun service is not running on the instance";
    return { status: "Aborted", errorCode: "ClientNotRunning", errorInfo };
  }
  if (!instance.image.users.includes(userOf(invocation, instance))) {
    return { status: "Invalid", errorCode: "AccountNotExists", errorInfo: "the specified account does not exists" };
  }
  return undefined;
}

function execute(place: RunPlace, now: number): void {
  const { region, run, invocation, agenda } = place;
  const instance = region.instances.get(run.instanceId);
  if (instance === undefined) return;
  const clock = { now };
  const words: string[] = [];
  const later: Later = (ms, then) =>
    agenda.at(clock.now + ms, (at) => {
      clock.now = at;
      if (run.status !== "Running") return;
      if (instance.status === "Running") then();
      else interrupt(run, at);
    });
  const say = (text: string): void => void words.push(text);
  const program = programOf(invocation, {
    host: {
      image: instance.image,
      user: userOf(invocation, instance),
      later,
      now: () => clock.now,
      ask: (targetIp, service, sequence) => answerFrom(place, instance, { targetIp, service, sequence }),
    },
    out: say,
    err: say,
  });
  const process = start(program, later);
  const finish = (): void => {
    if (run.status === "Running")
      exit(run, { exitCode: process.exitCode ?? 0, output: words.join(""), now: clock.now });
  };
  if (process.exitCode === undefined) process.onEnd.push(finish);
  else finish();
}

function programOf(invocation: Invocation, begun: Pick<Start, "host" | "out" | "err">): Program {
  const script = scriptOf(invocation);
  return invocation.type === "RunShellScript" ? shell(script, begun) : powershell(script, begun);
}

/** Asked of the state of the world at this moment. */
function answerFrom(
  { world, region }: RunPlace,
  instance: Instance,
  { targetIp, service, sequence }: { targetIp: string; service: Service; sequence: number },
): HostAnswer | undefined {
  const reached = reach(world, { region, instance }, targetIp, service);
  if (!reached.reached) return undefined;
  const trip = { from: region.regionId, to: reached.regionId, sequence };
  return { answer: reached.answer, roundTripMs: roundTripMs(trip) };
}

function interrupt(run: CommandRun, now: number): void {
  const errorInfo = "the command execution has been interrupted";
  end(run, { status: "Terminated", errorCode: "ExecutionInterrupted", errorInfo, now });
}

function exit(run: CommandRun, ended: { exitCode: number; output: string; now: number }): void {
  run.exitCode = ended.exitCode;
  run.output = ended.output;
  const status = ended.exitCode === 0 ? "Success" : "Failed";
  const nonzero = { errorCode: "ExitCodeNonzero", errorInfo: "the exit code is not zero" };
  end(run, { status, now: ended.now, ...(ended.exitCode === 0 ? {} : nonzero) });
}

interface Ending {
  readonly status: InvocationStatus;
  readonly errorCode?: string;
  readonly errorInfo?: string;
  readonly now: number;
}

function end(run: CommandRun, ending: Ending): void {
  run.status = ending.status;
  run.errorCode = ending.errorCode ?? "";
  run.errorInfo = ending.errorInfo ?? "";
  run.finishedAt = ending.now;
}

function scriptOf(invocation: Invocation): string {
  return Buffer.from(invocation.contentBase64, "base64").toString("utf8");
}

function userOf(invocation: Invocation, instance: Instance): string {
  if (invocation.username !== "") return invocation.username;
  return instance.image.osType === "windows" ? "System" : "root";
}
