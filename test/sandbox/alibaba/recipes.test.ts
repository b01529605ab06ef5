import { readFileSync } from "node:fs";
import { DescribeSecurityGroupAttributeRequest } from "@alicloud/ecs20140526";
import { DescribeRouteEntryListRequest, DescribeVpcAttributeRequest } from "@alicloud/vpc20160428";
import { expect, test } from "vitest";
import { sdkClients } from "./clients.ts";
import { connectPair, createPair, letIn, repliesTo, route, sideOf, tutorialSides } from "./peering.ts";
import { type Answer, refusedWith, type Sandbox, startSandbox, theOne } from "./sandbox.ts";

const README = readFileSync(new URL("../../../src/sandbox/alibaba/README.md", import.meta.url), "utf8");

/** The README's changes by hand, by what one meets after them. */
const RECIPES = new Map(
  [...README.matchAll(/^\| (.+) \| `(\{ "regionId".*\})` \|$/gm)].map(([, what = "", edit = ""]) => [what, edit]),
);

async function cook(sandbox: Sandbox, what: string): Promise<Answer> {
  return sandbox.control("POST", "edit", JSON.parse(RECIPES.get(what) ?? `"${what}"`));
}

/** Reads as the bot's own SDK clients do; what comes back has passed their types. */
function reader(sandbox: Sandbox): {
  vpcOf: (regionId: string, vpcId: string) => Promise<any>;
  groupOf: (regionId: string, securityGroupId: string) => Promise<any>;
  entriesOf: (regionId: string, routeTableId: string) => Promise<ReadonlyArray<any>>;
} {
  const { vpc, ecs } = sdkClients(sandbox.cloud);
  return {
    vpcOf: async (regionId, vpcId) =>
      (await vpc.describeVpcAttribute(new DescribeVpcAttributeRequest({ regionId, vpcId }))).body,
    async groupOf(regionId, securityGroupId) {
      const request = new DescribeSecurityGroupAttributeRequest({ regionId, securityGroupId });
      return (await ecs.describeSecurityGroupAttribute(request)).body;
    },
    async entriesOf(regionId, routeTableId) {
      const request = new DescribeRouteEntryListRequest({ regionId, routeTableId, maxResult: 100 });
      return (await vpc.describeRouteEntryList(request)).body?.routeEntrys?.routeEntry ?? [];
    },
  };
}

/** The tutorial's pair, connected and routed, with pings let in and PostgreSQL into the ledger's group. */
async function builtPair(sandbox: Sandbox): Promise<{ ping: () => Promise<number> }> {
  const sides = await tutorialSides(sandbox);
  const pair = await createPair(sandbox, sides);
  await connectPair(sandbox, sides, pair);
  await route(sandbox, { own: sides.initiator, opposite: sides.acceptor }, pair.initiator);
  await route(sandbox, { own: sides.acceptor, opposite: sides.initiator }, pair.acceptor);
  await letIn(sandbox, { own: sides.acceptor, opposite: sides.initiator });
  return { ping: () => repliesTo(sandbox, sides.initiator, sides.acceptor.privateIp) };
}

test.each([...RECIPES.keys()])("the recipe works as it stands there: %s", async (what) => {
  const sandbox = await startSandbox();
  expect(await cook(sandbox, what)).toHaveProperty("resource");
});
