/**
 * What the checks say: each in one line that is a sentence, and at a field of the form where it can be mended.
 */
import { describe, expect, test } from "vitest";
import { planRequest } from "../../machines/connections/plan-request.ts";
import { stops, type Check } from "../../machines/network/checks.ts";
import { errorsOf } from "../../src/slack/inbound/form-values.ts";
import { checkLine } from "../../src/slack/texts/en/checks.ts";
import { SITUATIONS } from "../machines/preflight-corpus.ts";

const ABOUT = {
  initiator: { vpcName: "orders-prod", vpcId: "vpc-m5e1" },
  acceptor: { vpcName: "shared-data", vpcId: "vpc-2ze1" },
} as const;

const pages = SITUATIONS.map(({ name, request, network, rules }) => {
  const planned = planRequest(request, network, rules);
  return { name, request, checks: "plan" in planned ? planned.plan.checks : planned.stopped };
});

describe("in every situation", () => {
  test("each check is said in one line of whole sentences", () => {
    const lines = new Set(pages.flatMap(({ checks }) => checks.map((check) => checkLine(check, ABOUT))));

    for (const line of lines) {
      expect(line).toMatch(/^[A-Z`0-9*][^\n]*\.$/);
      expect(line).not.toMatch(/undefined|null|NaN|\[object/);
      expect(line.length, line).toBeLessThan(400);
    }
  });

  test("each stop is said at a field of the form", () => {
    for (const { name, request, checks } of pages) {
      const stopped = stops(checks);
      if (stopped.length === 0) continue;
      const fields = Object.entries(errorsOf(stopped, request));

      expect(fields.length, name).toBeGreaterThan(0);
      for (const [field] of fields)
        expect(field).toMatch(/^(vpc:(initiator|acceptor)|(vswitches|security_groups|test_instance):\w+:vpc-\w+)$/);
    }
  });
});

/** The first in the corpus that has this check at this level, by router interfaces where both have it. */
function said(check: Check["check"], level: Check["level"], nth = 0): string {
  const lines = pages.flatMap(({ checks }) =>
    checks.filter((one) => one.check === check && one.level === level).map((one) => checkLine(one, ABOUT)),
  );
  return [...new Set(lines)][nth] ?? "";
}

test("what stops or warns says the fact first, then what to do", () => {
  const names: ReadonlyArray<readonly [Check["check"], Check["level"], number?]> = [
    ["borderCrossing", "stop"],
    ["publicRangesKnown", "warn"],
    ["dockerBridgeApart", "warn"],
    ["noLongerPrefix", "stop"],
    ["noLongerPrefix", "warn"],
    ["trafficStays", "warn"],
    ["podRangesApart", "stop"],
    ["routeTableRoom", "warn"],
    ["routeTableRoom", "stop"],
    ["noDropWins", "stop"],
    ["noDropWins", "warn"],
    ["outboundOpen", "warn"],
    ["securityGroupRoom", "warn"],
    ["networkAclsLetThrough", "stop"],
    ["networkAclsLetThrough", "warn"],
    ["testGetsThrough", "warn"],
    ["fewConnections", "warn"],
    ["notTerraformManaged", "warn"],
    ["moreThanOneService", "warn"],
    ["outsideCen", "stop"],
    ["outsideCen", "warn", 2],
    ["connectionRoom", "warn"],
    ["connectionRoom", "stop"],
    ["noOverdueInterface", "stop"],
    ["permissions", "stop"],
  ];

  expect(names.map(([check, level, nth]) => `${check} ${level}: ${said(check, level, nth)}`).join("\n"))
    .toMatchInlineSnapshot(`
      "borderCrossing stop: Qingdao and Singapore are on two sides of the border of mainland China, and the operator has allowed that for no reference (\`CROSS_BORDER_PAIRS\`). Ask the operator, or choose VPCs on the same side.
      publicRangesKnown warn: \`203.0.113.0/24\` is a public range, and no user CIDR in *orders-prod* holds it, so what goes there may leave for the internet. Make it a user CIDR of that VPC, or see that nothing there has a public address.
      dockerBridgeApart warn: \`172.17.0.0/16\` has addresses of Docker's own bridge: a host in *orders-prod* that runs Docker as it comes would not reach them. Ask whether any does.
      noLongerPrefix stop: \`vtb-m5e1\` delivers 10.0.1.0/24 to the VPC's own \`vsw-second\`, and the longer prefix wins: \`vsw-2ze1\` would not be reached, nor answered. Choose vSwitches that do not collide with it.
      noLongerPrefix warn: \`vtb-m5e1\` already sends 172.16.128.0/17 to VpnGateway \`vpngateway-1\`, and the longer prefix wins. No vSwitch is affected now; one made there later would not be reached.
      trafficStays warn: \`vtb-m5e1\` already sends 172.16.0.0/15 to VpnGateway \`vpngateway-1\`; what goes to the other side moves from there to this peering. Ask who uses that way.
      podRangesApart stop: \`vtb-m5e1\` already sends 172.16.1.128/25 to Instance \`instance-1\`, for pods of a Kubernetes cluster, whose controller deletes entries that collide with its own. Choose vSwitches that do not.
      routeTableRoom warn: \`vtb-m5e1\` reaches 180 of 200 entries. Ask for more before it is full.
      routeTableRoom stop: \`vtb-m5e1\` has 200 of 200 entries and needs 201. Free some, or raise the quota.
      noDropWins stop: Rule \`sgr-1\` of \`sg-m5e1\` drops everything from 0.0.0.0/0, which wins over what this opens. Ask its owner to change it, or choose other groups.
      noDropWins warn: \`sg-m5e1\` drops a prefix list, which cannot be looked into. Look before deciding.
      outboundOpen warn: 1 instance in *orders-prod* cannot use this: no rule that could be read in \`sg-other\` lets them send there. Choose those groups as well, if they should.
      securityGroupRoom warn: A network interface with \`sg-m5e1\` reaches 900 of 1000 rules. Clear out before it is full.
      networkAclsLetThrough stop: Network ACL \`nacl-1\` has no entry that accepts ICMP from 172.16.1.0/24. 3 more like it. It is stateless, so both ways need an entry. Ask its owner, or choose vSwitches without it.
      networkAclsLetThrough warn: Network ACL \`nacl-1\` could not be read; what it drops is not known. Look before deciding.
      testGetsThrough warn: The test would not get from \`i-2ze1\` to \`i-m5e1\`: \`sg-other\` of \`i-m5e1\` does not let it in, and this request does not change that. Choose one of its groups, another instance, or none.
      fewConnections warn: \`vpc-m5e1\` is connected to 2 other VPCs, and none of them passes traffic on. Consider CEN, where one attachment reaches all.
      notTerraformManaged warn: Terraform seems to manage \`vpc-m5e1\` (\`managed-by=Terraform\`). Tell its owner: what this adds to route tables and groups must be taken over there, or Terraform may remove it.
      moreThanOneService warn: All that opens is TCP 5432 on one side. PrivateLink would offer that service without joining the networks.
      outsideCen stop: \`vpc-m5e1\` is in \`cen-1\`, and a VPC in a CEN takes no router interfaces. Choose a VPC peering connection, or join the other VPC to the CEN.
      outsideCen warn: \`vpc-m5e1\` is in \`cen-1\`, which brings route entries of its own. Ask its owner whether the other VPC should join it instead.
      connectionRoom warn: \`vpc-m5e1\` has 4 of 5 (Router interfaces); this is the last one. Raise the quota before the next.
      connectionRoom stop: \`vpc-m5e1\` has 5 of 5 (Router interfaces). Remove one or raise the quota, and tell the operator where it is more.
      noOverdueInterface stop: \`ri-0\` is FinancialLocked, and no new interface is sold as long as a bill is open. Ask who pays.
      permissions stop: The bot may not call \`CreateRouteEntry\` in *orders-prod*. Ask the operator to allow it in the bot's RAM policy, as \`docs/ram/operate.json\` does."
    `);
});
