import { deliver, expectedMs, type RunPlace, stop } from "../commands/run.ts";
import { flag, integer, invalid, requiredText, text, texts } from "../parameters.ts";
import { refuse } from "../refusal.ts";
import { type Call, type Operation, siteOf } from "../simulation.ts";
import { TIMES } from "../times.ts";
import type { CommandRun, Invocation } from "../world.ts";
import { readTags } from "./find.ts";

const TYPES_BY_OS = { linux: ["RunShellScript"], windows: ["RunPowerShellScript", "RunBatScript"] } as const;

/** Invocations kept per region; older ones are forgotten. */
const INVOCATIONS_MAX = 10_000;
const TIMEOUT_SECONDS = { min: 10, max: 86_400, fallback: 60 };

/**
 * Runs a command once on instances, see `commands/shell-syntax.ts` and `commands/powershell-syntax.ts` for what they understand.
 *
 * https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-runcommand (read 2026-08-22)
 */
export const runCommand: Operation = {
  kind: "write",
  run(call) {
    const { parameters } = call;
    const type = requiredText(parameters, "Type");
    const instanceIds = readInstanceIds(call, type);
    refuseSchedules(call);
    const site = siteOf(call);
    const invocation: Invocation = {
      invokeId: site.id("t", ""),
      commandId: site.id("c", ""),
      name: text(parameters, "Name") ?? "",
      description: text(parameters, "Description") ?? "",
      type,
      contentBase64: readContent(call),
      timeoutS: integer(parameters, "Timeout", TIMEOUT_SECONDS),
      username: text(parameters, "Username") ?? "",
      workingDir: text(parameters, "WorkingDir") ?? "",
      tags: readTags(parameters, "Tag").map((tag) => ({ key: tag.key, value: tag.value ?? "" })),
      createdAt: call.agenda.now(),
      runs: instanceIds.map(newRun),
    };
    const { invocations } = call.region;
    invocations.set(invocation.invokeId, invocation);
    const oldest = invocations.keys().next().value;
    if (invocations.size > INVOCATIONS_MAX && oldest !== undefined) invocations.delete(oldest);
    for (const run of invocation.runs) deliver(placeOf(call, invocation, run), call.answeredAt);
    return {
      body: { CommandId: invocation.commandId, InvokeId: invocation.invokeId },
      settlesAfterMs: Math.max(...invocation.runs.map((run) => expectedMs(placeOf(call, invocation, run)))),
    };
  },
};

/** Stops a command on all of its instances, or on those that are named. */
export const stopInvocation: Operation = {
  kind: "write",
  run(call) {
    const invocation = call.region.invocations.get(requiredText(call.parameters, "InvokeId"));
    if (invocation === undefined) {
      refuse({ status: 404, code: "InvalidInvokeId.NotFound", message: "The specified InvokeId does not exist." });
    }
    const ids = texts(call.parameters, "InstanceId");
    const runs = invocation.runs.filter((run) => ids.length === 0 || ids.includes(run.instanceId));
    for (const run of runs) stop(placeOf(call, invocation, run), call.answeredAt);
    return { body: {}, settlesAfterMs: TIMES.commandStop };
  },
};

function placeOf(call: Call, invocation: Invocation, run: CommandRun): RunPlace {
  return { world: call.world, agenda: call.agenda, region: call.region, invocation, run };
}

function readInstanceIds(call: Call, type: string): ReadonlyArray<string> {
  const ids = texts(call.parameters, "InstanceId");
  if (ids.length === 0) {
    refuse({ status: 400, code: "MissingInstanceId", message: "InstanceId is mandatory for this action." });
  }
  if (ids.length > Number(call.facts.answer("command-instances-limit"))) {
    const message = "The number of the specified instances exceeds the limit.";
    refuse({ status: 403, code: "InstanceIds.ExceedLimit", message });
  }
  const instances = ids.map(
    (id) =>
      call.region.instances.get(id) ??
      refuse({ status: 404, code: "InvalidInstance.NotFound", message: "The specified instances do not exist." }),
  );
  const types: ReadonlyArray<string> = [...TYPES_BY_OS.linux, ...TYPES_BY_OS.windows];
  if (!types.includes(type)) {
    refuse({ status: 403, code: "InvalidCmdType.NotFound", message: "The specified command type does not exist." });
  }
  if (instances.some((instance) => !TYPES_BY_OS[instance.image.osType].some((known) => known === type))) {
    const message = "The specified command type does not match the operating system of an instance.";
    refuse({ status: 403, code: "InvalidInstance.NotMatch", message });
  }
  return [...new Set(ids)];
}

/** Only commands that run once and at once are simulated. */
function refuseSchedules({ parameters }: Call): void {
  const mode = text(parameters, "RepeatMode") ?? "Once";
  if (mode === "Once" && !flag(parameters, "EnableParameter")) return;
  refuse(invalid(mode === "Once" ? "EnableParameter" : "RepeatMode"));
}

function readContent(call: Call): string {
  const content = requiredText(call.parameters, "CommandContent");
  const isBase64 = text(call.parameters, "ContentEncoding")?.toLowerCase() === "base64";
  if (isBase64 && !/^[A-Za-z0-9+/]+={0,2}$/.test(content)) {
    refuse({ status: 403, code: "CmdContent.DecodeError", message: "The CommandContent can not be base64 decoded." });
  }
  const encoded = isBase64 ? content : Buffer.from(content).toString("base64");
  const kilobytes = call.facts.answer("command-content-limit") === "24-KB" ? 24 : 16;
  if (encoded.length > kilobytes * 1_024) {
    const message = "The length of the command content exceeds the limit.";
    refuse({ status: 403, code: "CmdContent.ExceedLimit", message });
  }
  return encoded;
}

function newRun(instanceId: string): CommandRun {
  return {
    instanceId,
    status: "Pending",
    exitCode: undefined,
    output: "",
    errorCode: "",
    errorInfo: "",
    startedAt: undefined,
    finishedAt: undefined,
    stoppedAt: undefined,
  };
}
