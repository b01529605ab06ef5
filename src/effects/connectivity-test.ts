/**
 * The test each way. Everything that goes to an instance was read from the cloud a moment before: whether its owner
 * opted in, and the address of the other end.
 */
import type { Instance } from "../../machines/network/facts.ts";
import type { RunConnectivityTest } from "../../machines/peering/effects.ts";
import { markOf } from "../../machines/peering/mark.ts";
import { CloudFailure } from "../ports.ts";
import { started, type StepAnswer, type StepContext } from "./step.ts";

/** Delivery takes seconds, and the script ends or is ended within a minute. */
const TEST_GIVE_UP_MS = 120_000;

export async function runConnectivityTest(
  { peering, reader, writer }: StepContext,
  effect: RunConnectivityTest,
): Promise<StepAnswer> {
  const { regionId, instanceId, targetRegionId, targetInstanceId, ping, ports } = effect;
  const tries = { ping, ports };
  const [source, target] = await Promise.all([
    reader.instance(regionId, instanceId),
    reader.instance(targetRegionId, targetInstanceId),
  ]);
  const from = ready(source, instanceId);
  if (!target || target.status !== "Running") throw cannotRun(target ? "notRunning" : "unknown", targetInstanceId);
  const { invokeId, requestId } = await writer.runTest({
    regionId,
    instanceId,
    osType: from.osType,
    // BusyBox's ping needs root; the others have the capability for everybody.
    username: ping && /alpine|busybox/i.test(from.osName) ? "root" : "nobody",
    targetIp: target.privateIp,
    tries,
    name: markOf(peering.id),
  });
  return started(
    [
      {
        key: `invocation:${invokeId}`,
        regionId,
        target: {
          kind: "invocation",
          id: invokeId,
          from: { instanceId, ip: from.privateIp },
          to: { instanceId: targetInstanceId, ip: target.privateIp },
        },
        giveUpAfterMs: TEST_GIVE_UP_MS,
      },
    ],
    [{ api: "RunCommand", regionId, requestId, subject: invokeId }],
  );
}

function ready(source: Instance | null, id: string): Instance {
  if (!source) throw cannotRun("unknown", id);
  if (source.status !== "Running") throw cannotRun("notRunning", id);
  if (!source.optedIn) throw cannotRun("notOptedIn", id);
  if (!source.assistantOnline) throw cannotRun("assistantOffline", id);
  return source;
}

/** The code is ours, a `TestInstanceProblem`; the message names the instance. */
function cannotRun(code: string, instanceId: string): CloudFailure {
  return new CloudFailure({ kind: "testCouldNotRun", api: "RunCommand", code, requestId: "", message: instanceId });
}
