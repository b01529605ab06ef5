import { describe, expect, test } from "vitest";
import { pingCommand, type PingCommand } from "../../../src/sandbox/alibaba/commands/ping-command.ts";
import { busyboxText, iputilsText } from "../../../src/sandbox/alibaba/commands/ping-text.ts";
import { roundTripMs } from "../../../src/sandbox/alibaba/commands/round-trip.ts";

import { peer, ping, resultOf, runOn, type Side, sideOf, tutorialSides } from "./peering.ts";
import { type Answer, refusal, refusedWith, type Sandbox, startSandbox, theOne } from "./sandbox.ts";

function run(sandbox: Sandbox, side: Pick<Side, "regionId" | "instanceId">, more: object = {}): Promise<Answer> {
  return sandbox.ecs("RunCommand", {
    RegionId: side.regionId,
    Type: "RunShellScript",
    CommandContent: "ping -c 3 192.168.1.12",
    ContentEncoding: "PlainText",
    InstanceId: [side.instanceId],
    ...more,
  });
}

describe("the simulated ping", () => {
  const plain: PingCommand = {
    target: "10.0.0.1",
    count: undefined,
    intervalMs: 1_000,
    waitMs: 10_000,
    deadlineMs: undefined,
    size: 56,
    fragments: true,
  };

  test.each([
    ["10.0.0.1", {}],
    ["-c 4 10.0.0.1", { count: 4 }],
    [
      "-n -c10 -W 1 -w15 -i 0.5 -s 1472 10.0.0.1",
      { count: 10, waitMs: 1_000, deadlineMs: 15_000, intervalMs: 500, size: 1_472 },
    ],
    ["10.0.0.1 -c 2 -M do", { count: 2, fragments: false }],
  ])("understands %j", (args, expected) => {
    expect(pingCommand(args.split(" "))).toEqual({ ...plain, ...expected });
  });

  test.each([
    "",
    "example.com",
    "10.0.0.256",
    "::1",
    "-c 1 10.0.0.1 10.0.0.2",
    "-c 0 10.0.0.1",
    "-c x 10.0.0.1",
    "-f 10.0.0.1",
    "-M want 10.0.0.1",
    "-i 0.01 10.0.0.1",
  ])("does not understand %j", (args) => {
    expect(pingCommand(args.split(" "))).toBeUndefined();
  });
});

describe("what ping prints", () => {
  const command: PingCommand = {
    target: "172.16.1.11",
    count: 3,
    intervalMs: 1_000,
    waitMs: 1_000,
    deadlineMs: undefined,
    size: 56,
    fragments: true,
  };
  const probes = [12.412, undefined, 14.021].map((roundTrip, index) => ({
    sentAt: index * 1_000,
    roundTripMs: roundTrip,
  }));
  const none = probes.map((probe) => ({ ...probe, roundTripMs: undefined }));

  test("iputils", () => {
    expect(iputilsText({ command, probes, elapsedMs: 2_014 })).toMatchInlineSnapshot(`
      "PING 172.16.1.11 (172.16.1.11) 56(84) bytes of data.
      64 bytes from 172.16.1.11: icmp_seq=1 ttl=62 time=12.4 ms
      64 bytes from 172.16.1.11: icmp_seq=3 ttl=62 time=14.0 ms

      --- 172.16.1.11 ping statistics ---
      3 packets transmitted, 2 received, 33.3333% packet loss, time 2014ms
      rtt min/avg/max/mdev = 12.412/13.216/14.021/0.805 ms
      "
    `);
    expect(iputilsText({ command, probes: none, elapsedMs: 2_000 })).toMatchInlineSnapshot(`
      "PING 172.16.1.11 (172.16.1.11) 56(84) bytes of data.

      --- 172.16.1.11 ping statistics ---
      3 packets transmitted, 0 received, 100% packet loss, time 2000ms

      "
    `);
  });

  test("BusyBox", () => {
    expect(busyboxText({ command, probes, elapsedMs: 2_014 })).toMatchInlineSnapshot(`
      "PING 172.16.1.11 (172.16.1.11): 56 data bytes
      64 bytes from 172.16.1.11: seq=0 ttl=62 time=12.412 ms
      64 bytes from 172.16.1.11: seq=2 ttl=62 time=14.021 ms

      --- 172.16.1.11 ping statistics ---
      3 packets transmitted, 2 packets received, 33% packet loss
      round-trip min/avg/max = 12.412/13.216/14.021 ms
      "
    `);
    expect(busyboxText({ command, probes: none, elapsedMs: 2_000 })).toMatchInlineSnapshot(`
      "PING 172.16.1.11 (172.16.1.11): 56 data bytes

      --- 172.16.1.11 ping statistics ---
      3 packets transmitted, 0 packets received, 100% packet loss
      "
    `);
  });

  test("round trips are the same on every run and both ways, and grow with the distance", () => {
    const trip = { from: "cn-qingdao", to: "cn-beijing", sequence: 3 };
    expect(roundTripMs(trip)).toBe(roundTripMs({ from: trip.to, to: trip.from, sequence: 3 }));
    expect(roundTripMs({ ...trip, to: "cn-qingdao" })).toBeLessThan(1);
    expect(roundTripMs({ ...trip, to: "eu-central-1" })).toBeGreaterThan(100);
  });
});

