import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { COMMAND, SHORTCUTS } from "../src/slack/ids.ts";

const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");
const manifest = parse(read("../manifest.yml"));
const sources = [
  "../src/slack/connect.ts",
  "../src/slack/album.ts",
  "../src/slack/answer.ts",
  "../src/slack/directory.ts",
  "../src/slack/forms.ts",
  "../src/slack/thread.ts",
  "../src/slack/inbound/listeners.ts",
].map(read);

/** What each Slack method needs: https://docs.slack.dev/reference/methods (read 2026-08-22). Views and auth.test need none. */
const SCOPES: Readonly<Record<string, readonly string[]>> = {
  "auth.test": [],
  "bots.info": ["users:read"],
  "users.info": ["users:read"],
  "usergroups.users.list": ["usergroups:read"],
  "conversations.info": ["channels:read", "groups:read"],
  "chat.postMessage": ["chat:write"],
  "chat.update": ["chat:write"],
  "chat.getPermalink": [],
  "files.getUploadURLExternal": ["files:write"],
  "files.completeUploadExternal": ["files:write"],
  "views.open": [],
  "views.update": [],
};

/** Every method that the code calls on its client. */
const called = [
  ...new Set(
    sources.flatMap((source) => [...source.matchAll(/\bclient\.((?:\w+\.)+\w+)\(/g)].map(([, method = ""]) => method)),
  ),
].toSorted();

/**
 * What Slack takes of the parts that we use, with its lengths; a key it does not know is refused:
 * https://docs.slack.dev/reference/app-manifest (read 2026-11-23).
 */
const text = (min: number, max: number) => z.string().min(min).max(max);
const Manifest = z.strictObject({
  _metadata: z.strictObject({ major_version: z.literal(2), minor_version: z.int() }),
  display_information: z.strictObject({
    name: text(1, 35),
    description: text(1, 140),
    long_description: text(175, 4_000),
    background_color: z.string().regex(/^#[0-9a-f]{6}$/),
  }),
  features: z.strictObject({
    app_home: z.strictObject({
      home_tab_enabled: z.boolean(),
      messages_tab_enabled: z.boolean(),
      messages_tab_read_only_enabled: z.boolean(),
    }),
    bot_user: z.strictObject({ display_name: text(1, 80), always_online: z.boolean() }),
    shortcuts: z
      .array(
        z.strictObject({
          name: text(1, 24),
          type: z.enum(["global", "message"]),
          callback_id: text(1, 255),
          description: text(1, 150),
        }),
      )
      .max(10),
    slash_commands: z
      .array(
        z.strictObject({
          command: text(2, 32).startsWith("/"),
          description: text(1, 2_000),
          usage_hint: text(1, 1_000),
          should_escape: z.boolean(),
        }),
      )
      .max(50),
  }),
  oauth_config: z.strictObject({ scopes: z.strictObject({ bot: z.array(z.string()).min(1).max(255) }) }),
  settings: z.strictObject({
    event_subscriptions: z.strictObject({ bot_events: z.array(z.string()).max(100) }),
    interactivity: z.strictObject({ is_enabled: z.literal(true) }),
    org_deploy_enabled: z.boolean(),
    socket_mode_enabled: z.literal(true),
    // A fixed bot token cannot rotate.
    token_rotation_enabled: z.literal(false),
  }),
});

test("the manifest is one that Slack takes", () => {
  expect(Manifest.safeParse(manifest).error?.issues ?? []).toEqual([]);
});

describe("scopes", () => {
  test("the table here knows every method that the code calls", () => {
    expect(called).toEqual(Object.keys(SCOPES).toSorted());
  });

  test("the manifest asks for just what those methods and the command need", () => {
    const needed = new Set(["commands", ...called.flatMap((method) => SCOPES[method] ?? [])]);

    expect(manifest.oauth_config.scopes.bot.toSorted()).toEqual([...needed].toSorted());
  });
});

test("command and shortcuts are the ones that the code listens to", () => {
  expect(manifest.features.slash_commands.map(({ command }: { command: string }) => command)).toEqual([COMMAND]);
  expect(manifest.features.shortcuts.map((shortcut: { callback_id: string }) => shortcut.callback_id)).toEqual(
    Object.values(SHORTCUTS),
  );
});

test("events are the ones that the code listens to", () => {
  const listened = /for \(const event of \[([^\]]*)\]/.exec(read("../src/slack/inbound/listeners.ts"))?.[1] ?? "";

  expect(manifest.settings.event_subscriptions.bot_events).toEqual(
    [...listened.matchAll(/"(\w+)"/g)].map(([, event]) => event),
  );
});
