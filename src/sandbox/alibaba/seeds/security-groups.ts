import { buildRule, buildSecurityGroup, ruleContent, type RuleContent, type Site } from "../build.ts";
import type { SecurityGroup } from "../world.ts";

interface SeededGroup {
  readonly vpcName: string;
  readonly securityGroupName: string;
  readonly more?: Partial<Pick<SecurityGroup, "securityGroupType" | "serviceManaged" | "description">>;
  readonly rules?: ReadonlyArray<Partial<RuleContent>>;
}

/** Groups that differ from the plain `<vpc>-hosts` group that every other VPC has. */
const GROUPS: ReadonlyArray<SeededGroup> = [
  {
    vpcName: "orders-prod",
    securityGroupName: "orders-prod-hosts",
    rules: [
      { ipProtocol: "TCP", portRange: "22/22", sourceCidrIp: "192.168.0.0/24", description: "jump hosts" },
      { ipProtocol: "TCP", portRange: "8080/8080", sourceCidrIp: "192.168.0.0/16", description: "orders API" },
    ],
  },
  {
    vpcName: "shared-data",
    securityGroupName: "shared-data-hosts",
    rules: [{ ipProtocol: "TCP", portRange: "5432/5432", sourceCidrIp: "172.16.0.0/16", description: "ledger" }],
  },
  {
    vpcName: "shared-data",
    securityGroupName: "shared-data-legacy",
    more: { description: "from the time before the move" },
    rules: [{ ipProtocol: "TCP", portRange: "5432/5432", sourceCidrIp: "192.168.0.0/16", priority: 50 }],
  },
  {
    vpcName: "enterprise-group",
    securityGroupName: "enterprise-group-hosts",
    more: { securityGroupType: "enterprise" },
  },
  { vpcName: "managed-group", securityGroupName: "managed-group-hosts", more: { serviceManaged: true } },
  {
    vpcName: "drop-rule",
    securityGroupName: "drop-rule-hosts",
    rules: [{ policy: "drop", ipProtocol: "ICMP", sourceCidrIp: "0.0.0.0/0", description: "no ping" }],
  },
];

/** Builds the groups of one region. */
export function seedSecurityGroups(site: Site): void {
  for (const vpc of site.region.vpcs.values()) {
    const special = GROUPS.filter((group) => group.vpcName === vpc.vpcName);
    const groups = special.length > 0 ? special : [{ vpcName: vpc.vpcName, securityGroupName: `${vpc.vpcName}-hosts` }];
    for (const { securityGroupName, more, rules } of groups satisfies ReadonlyArray<SeededGroup>) {
      const group = buildSecurityGroup(site, { vpcId: vpc.vpcId, securityGroupName, ...more });
      for (const rule of rules ?? []) buildRule(site, group, ruleContent(rule));
    }
  }
}
