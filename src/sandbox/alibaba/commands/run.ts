import type { Agenda } from "../agenda.ts";
import { reach } from "../reachability.ts";
import { TIMES } from "../times.ts";
import type { CommandRun, Instance, Invocation, InvocationStatus, Region, World } from "../world.ts";
import { busyboxText, iputilsText, type Probe } from "./ping-text.ts";
import { roundTripMs } from "./round-trip.ts";
import { parseShell, type PingCommand } from "./shell.ts";

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
 * Pings are asked of the state of the world at the moment each request is sent, so that what becomes available halfway
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

/** How long a command takes from its acceptance to its end, in ms of cloud time, if nothing goes wrong. */
export function expectedMs(invocation: Invocation): number {
  const command = parseShell(scriptOf(invocation));
  if (command.kind === "notSimulated") return TIMES.commandStart;
  const untilCounted = command.count === undefined ? Infinity : command.count * command.intervalMs;
  const runsMs = Math.min(untilCounted, command.deadlineMs ?? Infinity, invocation.timeoutS * 1_000);
  return TIMES.commandStart + runsMs;
}

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
  const instance = place.region.instances.get(place.run.instanceId);
  const command = parseShell(scriptOf(place.invocation));
  if (instance === undefined) return;
  if (command.kind === "notSimulated" || instance.image.ping === "none") {
    const word = command.kind === "notSimulated" ? command.word : "ping";
    exit(place.run, { exitCode: 127, output: `sh: ${word}: not simulated\n`, now });
  } else if (instance.image.ping === "busybox" && userOf(place.invocation, instance) !== "root") {
    exit(place.run, { exitCode: 1, output: "ping: permission denied (are you root?)\n", now });
  } else {
    sendProbe(place, { instance, command, startedAt: now, probes: [] }, now);
  }
}

interface Pinging {
  readonly instance: Instance;
  readonly command: PingCommand;
  readonly startedAt: number;
  readonly probes: Probe[];
}

function sendProbe(place: RunPlace, pinging: Pinging, now: number): void {
  const { instance, command, startedAt } = pinging;
  if (place.run.status !== "Running") return;
  if (instance.status !== "Running") {
    const errorInfo = "the command execution has been interrupted";
    end(place.run, { status: "Terminated", errorCode: "ExecutionInterrupted", errorInfo, now });
    return;
  }
  const probe = { sentAt: now, roundTripMs: reply(place, pinging) };
  pinging.probes.push(probe);
  const nextAt = now + command.intervalMs;
  const deadlineAt = startedAt + (command.deadlineMs ?? Infinity);
  if (pinging.probes.length === command.count) {
    const lastWordAt = probe.roundTripMs === undefined ? now + command.waitMs : nextAt;
    place.agenda.at(Math.min(lastWordAt, deadlineAt), (later) => finishPing(place, pinging, later));
  } else if (nextAt >= deadlineAt) {
    place.agenda.at(deadlineAt, (later) => finishPing(place, pinging, later));
  } else {
    place.agenda.at(nextAt, (later) => sendProbe(place, pinging, later));
  }
}

function reply({ world, region }: RunPlace, { instance, command, probes }: Pinging): number | undefined {
  const reached = reach(world, { region, instance }, command.target, { protocol: "ICMP" });
  if (!reached.reached) return undefined;
  const roundTrip = roundTripMs({ from: region.regionId, to: reached.regionId, sequence: probes.length });
  return roundTrip <= command.waitMs ? roundTrip : undefined;
}

function finishPing(place: RunPlace, pinging: Pinging, now: number): void {
  const { command, probes, instance } = pinging;
  if (place.run.status !== "Running") return;
  const received = probes.filter((probe) => probe.roundTripMs !== undefined).length;
  const last = probes.at(-1);
  const text = { command, probes, elapsedMs: (last?.sentAt ?? now) - pinging.startedAt + (last?.roundTripMs ?? 0) };
  const output = instance.image.ping === "busybox" ? busyboxText(text) : iputilsText(text);
  // iputils: with a deadline, fewer replies than asked for is a failure too.
  const isShort = command.deadlineMs !== undefined && command.count !== undefined && received < command.count;
  const failed = received === 0 || (isShort && instance.image.ping === "iputils");
  exit(place.run, { exitCode: failed ? 1 : 0, output, now });
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
