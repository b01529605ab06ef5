import { RunCommandRequest } from "@alicloud/ecs20140526";
import { z } from "zod";
import type { Answered, TestOrder } from "../ports.ts";
import type { Cloud } from "./call.ts";
import { TEST_TIMEOUT_S, testScript } from "./test-script.ts";

const COMMAND_TYPES = { linux: "RunShellScript", windows: "RunPowerShellScript" } as const;

const CommandStarted = z.object({ requestId: z.string(), invokeId: z.string().min(1) });

/**
 * The one fixed script on one instance. The encoding is named because its default differs from CreateCommand's.
 *
 * https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-runcommand (read 2026-08-22)
 */
export function runTest(
  { clients, call }: Cloud,
  { regionId, instanceId, osType, username, targetIp, tries, name }: TestOrder,
  clientToken: string,
): Promise<Answered & { readonly invokeId: string }> {
  const request = new RunCommandRequest({
    regionId,
    instanceId: [instanceId],
    type: COMMAND_TYPES[osType],
    commandContent: Buffer.from(testScript(osType, targetIp, tries)).toString("base64"),
    contentEncoding: "Base64",
    // Windows runs it as System, its default.
    ...(osType === "linux" ? { username, workingDir: "/tmp" } : {}),
    timeout: TEST_TIMEOUT_S,
    name,
    clientToken,
  });
  return call("RunCommand", regionId, () => clients.ecs(regionId).runCommand(request), CommandStarted);
}
