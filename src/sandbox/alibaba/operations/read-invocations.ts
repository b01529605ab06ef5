import { OUTPUT_BYTES_MAX } from "../commands/run.ts";
import { numberedPage, pagesByToken, tokenPage } from "../paging.ts";
import { flag, type Parameters, text } from "../parameters.ts";
import { type Call, type Operation, timeText } from "../simulation.ts";
import type { CommandRun, Instance, Invocation } from "../world.ts";
import { carriesTags, matches } from "./find.ts";

/** Commands with the instances they ran on; outputs only with IncludeOutput. */
export const describeInvocations: Operation = {
  kind: "read",
  run(call) {
    const { parameters } = call;
    const instanceId = text(parameters, "InstanceId");
    const found = [...call.region.invocations.values()].filter(
      (invocation) =>
        matches(parameters, "InvokeId", invocation.invokeId) &&
        matches(parameters, "CommandId", invocation.commandId) &&
        matches(parameters, "CommandName", invocation.name) &&
        matches(parameters, "CommandType", invocation.type) &&
        matches(parameters, "InvokeStatus", overallRecordStatus(invocation)) &&
        matches(parameters, "RepeatMode", "Once") &&
        (instanceId === undefined || invocation.runs.some((run) => run.instanceId === instanceId)) &&
        carriesTags(parameters, invocation.tags),
    );
    const { items, numbers } = page(found.toReversed(), parameters);
    return { body: { ...numbers, Invocations: { Invocation: items.map((each) => shownInvocation(call, each)) } } };
  },
};

/** Results, one per command and instance; the output is Base64 unless PlainText is asked for. */
export const describeInvocationResults: Operation = {
  kind: "read",
  run(call) {
    const { parameters } = call;
    const found = [...call.region.invocations.values()]
      .filter(
        (invocation) =>
          matches(parameters, "InvokeId", invocation.invokeId) &&
          matches(parameters, "CommandId", invocation.commandId) &&
          carriesTags(parameters, invocation.tags),
      )
      .flatMap((invocation) => invocation.runs.map((run) => ({ invocation, run })))
      .filter(
        ({ run }) =>
          matches(parameters, "InstanceId", run.instanceId) &&
          matches(parameters, "InvokeRecordStatus", recordStatus(run)),
      );
    const { items, numbers } = page(found, parameters);
    const results = items.map(({ invocation, run }) => shownResult(call, invocation, run));
    return { body: { Invocation: { ...numbers, InvocationResults: { InvocationResult: results } } } };
  },
};

function page<Item>(
  found: ReadonlyArray<Item>,
  parameters: Parameters,
): { items: ReadonlyArray<Item>; numbers: Readonly<Record<string, unknown>> } {
  if (pagesByToken(parameters)) {
    const size = { parameter: "MaxResults", fallback: 10, min: 1, max: 50 } as const;
    const { items, NextToken } = tokenPage(found, parameters, size);
    return { items, numbers: { NextToken } };
  }
  const { items, ...numbers } = numberedPage(found, parameters, { fallback: 10, max: 50 });
  return { items, numbers: { ...numbers, NextToken: "" } };
}

function shownInvocation(call: Call, invocation: Invocation): Readonly<Record<string, unknown>> {
  const withOutput = flag(call.parameters, "IncludeOutput");
  return {
    InvokeId: invocation.invokeId,
    CommandId: invocation.commandId,
    CommandName: invocation.name,
    CommandDescription: invocation.description,
    CommandType: invocation.type,
    CommandContent: encoded(call, Buffer.from(invocation.contentBase64, "base64")),
    InvokeStatus: overallRecordStatus(invocation),
    InvocationStatus: overallStatus(invocation),
    CreationTime: timeText(invocation.createdAt),
    Timeout: invocation.timeoutS,
    Username: invocation.username,
    WorkingDir: invocation.workingDir,
    RepeatMode: "Once",
    Frequency: "",
    Timed: false,
    Parameters: "{}",
    TerminationMode: "Process",
    Tags: { Tag: invocation.tags.map((tag) => ({ TagKey: tag.key, TagValue: tag.value })) },
    InvokeInstances: {
      InvokeInstance: invocation.runs.map((run) => ({
        ...shownRun(run),
        InstanceInvokeStatus: recordStatus(run),
        CreationTime: timeText(invocation.createdAt),
        UpdateTime: timeText(run.finishedAt ?? run.startedAt ?? invocation.createdAt),
        // This list says FinishTime where the other one says FinishedTime.
        FinishTime: timeText(run.finishedAt),
        Timed: false,
        ...(withOutput ? shownOutput(call, run) : {}),
      })),
    },
  };
}