describe("a command on its way", () => {
  test("is Pending, Running, then Success, and its exit code comes only with the end", async () => {
    const sandbox = await startSandbox();
    const { initiator } = await tutorialSides(sandbox);
    const { InvokeId, CommandId } = await run(sandbox, initiator);
    expect([InvokeId.slice(0, 5), CommandId.slice(0, 5)]).toEqual(["t-m5e", "c-m5e"]);

    const now = (): Promise<Answer> => resultOf(sandbox, "cn-qingdao", InvokeId);
    await expect(now()).resolves.toMatchObject({
      InvocationStatus: "Pending",
      InvokeRecordStatus: "Running",
      StartTime: "",
    });
    await sandbox.step(1_750);
    const running = await now();
    expect(running).toMatchObject({ InvocationStatus: "Running", InvokeRecordStatus: "Running", Output: "" });
    expect(running).not.toHaveProperty("ExitCode");
    await sandbox.step(3_000);
    const ended = await now();
    expect(ended).toMatchObject({
      InvocationStatus: "Success",
      InvokeRecordStatus: "Finished",
      ExitCode: 0,
      ErrorCode: "",
      Username: "root",
      Dropped: 0,
    });
    expect(Date.parse(ended["FinishedTime"]) - Date.parse(ended["StartTime"])).toBe(3_000);
  });

  test("ten pings take ten seconds, and the last reply that does not come takes its -W", async () => {
    const sandbox = await startSandbox();
    const { initiator } = await tutorialSides(sandbox);
    const seconds = async (command: string): Promise<number> => {
      const result = await runOn(sandbox, initiator, command);
      return (Date.parse(result["FinishedTime"]) - Date.parse(result["StartTime"])) / 1_000;
    };
    expect(await seconds("ping -c 10 192.168.1.12")).toBe(10);
    expect(await seconds("ping -c 10 -W 1 192.168.1.99")).toBe(10);
    expect(await seconds("ping -c 10 -W 5 192.168.1.99")).toBe(14);
    expect(await seconds("ping -c 10 -W 5 -w 4 192.168.1.99")).toBe(4);
  });

  test("with a deadline fewer replies than asked for are a failure to iputils", async () => {
    const sandbox = await startSandbox();
    const { initiator } = await tutorialSides(sandbox);
    const result = await runOn(sandbox, initiator, "ping -c 10 -w 3 192.168.1.12");
    expect(result).toMatchObject({ ExitCode: 1, InvocationStatus: "Failed" });
    expect(result["Output"]).toContain("3 packets transmitted, 3 received, 0% packet loss");
  });

  test("a ping without count runs into its timeout", async () => {
    const sandbox = await startSandbox();
    const { initiator } = await tutorialSides(sandbox);
    const result = await runOn(sandbox, initiator, "ping 192.168.1.12", { Timeout: 20 });
    expect(result).toMatchObject({
      InvocationStatus: "Timeout",
      ErrorCode: "ExecutionTimeout",
      InvokeRecordStatus: "Failed",
    });
    expect(result).not.toHaveProperty("ExitCode");
  });

  test("can be stopped: cancelled before it runs, terminated while it does", async () => {
    const sandbox = await startSandbox();
    const { initiator } = await tutorialSides(sandbox);
    const early = await run(sandbox, initiator);
    const stop = (InvokeId: string): Promise<Answer> =>
      sandbox.ecs("StopInvocation", { RegionId: "cn-qingdao", InvokeId });
    await stop(early["InvokeId"]);
    expect(await resultOf(sandbox, "cn-qingdao", early["InvokeId"])).toMatchObject({
      InvocationStatus: "Cancelled",
      InvokeRecordStatus: "Stopped",
    });

    const late = await run(sandbox, initiator, { CommandContent: "ping 192.168.1.12" });
    await sandbox.step(3_000);
    await stop(late["InvokeId"]);
    expect(await resultOf(sandbox, "cn-qingdao", late["InvokeId"])).toMatchObject({ InvocationStatus: "Stopping" });
    await sandbox.step(1_250);
    expect(await resultOf(sandbox, "cn-qingdao", late["InvokeId"])).toMatchObject({ InvocationStatus: "Terminated" });
    expect(await refusedWith(stop("t-m5enothere"))).toBe("InvalidInvokeId.NotFound");
  });

  test("keeps the end of an output that is too long", async () => {
    const sandbox = await startSandbox();
    const { initiator } = await tutorialSides(sandbox);
    const result = await runOn(sandbox, initiator, "ping -c 500 -i 0.2 192.168.1.12", { Timeout: 110 });
    expect(result["Output"]).toHaveLength(24 * 1_024);
    expect(result["Dropped"]).toBeGreaterThan(0);
    expect(result["Output"]).toContain("500 packets transmitted, 500 received");
    expect(result["Output"]).not.toContain("icmp_seq=1 ");
  });
});

