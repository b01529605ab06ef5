import { numberedPage, pagesByToken, tokenPage } from "../paging.ts";
import { text, texts } from "../parameters.ts";
import { type Call, type Operation, timeText } from "../simulation.ts";
import type { Instance } from "../world.ts";

/** Instances whose agent status can be asked for by id in one call. */
const LIST = "InstanceCloudAssistantStatusSet";

/** Whether the agent of each instance answers; the status is the text "true" or "false". */
export const describeCloudAssistantStatus: Operation = {
  kind: "read",
  run(call) {
    const ids = texts(call.parameters, "InstanceId");
    const osType = text(call.parameters, "OSType")?.toLowerCase();
    const found = [...call.region.instances.values()].filter(
      (instance) =>
        (ids.length === 0 || ids.includes(instance.instanceId)) &&
        (osType ?? instance.image.osType) === instance.image.osType,
    );
    if (pagesByToken(call.parameters)) {
      const page = tokenPage(found, call.parameters, { parameter: "MaxResults", fallback: 10, min: 1, max: 50 });
      return { body: { NextToken: page.NextToken, [LIST]: shownAll(call, page.items) } };
    }
    // Paging has no effect on instances that are asked for by id.
    const fallback = Math.max(10, ids.length);
    const { items, ...numbers } = numberedPage(found, call.parameters, { fallback, max: 100 });
    return { body: { ...numbers, NextToken: "", [LIST]: shownAll(call, items) } };
  },
};

function shownAll(call: Call, instances: ReadonlyArray<Instance>): Readonly<Record<string, unknown>> {
  return { InstanceCloudAssistantStatus: instances.map((instance) => shown(call, instance)) };
}

function shown(call: Call, instance: Instance): Readonly<Record<string, unknown>> {
  const runs = [...call.region.invocations.values()]
    .flatMap((invocation) => invocation.runs.map((run) => ({ run, createdAt: invocation.createdAt })))
    .filter(({ run }) => run.instanceId === instance.instanceId);
  const answers = instance.agentOnline && instance.status === "Running";
  return {
    InstanceId: instance.instanceId,
    CloudAssistantStatus: String(answers),
    CloudAssistantVersion: instance.image.osType === "windows" ? "2.1.3.900" : "2.2.3.900",
    OSType: instance.image.osType === "windows" ? "Windows" : "Linux",
    LastHeartbeatTime: answers ? timeText(call.agenda.now()) : "",
    LastInvokedTime: timeText(runs.at(-1)?.createdAt),
    InvocationCount: runs.length,
    ActiveTaskCount: runs.filter(({ run }) => run.status === "Pending" || run.status === "Running").length,
    SupportSessionManager: true,
  };
}