function shownResult(call: Call, invocation: Invocation, run: CommandRun): Readonly<Record<string, unknown>> {
  const instance: Instance | undefined = call.region.instances.get(run.instanceId);
  const defaultUser = instance?.image.osType === "windows" ? "System" : "root";
  return {
    ...shownRun(run),
    InvokeId: invocation.invokeId,
    CommandId: invocation.commandId,
    InvokeRecordStatus: recordStatus(run),
    FinishedTime: timeText(run.finishedAt),
    Username: invocation.username === "" ? defaultUser : invocation.username,
    TerminationMode: "Process",
    Tags: { Tag: invocation.tags.map((tag) => ({ TagKey: tag.key, TagValue: tag.value })) },
    ...shownOutput(call, run),
  };
}

function shownRun(run: CommandRun): Readonly<Record<string, unknown>> {
  return {
    InstanceId: run.instanceId,
    InvocationStatus: run.status,
    ErrorCode: run.errorCode,
    ErrorInfo: run.errorInfo,
    StartTime: timeText(run.startedAt),
    StopTime: timeText(run.stoppedAt),
    Repeats: run.finishedAt === undefined ? 0 : 1,
    // Left out until the command has ended by itself.
    ...(run.exitCode === undefined ? {} : { ExitCode: run.exitCode }),
  };
}

/** The end of the output, where it is too long; Dropped counts the bytes before it. */
function shownOutput(call: Call, run: CommandRun): Readonly<Record<string, unknown>> {
  const bytes = Buffer.from(run.output);
  const dropped = Math.max(0, bytes.length - OUTPUT_BYTES_MAX);
  return { Output: encoded(call, bytes.subarray(dropped)), Dropped: dropped };
}

function encoded(call: Call, bytes: Buffer): string {
  const isPlain = text(call.parameters, "ContentEncoding")?.toLowerCase() === "plaintext";
  return bytes.toString(isPlain ? "utf8" : "base64");
}

function recordStatus(run: CommandRun): "Running" | "Finished" | "Failed" | "Stopping" | "Stopped" {
  switch (run.status) {
    case "Pending":
    case "Running":
      return "Running";
    case "Success":
    case "Failed":
      return "Finished";
    case "Stopping":
      return "Stopping";
    case "Cancelled":
    case "Terminated":
      return "Stopped";
    case "Invalid":
    case "Aborted":
    case "Timeout":
      return "Failed";
  }
}

function overallRecordStatus(invocation: Invocation): string {
  const statuses = new Set(invocation.runs.map(recordStatus));
  const [only] = statuses;
  if (statuses.size === 1) return only ?? "Running";
  if (statuses.has("Running") || statuses.has("Stopping")) return "Running";
  return "PartialFailed";
}

function overallStatus(invocation: Invocation): string {
  const statuses = new Set(invocation.runs.map((run) => run.status));
  const [only] = statuses;
  if (statuses.size === 1) return only ?? "Pending";
  if (["Pending", "Running", "Stopping"].some((status) => [...statuses].some((each) => each === status)))
    return "Running";
  return statuses.has("Success") ? "PartialFailed" : "Failed";
}
