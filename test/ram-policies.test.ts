import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { RAM_ACTIONS } from "../src/cloud/actions.ts";
import { SETTINGS } from "../src/config.ts";

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: string;
  readonly Condition?: { readonly StringEquals: Readonly<Record<string, string>> };
}

function statements(file: string): readonly Statement[] {
  return JSON.parse(readFileSync(new URL(`../docs/ram/${file}`, import.meta.url), "utf8")).Statement;
}

function allowed(file: string): readonly string[] {
  return [...new Set(statements(file).flatMap(({ Action }) => Action))].toSorted();
}

const actions = (fits: (action: (typeof RAM_ACTIONS)[number]) => boolean) =>
  RAM_ACTIONS.filter(fits)
    .map(({ action }) => action)
    .toSorted();

describe("the policies allow what the code calls and nothing else", () => {
  test("operate", () => {
    expect(allowed("operate.json")).toEqual(actions(() => true));
  });

  test("read-only", () => {
    expect(allowed("read-only.json")).toEqual(actions(({ writes }) => !writes));
  });
});

test("no write is allowed on everything but the two for which RAM names no resource", () => {
  const writes = actions(({ writes: isWrite }) => isWrite);
  const wide = statements("operate.json")
    .filter(({ Resource }) => Resource === "*")
    .flatMap(({ Action }) => Action)
    .filter((action) => writes.includes(action as never));

  expect(wide).toEqual(["vpc:CreateVpcPeerConnection", "vpc:DeleteVpcPeerConnection"]);
});

test("commands run only on instances with the tag that opts in by default", () => {
  const [key = "", value] = (SETTINGS.testTag.default ?? "").split("=");
  const onInstances = statements("operate.json").filter(
    ({ Action, Resource }) => Action === "ecs:RunCommand" && Resource.includes("instance"),
  );

  expect(onInstances.map(({ Condition }) => Condition)).toEqual([
    { StringEquals: { [`acs:ResourceTag/${key}`]: value } },
  ]);
});
