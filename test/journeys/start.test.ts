import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { startAlibaba, type RunningAlibaba } from "../../src/sandbox/alibaba/start.ts";
import { botSettings, startBot } from "../../src/sandbox/bot-process.ts";
import { workspaceAt } from "../../src/sandbox/slack/client.ts";
import { startSlack, type RunningSlack } from "../../src/sandbox/slack/start.ts";
import { start } from "../../src/start.ts";
import { copyDataDirectory, emptyDataDirectory } from "../data-directory.ts";

const MAIN = fileURLToPath(new URL("../../src/main.ts", import.meta.url));

type Settings = Readonly<Record<string, string>>;

interface Ended {
  readonly code: number | null;
  /** What the operator reads; the lines of the log are for machines. */
  readonly said: string;
}

/** Runs the real command until it ends. */
async function command(settings: Settings, cwd = emptyDirectory()): Promise<Ended> {
  const env = { PATH: process.env["PATH"], HOME: process.env["HOME"], ...settings };
  const child = spawn(process.execPath, [MAIN, "start"], { cwd, env });
  onTestFinished(() => void child.kill("SIGKILL"));
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => void child.once("close", resolve));
  return { code, said: sentences(said) };
}

/** The same in this process, which is faster; for a start that is refused. */
async function started(settings: Settings): Promise<Ended> {
  let said = "";
  const stderr = vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    said += text.toString();
    return true;
  });
  // The credentials chain of the SDK reads the environment itself.
  for (const [name, value] of Object.entries(settings)) if (name.startsWith("ALIBABA_CLOUD_")) vi.stubEnv(name, value);
  try {
    return { code: await start({ LOG_LEVEL: "error", ...settings }, "test"), said: sentences(said) };
  } finally {
    stderr.mockRestore();
    vi.unstubAllEnvs();
  }
}

function sentences(said: string): string {
  const lines = said.split("\n").filter((line) => line !== "" && !line.startsWith("{"));
  return lines.join("\n");
}

function emptyDirectory(): string {
  const directory = emptyDataDirectory();
  onTestFinished(() => directory.remove());
  return directory.path;
}

function dataDirectory(): string {
  const directory = copyDataDirectory();
  onTestFinished(() => directory.remove());
  return directory.path;
}

test("without any setting it says everything that is missing and what it is for", async () => {
  expect(await command({})).toEqual({
    code: 2,
    said: [
      "peer-vpcs cannot start. Mend these settings:",
      "  SLACK_BOT_TOKEN is missing: bot token of the Slack app, under *OAuth & Permissions*.",
      "  SLACK_CHANNEL is missing: id of the channel that gets the cards; the bot must be a member.",
      "  SLACK_APP_TOKEN is missing: app-level token with `connections:write`, for `socket`.",
    ].join("\n"),
  });
});

test("with every setting wrong it says so of all of them at once", async () => {
  const wrong = {
    MODE: "yolo",
    SLACK_BOT_TOKEN: "xapp-mixed-up",
    SLACK_TRANSPORT: "pigeon",
    SLACK_APP_TOKEN: "xoxb-mixed-up",
    PORT: "99999",
    SLACK_CHANNEL: "#network-requests",
    SLACK_API_URL: "slack",
    NETWORK_LEADS_GROUP: "@network-leads",
    NETWORK_LEADS: "arjun",
    REGIONS: "Qingdao!",
    HOME_REGION: "china",
    TEST_TAG: "allow",
    ALIBABA_ENDPOINT: "https://example.com",
    DATABASE_URL: "mysql://db",
    DECISION_TIMEOUT_HOURS: "soon",
    START_TIMEOUT_HOURS: "0",
    LOG_LEVEL: "loud",
  };

  const { code, said } = await started(wrong);

  expect(code).toBe(2);
  const named = said
    .split("\n")
    .slice(1)
    .map((line) => line.trim().split(" ")[0]);
  expect(new Set(named)).toEqual(new Set(Object.keys(wrong)));
  expect(named).toHaveLength(Object.keys(wrong).length);
  for (const line of said.split("\n").slice(1)) expect(line).toMatch(/^ {2}[A-Z_]+ (is missing|must .+): .+\.$/);
  for (const secret of ["xapp-mixed-up", "xoxb-mixed-up"]) expect(said).not.toContain(secret);
});

