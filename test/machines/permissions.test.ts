/**
 * What the bot may write, as the plan's own steps ask for it.
 */
import { describe, expect, test } from "vitest";
import type { NetworkFacts, Permission } from "../../machines/network/facts.ts";
import type { RequestRevision } from "../../machines/network/request.ts";
import { checkLine } from "../../src/slack/texts/en/checks.ts";
import { checksNamed, checksOf, group, withSide } from "./networks.ts";
import { facts, requestRevision } from "./tutorial.ts";

function knowing(permissions: readonly Permission[], network: NetworkFacts = facts()): NetworkFacts {
  return { ...network, permissions };
}

function permissionsOf(network: NetworkFacts, request: RequestRevision = requestRevision()) {
  const [check, ...others] = checksNamed("permissions", checksOf(request, network));
  if (!check) throw new Error("there is no check of permissions");
  expect(others).toEqual([]);
  return check;
}

const ROUTES = [
  { api: "CreateRouteEntry", side: "initiator", state: "allowed" },
  { api: "CreateRouteEntry", side: "acceptor", state: "allowed" },
] as const;

describe("the writes of a plan", () => {
  test("by router interfaces are tested as far as there is a dry run, and the others are named", () => {
    expect(permissionsOf(knowing(ROUTES))).toEqual({
      level: "ok",
      check: "permissions",
      forbidden: [],
      allowed: ["CreateRouteEntry"],
      untested: [
        "CreateRouterInterface",
        "ModifyRouterInterfaceAttribute",
        "ConnectRouterInterface",
        "AuthorizeSecurityGroup",
        "RunCommand",
      ],
    });
  });

  test("by a peering connection have the connection among them", () => {
    const peer = { api: "CreateVpcPeerConnection", side: "initiator", state: "allowed" } as const;
    const request = { ...requestRevision(), connection: "vpc-peer", size: "Gold.10" } as const;

    expect(permissionsOf(knowing([...ROUTES, peer]), request)).toMatchObject({
      allowed: ["CreateVpcPeerConnection", "CreateRouteEntry"],
      untested: ["AuthorizeSecurityGroup", "RunCommand"],
    });
  });

  test("follow what was asked for: no rules and no test, or rules both ways", () => {
    const bare = requestRevision({ icmp: false });
    const silent = { ...bare, acceptor: { ...bare.acceptor, ports: [] } };
    const enterprise = withSide("initiator", { securityGroups: [group("sg-m5e1", { type: "enterprise" })] });

    expect(permissionsOf(facts(), silent).untested).not.toContain("AuthorizeSecurityGroup");
    expect(permissionsOf(facts(), silent).untested).not.toContain("RunCommand");
    expect(permissionsOf(enterprise).untested).toContain("AuthorizeSecurityGroupEgress");
  });

  test("that were tested on one side only are not called allowed", () => {
    const half = [ROUTES[0], { ...ROUTES[1], state: "untested" }] as const;

    expect(permissionsOf(knowing(half))).toMatchObject({ level: "ok", allowed: [] });
    expect(permissionsOf(knowing(half)).untested).toContain("CreateRouteEntry");
  });

  test("stop where one is forbidden, on the side where it is, and say whom to ask", () => {
    const check = permissionsOf(knowing([ROUTES[0], { ...ROUTES[1], state: "forbidden" }]));

    expect(check).toMatchObject({ level: "stop", forbidden: [{ api: "CreateRouteEntry", side: "acceptor" }] });
    expect(checkLine(check)).toBe(
      "The bot may not call `CreateRouteEntry` on the *To* side. Ask the operator to allow it in the bot's RAM policy, as `docs/ram/operate.json` does.",
    );
  });

  test("are untested in what was read before the bot tested any", () => {
    // As the store gives a draft of an older version back.
    const { readAt, accountId, initiator, acceptor } = facts();
    const older = { readAt, accountId, initiator, acceptor };

    expect(permissionsOf(older as NetworkFacts)).toEqual(permissionsOf(facts()));
  });

  test("are said with what is untested, also when nothing was tested", () => {
    expect(checkLine(permissionsOf(knowing(ROUTES)))).toBe(
      "The bot may call `CreateRouteEntry`. Permissions untested: `CreateRouterInterface`, `ModifyRouterInterfaceAttribute`, `ConnectRouterInterface`, `AuthorizeSecurityGroup` and `RunCommand`.",
    );
    expect(checkLine(permissionsOf(facts()))).toMatch(
      /^Permissions untested: `CreateRouterInterface`.*`RunCommand`\.$/,
    );
  });
});