describe("where a command cannot run", () => {
  test.each([
    ["offline-agent", {}, { InvocationStatus: "Aborted", ErrorCode: "ClientNotRunning" }],
    ["stopped-host", {}, { InvocationStatus: "Aborted", ErrorCode: "InstanceNotRunning" }],
    ["no-test-host", { Username: "deploy" }, { InvocationStatus: "Invalid", ErrorCode: "AccountNotExists" }],
  ])("on %s with %o it ends as %o", async (vpcName, more, expected) => {
    const sandbox = await startSandbox();
    const side = await sideOf(sandbox, { regionId: "cn-beijing", vpcName });
    const result = await runOn(sandbox, side, "ping -c 1 10.0.0.1", more);
    expect(result).toMatchObject(expected);
    expect(result).not.toHaveProperty("ExitCode");
  });

  test("an instance that stops halfway takes the command with it", async () => {
    const sandbox = await startSandbox();
    const { initiator } = await tutorialSides(sandbox);
    const { InvokeId } = await run(sandbox, initiator);
    await sandbox.step(3_000);
    const edited = { regionId: "cn-qingdao", kind: "instance", id: initiator.instanceId };
    await sandbox.control("POST", "edit", { ...edited, set: { status: "Stopped" } });
    await sandbox.step(3_000);
    const result = await resultOf(sandbox, "cn-qingdao", InvokeId);
    expect(result).toMatchObject({ InvocationStatus: "Terminated", ErrorCode: "ExecutionInterrupted" });
  });

  test("BusyBox pings as root and not as nobody; iputils does both", async () => {
    const sandbox = await startSandbox();
    const initiator = await sideOf(sandbox, { regionId: "cn-qingdao", vpcName: "alpine-host" });
    const acceptor = await sideOf(sandbox, { regionId: "cn-beijing", vpcName: "shared-data" });
    await peer(sandbox, { initiator, acceptor });
    expect((await ping(sandbox, initiator, acceptor.privateIp))["Output"]).toContain(
      "10 packets received, 0% packet loss",
    );
    const script = `ping -c 1 ${acceptor.privateIp}`;
    expect(await runOn(sandbox, initiator, script, { Username: "nobody" })).toMatchObject({
      ExitCode: 1,
      Output: "ping: permission denied (are you root?)\n",
      Username: "nobody",
    });
    const back = await runOn(sandbox, acceptor, `ping -c 1 ${initiator.privateIp}`, { Username: "nobody" });
    expect(back).toMatchObject({ ExitCode: 0, Username: "nobody" });
  });

  test("PowerShell says what it cannot do, and does nothing", async () => {
    const sandbox = await startSandbox();
    const windows = await sideOf(sandbox, { regionId: "cn-shanghai", vpcName: "windows-host" });
    const says = async (script: string): Promise<Answer> =>
      runOn(sandbox, windows, script, { Type: "RunPowerShellScript" });

    for (const script of ["Restart-Computer", "$a = 1 | Out-Null", "if ($a", "$b.Dispose()", '"$(1 + 1)"'])
      expect(await says(script)).toMatchObject({ ExitCode: 127, Output: expect.stringContaining("not simulated") });
    expect(await says("$a = 'x'\n$a += 1\nif ($a -eq 'X1') { \"is $a\" }")).toMatchObject({ Output: "is x1\r\n" });
  });

  test("a shell script does not fit Windows", async () => {
    const sandbox = await startSandbox();
    const windows = await sideOf(sandbox, { regionId: "cn-shanghai", vpcName: "windows-host" });
    expect(await refusal(run(sandbox, windows))).toMatchObject({ code: "InvalidInstance.NotMatch", status: 403 });
    const powershell = await runOn(sandbox, windows, "Test-NetConnection 10.0.0.1", { Type: "RunPowerShellScript" });
    expect(powershell).toMatchObject({ Username: "System", Output: expect.stringContaining("not simulated") });
  });

  test.each([
    [{ InstanceId: ["i-m5enothere"] }, "InvalidInstance.NotFound"],
    [{ InstanceId: [] }, "MissingInstanceId"],
    [{ Type: "RunPerlScript" }, "InvalidCmdType.NotFound"],
    [{ CommandContent: "*", ContentEncoding: "Base64" }, "CmdContent.DecodeError"],
    [{ CommandContent: "x".repeat(20_000) }, "CmdContent.ExceedLimit"],
    [{ Timeout: 5 }, "InvalidTimeout"],
    [{ RepeatMode: "Period" }, "InvalidRepeatMode"],
    [{ Frequency: "rate(5m)" }, "UnsupportedParameter"],
    [{ ContainerName: "app" }, "UnsupportedParameter"],
  ])("%o is refused with %s", async (wrong, code) => {
    const sandbox = await startSandbox();
    const { initiator } = await tutorialSides(sandbox);
    expect(await refusedWith(run(sandbox, initiator, wrong))).toBe(code);
  });
});