test("over HTTP it is the signing secret that must be there", async () => {
  const { said } = await started({ SLACK_BOT_TOKEN: "xoxb-1", SLACK_CHANNEL: "C0123456", SLACK_TRANSPORT: "http" });

  expect(said).toBe(
    "peer-vpcs cannot start. Mend these settings:\n  SLACK_SIGNING_SECRET is missing: signing secret of the Slack app, for `http`.",
  );
});

describe("with settings that look right", () => {
  let alibaba: RunningAlibaba;
  let slack: RunningSlack;
  beforeAll(async () => {
    alibaba = await startAlibaba({ speed: 40, latency: false });
    slack = await startSlack({ rateLimits: false });
  });
  afterAll(async () => {
    await Promise.all([alibaba.close(), slack.close()]);
  });
  beforeEach(async () => {
    const workspace = workspaceAt(slack.url);
    await workspace.edit({ edit: "token", token: "bot", revoked: false });
    await workspace.edit({ edit: "token", token: "app", revoked: false });
    await workspace.clearFaults();
  });

  const settings = (change: Readonly<Record<string, string>> = {}) => ({
    ...botSettings(alibaba, slack, dataDirectory()),
    ...change,
  });

  async function refusal(change: Readonly<Record<string, string>>): Promise<string> {
    const { code, said } = await started(settings(change));
    expect({ code, said }).toEqual({ code: 2, said: expect.stringMatching(/^peer-vpcs cannot start: /) });
    return said.slice("peer-vpcs cannot start: ".length);
  }

  test("a region that nobody knows is named, with those there are", async () => {
    expect(await refusal({ REGIONS: "cn-qingdao, cn-atlantis" })).toMatch(
      /^REGIONS names cn-atlantis, which Alibaba Cloud does not know\. It knows: .*cn-qingdao.*\.$/,
    );
  });

  test.each([{ ALIBABA_CLOUD_ACCESS_KEY_SECRET: "wrong" }, { ALIBABA_CLOUD_ACCESS_KEY_ID: "wrong" }])(
    "a wrong access key (%o) is told apart from everything else",
    async (wrong) => {
      expect(await refusal(wrong)).toMatch(
        /^Alibaba Cloud does not take the access key \(\w+: \S+\)\. Check ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, and that the key is enabled\.$/,
      );
    },
  );

  test("a revoked bot token is named with what to do", async () => {
    await workspaceAt(slack.url).edit({ edit: "token", token: "bot", revoked: true });

    expect(await refusal({})).toBe(
      "Slack does not take SLACK_BOT_TOKEN (token_revoked). Install the app again and copy the new bot token.",
    );
  });

  test("a revoked app token is named with what to do", async () => {
    await workspaceAt(slack.url).edit({ edit: "token", token: "app", revoked: true });

    expect(await refusal({})).toBe(
      "Slack does not take SLACK_APP_TOKEN (token_revoked). Make an app-level token with connections:write, under *Basic Information* of the Slack app.",
    );
  });

  test("a Slack that is not there is named as such", async () => {
    expect(await refusal({ SLACK_API_URL: "http://127.0.0.1:1/api/" })).toBe(
      "Slack did not answer. Check the network and SLACK_API_URL.",
    );
  });

  test("a channel without the bot and a group that is none are said at once", async () => {
    const random = slack.channels.find(({ name }) => name === "random")?.id ?? "";

    expect(await refusal({ SLACK_CHANNEL: random, NETWORK_LEADS_GROUP: "S0NOWHERE1" })).toBe(
      [
        `SLACK_CHANNEL ${random} cannot take the cards (not_in_channel). Type /invite @peer-vpcs in it.`,
        "NETWORK_LEADS_GROUP S0NOWHERE1 is no user group of this workspace (no_such_subteam). Copy the id of the group, such as S0123456789.",
      ].join("\n"),
    );
  });

  test.each([
    ["northwind-project", "channel_is_shared", "It is shared with people of other companies; choose one of your own."],
    [
      "network-leads-only",
      "channel_not_found",
      "Check the id; when the channel is private, type /invite @peer-vpcs in it.",
    ],
  ])("the channel %s is refused", async (name, code, cure) => {
    const id = slack.channels.find((channel) => channel.name === name)?.id ?? "";

    expect(await refusal({ SLACK_CHANNEL: id })).toBe(`SLACK_CHANNEL ${id} cannot take the cards (${code}). ${cure}`);
  });

  test("a channel that does not exist is refused", async () => {
    expect(await refusal({ SLACK_CHANNEL: "C0NOWHERE1" })).toContain(
      "SLACK_CHANNEL C0NOWHERE1 cannot take the cards (channel_not_found). Check the id",
    );
  });

  test("a port that somebody else has is named", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => void server.listen(0, resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo; // A string only for pipes.

    expect(
      await refusal({ SLACK_TRANSPORT: "http", SLACK_SIGNING_SECRET: slack.signingSecret, PORT: String(port) }),
    ).toMatch(new RegExp(`^nothing can listen on PORT ${port} \\(.*EADDRINUSE.*\\)\\. Free it, or choose another\\.$`));
  });

  test("a data directory that another bot has is named, and that bot goes on; nothing it logs holds a token or a key", async () => {
    const own = settings({ LOG_LEVEL: "debug" });
    const bot = await startBot(own);
    onTestFinished(() => bot.stop());

    const { code, said } = await command(own);

    expect(code).toBe(2);
    expect(said).toMatch(
      /the database of DATA_DIR \S+ does not open\. The data directory \S+ is in use by another peer-vpcs process: stop that one first/,
    );
    await bot.stop();
    expect(await bot.ended).toBe(0);
    for (const secret of [slack.botToken, slack.appToken, slack.signingSecret, alibaba.accessKeySecret]) {
      expect(bot.lines.join("\n")).not.toContain(secret);
    }
  });

  test("settings may stand in a file .env, and the environment goes before them", async () => {
    const directory = emptyDirectory();
    const wanted = settings({ REGIONS: "cn-atlantis", SLACK_BOT_TOKEN: "xoxb-of-the-file" });
    writeFileSync(
      join(directory, ".env"),
      Object.entries(wanted)
        .map(([name, value]) => `${name}=${value}`)
        .join("\n"),
    );

    const [fromFile, fromBoth] = await Promise.all([
      command({}, directory),
      command({ SLACK_BOT_TOKEN: slack.botToken }, directory),
    ]);

    expect(fromFile).toEqual({
      code: 2,
      said: expect.stringContaining("Slack does not take SLACK_BOT_TOKEN (invalid_auth)"),
    });
    expect(fromBoth).toEqual({ code: 2, said: expect.stringContaining("REGIONS names cn-atlantis") });
  });
});

test("the demo and the sandbox take nothing from an operator's .env, and a sandbox that is killed takes its bot along", async () => {
  const cwd = emptyDirectory();
  writeFileSync(join(cwd, ".env"), "DATABASE_URL=postgres://nobody@127.0.0.1:1/none\nMODE=nonsense\n");
  const child = spawn(process.execPath, [MAIN, "sandbox", "--json", "--alibaba-port", "0", "--slack-port", "0"], {
    cwd,
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const line = await new Promise<string>((resolve) => {
    child.stdout.once("data", (data: Buffer) => resolve(data.toString()));
  });
  const { bot } = JSON.parse(line) as { bot: { pid: number } };

  child.kill("SIGKILL");

  await vi.waitFor(() => expect(() => process.kill(bot.pid, 0)).toThrow("ESRCH"), { timeout: 20_000 });
});
