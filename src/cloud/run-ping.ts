import { RunCommandRequest } from "@alicloud/ecs20140526";
import { z } from "zod";
import type { Answered, PingOrder } from "../ports.ts";
import type { Cloud } from "./call.ts";
import { PING_TIMEOUT_S, pingScript } from "./ping-script.ts";

const CommandStarted = z.object({ requestId: z.string(), invokeId: z.string().min(1) });

/**
 * The one fixed script on one instance. The encoding is named because its default differs from CreateCommand's.
 *
 * https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-runcommand (read 2026-08-22)
 */
export function runPing(
  { clients, call }: Cloud,
  { regionId, instanceId, username, targetIp, name }: PingOrder,
  clientToken: string,
): Promise<Answered & { readonly invokeId: string }> {
  const request = new RunCommandRequest({
    regionId,
    instanceId: [instanceId],
    type: "RunShellScript",
    commandContent: Buffer.from(pingScript(targetIp)).toString("base64"),
    contentEncoding: "Base64",
    username,
    workingDir: "/tmp",
    timeout: PING_TIMEOUT_S,
    name,
    clientToken,
  });
  return call("RunCommand", regionId, () => clients.ecs(regionId).runCommand(request), CommandStarted);
}