describe("reading results", () => {
  test("one command on several instances has one result for each", async () => {
    const sandbox = await startSandbox();
    const { instances } = await sandbox.state("cn-qingdao");
    const [first, second] = instances;
    const { InvokeId } = await run(
      sandbox,
      { regionId: "cn-qingdao", instanceId: "" },
      {
        InstanceId: [first?.instanceId, second?.instanceId, first?.instanceId],
      },
    );
    await sandbox.step(30_000);
    const results = await sandbox.ecs("DescribeInvocationResults", { RegionId: "cn-qingdao", InvokeId });
    expect(results["Invocation"].InvocationResults.InvocationResult).toHaveLength(2);
    const one = { RegionId: "cn-qingdao", InvokeId, InstanceId: second?.instanceId };
    expect((await sandbox.ecs("DescribeInvocationResults", one))["Invocation"]).toMatchObject({ TotalCount: 1 });

    const listed = await sandbox.ecs("DescribeInvocations", {
      RegionId: "cn-qingdao",
      InvokeId,
      IncludeOutput: true,
      ContentEncoding: "PlainText",
    });
    const [invocation] = listed["Invocations"].Invocation;
    expect(invocation).toMatchObject({
      InvokeStatus: "Finished",
      InvocationStatus: "Success",
      CommandContent: "ping -c 3 192.168.1.12",
    });
    expect(invocation.InvokeInstances.InvokeInstance[0]).toMatchObject({
      FinishTime: expect.stringMatching(/Z$/),
      Output: expect.stringContaining("3 received"),
    });
  });

  test("the agent's status is a text, and knows how much it has done", async () => {
    const sandbox = await startSandbox();
    const { initiator } = await tutorialSides(sandbox);
    const offline = await sideOf(sandbox, { regionId: "cn-beijing", vpcName: "offline-agent" });
    await run(sandbox, initiator);
    const status = async (side: Side): Promise<Answer> => {
      const answer = await sandbox.ecs("DescribeCloudAssistantStatus", {
        RegionId: side.regionId,
        InstanceId: [side.instanceId],
      });
      return theOne(
        answer["InstanceCloudAssistantStatusSet"].InstanceCloudAssistantStatus as ReadonlyArray<Answer>,
        () => true,
      );
    };
    expect(await status(initiator)).toMatchObject({
      CloudAssistantStatus: "true",
      OSType: "Linux",
      InvocationCount: 1,
      ActiveTaskCount: 1,
    });
    expect(await status(offline)).toMatchObject({
      CloudAssistantStatus: "false",
      LastHeartbeatTime: "",
      InvocationCount: 0,
    });
  });
});

/** From a host of that VPC to the tutorial's acceptor, which listens at 5432 and at nothing else; 22 is stopped on the way. */
async function joined(
  vpcName: string,
): Promise<{ readonly says: (script: string) => Promise<Answer>; readonly ip: string }> {
  const sandbox = await startSandbox();
  const initiator = await sideOf(sandbox, { regionId: "cn-qingdao", vpcName });
  const acceptor = await sideOf(sandbox, { regionId: "cn-beijing", vpcName: "shared-data" });
  await peer(sandbox, { initiator, acceptor });
  for (const port of [5432, 8080])
    await sandbox.ecs("AuthorizeSecurityGroup", {
      RegionId: "cn-beijing",
      SecurityGroupId: acceptor.securityGroupId,
      Permissions: [{ IpProtocol: "TCP", PortRange: `${port}/${port}`, SourceCidrIp: "0.0.0.0/0" }],
    });
  return { says: (script) => runOn(sandbox, initiator, script), ip: acceptor.privateIp };
}

describe("TCP connections", () => {
  test("of bash succeed, are refused, or run into a timeout", async () => {
    const { says, ip } = await joined("orders-prod");
    const opened = (port: number) => says(`timeout 3 bash -c ": </dev/tcp/${ip}/${port}" 2>&1; echo $?`);

    expect((await opened(5432))["Output"]).toBe("0\n");
    expect((await opened(8080))["Output"]).toMatch(/Connection refused\n.*1\n$/s);
    expect((await opened(22))["Output"]).toBe("124\n");
  });

  test("of BusyBox's nc succeed, are refused, or time out", async () => {
    const { says, ip } = await joined("alpine-host");
    const tried = (port: number) => says(`nc -v -z -w 3 ${ip} ${port}`);

    expect(await tried(5432)).toMatchObject({ ExitCode: 0, Output: `${ip} (${ip}:5432) open\n` });
    expect(await tried(8080)).toMatchObject({ ExitCode: 1, Output: `nc: ${ip} (${ip}:8080): Connection refused\n` });
    expect(await tried(22)).toMatchObject({ ExitCode: 1, Output: `nc: ${ip} (${ip}:22): Operation timed out\n` });
  });
});
