/**
 * Security groups, network ACLs and the test: https://www.alibabacloud.com/help/en/ecs/user-guide/security-group-rules,
 * https://www.alibabacloud.com/help/en/vpc/user-guide/network-acl. Both sides open ping, the acceptor TCP 5432 as well.
 */
import { rule } from "./networks.ts";
import {
  aclEntry,
  all,
  asks,
  asksOfBoth,
  instance,
  networkAcl,
  onFacts,
  onInstance,
  opposite,
  other,
  rules,
  securityGroup,
  TUTORIAL,
  vSwitch,
  type Case,
} from "./preflight-changes.ts";

const many = (amount: number) =>
  Array.from({ length: amount }, () =>
    rule({ policy: "accept", protocol: "TCP", portRange: "22/22", peerCidr: "10.0.0.0/8" }),
  );
const alsoIn =
  (id: `sg-${string}`): Case["change"] =>
  (setting, here) =>
    onInstance({ securityGroupIds: [TUTORIAL[here].groupId, id] })(setting, here);
const closed = { type: "enterprise" as const };

const DROPS: readonly Case[] = [
  {
    what: "a drop of everything in a chosen group",
    change: rules(() => [rule({})]),
    stops: ["noDropWins@here"],
  },
  {
    what: "a drop of ping from a vSwitch there, as weak as ours",
    change: rules((there) => [rule({ protocol: "ICMP", peerCidr: TUTORIAL[there].vSwitch, priority: 100 })]),
    stops: ["noDropWins@here"],
  },
  {
    what: "a drop of one host there",
    change: rules((there) => [rule({ peerCidr: TUTORIAL[there].host })]),
    stops: ["noDropWins@here"],
  },
  {
    what: "a drop of a default rule, weaker than ours",
    change: rules(() => [rule({ priority: 110 })]),
  },
  { what: "a drop of a port that nobody opens", change: rules(() => [rule({ protocol: "TCP", portRange: "22/22" })]) },
  { what: "a drop of UDP", change: rules(() => [rule({ protocol: "UDP" })]) },
  { what: "a drop of other networks", change: rules(() => [rule({ peerCidr: "10.0.0.0/8" })]) },
  {
    what: "a drop of a part there that has no vSwitch yet",
    change: rules((there) => [rule({ peerCidr: TUTORIAL[there].free })]),
  },
  {
    what: "a drop of the opened port",
    on: ["acceptor"],
    change: rules(() => [rule({ protocol: "TCP", portRange: "1/65535" })]),
    stops: ["noDropWins@here"],
  },
  {
    what: "a drop of the port beside the opened one",
    on: ["acceptor"],
    change: rules(() => [rule({ protocol: "TCP", portRange: "5433/5433" })]),
  },
  {
    what: "a drop of TCP where ping alone is opened",
    on: ["initiator"],
    change: rules(() => [rule({ protocol: "TCP", portRange: "1/65535" })]),
  },
  {
    what: "a drop of ping where ping is not asked for",
    change: all(
      asksOfBoth({ icmp: false }),
      asks(() => ({ ports: [{ from: 80, to: 90 }] })),
      rules(() => [rule({ protocol: "ICMP" })]),
    ),
    on: ["acceptor"],
    warns: [],
  },
  {
    what: "a drop out of a chosen group",
    change: rules((there) => [rule({ direction: "egress", peerCidr: TUTORIAL[there].block })]),
    stops: ["noDropWins@here"],
  },
  {
    what: "a drop out to a host there that nothing opens",
    change: rules((there) => [rule({ direction: "egress", peerCidr: TUTORIAL[there].half })]),
  },
  {
    what: "a drop in another group of the instance",
    change: all(securityGroup({ rules: [rule({})] }), alsoIn("sg-other")),
    stops: ["noDropWins@here"],
  },
  { what: "a drop in a group of nobody", change: securityGroup({ rules: [rule({})] }) },
  {
    what: "a drop in a group of an instance that opens nothing",
    change: all(securityGroup({ rules: [rule({})] }), instance({ securityGroupIds: ["sg-other"] })),
  },
  {
    what: "a drop below an accept that lets through as much",
    change: rules((there) => [
      rule({ priority: 50 }),
      rule({ id: "sgr-2", policy: "accept", priority: 10, peerCidr: TUTORIAL[there].block }),
    ]),
  },
  {
    what: "a drop at the priority of an accept",
    change: rules((there) => [
      rule({ priority: 50 }),
      rule({ id: "sgr-2", policy: "accept", priority: 50, peerCidr: TUTORIAL[there].block }),
    ]),
    stops: ["noDropWins@here"],
  },
  {
    what: "a drop below an accept of half a vSwitch there",
    change: rules((there) => [
      rule({ priority: 50 }),
      rule({ id: "sgr-2", policy: "accept", priority: 10, peerCidr: TUTORIAL[there].half }),
    ]),
    stops: ["noDropWins@here"],
  },
  {
    what: "a drop for another address of the group",
    change: rules((_, here) => [rule({ ownCidr: TUTORIAL[here].half })]),
  },
  {
    what: "a drop of members of a group of its own VPC",
    change: rules(() => [rule({ peerCidr: "", peerGroupId: "sg-elsewhere" })]),
  },
  {
    what: "a drop of a prefix list",
    change: rules(() => [rule({ peerCidr: "", peerPrefixListId: "pl-1" })]),
    warns: ["noDropWins@here"],
  },
  {
    what: "an accept of a prefix list",
    change: rules(() => [rule({ policy: "accept", peerCidr: "", peerPrefixListId: "pl-1" })]),
  },
  { what: "rules that could not be read", change: rules(() => null), warns: ["noDropWins@here"] },
  { what: "accepts of everything", change: rules(() => [rule({ policy: "accept" })]) },
];

const GROUPS: readonly Case[] = [
  {
    what: "a group that is gone",
    change: asks((here) => ({ securityGroupIds: [TUTORIAL[here].groupId, "sg-gone"] })),
    stops: ["securityGroupsFit@here"],
  },
  {
    what: "a group that another service manages",
    change: all(
      securityGroup({ serviceManaged: true }),
      asks((here) => ({ securityGroupIds: [TUTORIAL[here].groupId, "sg-other"] })),
    ),
    stops: ["securityGroupsFit@here"],
  },
  {
    what: "an instance in an enterprise group that was not chosen",
    change: all(securityGroup(closed), instance({ securityGroupIds: ["sg-other"] })),
    warns: ["outboundOpen@here"],
  },
  {
    what: "an instance in an enterprise group that lets out everything",
    change: all(
      securityGroup({ ...closed, rules: [rule({ direction: "egress", policy: "accept" })] }),
      instance({ securityGroupIds: ["sg-other"] }),
    ),
  },
  {
    what: "an instance in an enterprise group that lets out to the hosts there",
    change: (setting, here) =>
      all(
        securityGroup({
          ...closed,
          rules: [
            rule({
              direction: "egress",
              policy: "accept",
              peerCidr: TUTORIAL[other(here)].vSwitch,
            }),
          ],
        }),
        instance({ securityGroupIds: ["sg-other"] }),
      )(setting, here),
  },
  {
    what: "an instance in an enterprise group that lets out the web alone",
    change: all(
      securityGroup({
        ...closed,
        rules: [rule({ direction: "egress", policy: "accept", protocol: "TCP", portRange: "443/443" })],
      }),
      instance({ securityGroupIds: ["sg-other"] }),
    ),
    warns: ["outboundOpen@here"],
  },
  {
    what: "an instance in an enterprise group outside the chosen vSwitches",
    change: (setting, here) =>
      all(
        securityGroup(closed),
        vSwitch("vsw-second", TUTORIAL[here].freeVSwitch),
        instance({
          securityGroupIds: ["sg-other"],
          vSwitchId: "vsw-second",
          privateIp: TUTORIAL[here].freeVSwitch.replace("0/24", "10"),
        }),
        asks((side) => ({ vSwitchIds: [TUTORIAL[side].vSwitchId] })),
      )(setting, here),
  },
  { what: "an enterprise group of nobody", change: securityGroup(closed) },
  {
    what: "an instance in a chosen enterprise group and another one",
    change: all(
      onFacts(({ securityGroups }) => ({ securityGroups: securityGroups.map((one) => ({ ...one, ...closed })) })),
      securityGroup(closed),
      alsoIn("sg-other"),
    ),
  },
  {
    what: "a basic group of another instance",
    change: all(securityGroup({}), instance({ securityGroupIds: ["sg-other"] })),
  },
  { what: "a group with many rules", change: rules(() => many(890)) },
  { what: "a group that reaches nine tenths", change: rules(() => many(899)), warns: ["securityGroupRoom@here"] },
  { what: "a group that this overfills", change: rules(() => many(1_000)), stops: ["securityGroupRoom@here"] },
  {
    what: "two groups of one instance that this overfills",
    change: all(
      rules(() => many(500)),
      securityGroup({ rules: many(500) }),
      alsoIn("sg-other"),
    ),
    stops: ["securityGroupRoom@here"],
  },
  {
    what: "two groups of two instances",
    change: all(
      rules(() => many(500)),
      securityGroup({ rules: many(500) }),
      instance({ securityGroupIds: ["sg-other"] }),
    ),
  },
];

const ACLS: readonly Case[] = [
  { what: "a network ACL that accepts everything", change: networkAcl(() => ({})) },
  {
    what: "a network ACL without entries",
    change: networkAcl(() => ({ ingress: [], egress: [] })),
    stops: ["networkAclsLetThrough@here"],
  },
  {
    what: "a network ACL that drops a vSwitch there before it accepts",
    change: networkAcl((there) => ({
      ingress: [aclEntry({ id: "nae-2", policy: "drop", peerCidr: TUTORIAL[there].vSwitch }), aclEntry({})],
    })),
    stops: ["networkAclsLetThrough@here"],
  },
  {
    what: "a network ACL that drops a vSwitch there after it accepts",
    change: networkAcl((there) => ({
      ingress: [aclEntry({}), aclEntry({ id: "nae-2", policy: "drop", peerCidr: TUTORIAL[there].vSwitch })],
    })),
  },
  {
    what: "a network ACL that lets nothing out",
    change: networkAcl(() => ({ egress: [] })),
    stops: ["networkAclsLetThrough@here"],
  },
  {
    what: "a network ACL that drops other networks",
    change: networkAcl(() => ({
      ingress: [aclEntry({ id: "nae-2", policy: "drop", peerCidr: "10.0.0.0/8" }), aclEntry({})],
      egress: [aclEntry({ id: "nae-2", policy: "drop", peerCidr: "10.0.0.0/8" }), aclEntry({})],
    })),
  },
  {
    what: "a network ACL that drops a port that nobody opens",
    change: networkAcl(() => ({
      ingress: [aclEntry({ id: "nae-2", policy: "drop", protocol: "TCP", portRange: "22/22" }), aclEntry({})],
    })),
  },
  {
    what: "a network ACL that drops UDP",
    change: networkAcl(() => ({ ingress: [aclEntry({ id: "nae-2", policy: "drop", protocol: "UDP" }), aclEntry({})] })),
  },
  {
    what: "a network ACL that drops ping",
    change: networkAcl(() => ({ egress: [aclEntry({ id: "nae-2", policy: "drop", protocol: "ICMP" }), aclEntry({})] })),
    stops: ["networkAclsLetThrough@here"],
  },
  {
    what: "a network ACL that forgets the replies",
    on: ["acceptor"],
    change: networkAcl(() => ({
      egress: [aclEntry({ protocol: "ICMP" }), aclEntry({ id: "nae-2", protocol: "TCP", portRange: "5432/5432" })],
    })),
    stops: ["networkAclsLetThrough@here"],
  },
  ...(["32768/60999", "1024/65535"] as const).map((portRange): Case => ({
    what: `a network ACL that lets out replies to ${portRange}`,
    on: ["acceptor"],
    change: networkAcl(() => ({
      egress: [aclEntry({ protocol: "ICMP" }), aclEntry({ id: "nae-2", protocol: "TCP", portRange })],
    })),
  })),
  {
    what: "a network ACL that lets out replies to some ports",
    on: ["acceptor"],
    change: networkAcl(() => ({
      egress: [aclEntry({ protocol: "ICMP" }), aclEntry({ id: "nae-2", protocol: "TCP", portRange: "32768/50000" })],
    })),
    stops: ["networkAclsLetThrough@here"],
  },
  {
    what: "a network ACL that lets out replies by two entries",
    on: ["acceptor"],
    change: networkAcl(() => ({
      egress: [
        aclEntry({ protocol: "ICMP" }),
        aclEntry({ id: "nae-2", protocol: "TCP", portRange: "32768/50000" }),
        aclEntry({ id: "nae-3", protocol: "TCP", portRange: "50001/60999" }),
      ],
    })),
  },
  {
    what: "a network ACL that accepts a vSwitch there in two halves",
    change: networkAcl((there) => {
      const halves = [TUTORIAL[there].half, TUTORIAL[there].vSwitch.replace("/24", "/25")];
      const accepts = halves.map((peerCidr, index) => aclEntry({ id: `nae-${index}`, peerCidr }));
      return { ingress: accepts, egress: accepts };
    }),
  },
  {
    what: "a network ACL that accepts half a vSwitch there",
    change: networkAcl((there) => ({ ingress: [aclEntry({ peerCidr: TUTORIAL[there].half })] })),
    stops: ["networkAclsLetThrough@here"],
  },
  {
    what: "a network ACL of a vSwitch that was not chosen",
    change: (setting, here) =>
      all(
        vSwitch("vsw-second", TUTORIAL[here].freeVSwitch, { networkAclId: "nacl-2" }),
        onFacts(() => ({ networkAcls: [{ id: "nacl-2", name: "", ingress: [], egress: [] }] })),
        asks((side) => ({ vSwitchIds: [TUTORIAL[side].vSwitchId] })),
      )(setting, here),
  },
  {
    what: "a network ACL of a second vSwitch, which cannot send",
    change: (setting, here) =>
      all(
        vSwitch("vsw-second", TUTORIAL[here].freeVSwitch, { networkAclId: "nacl-2" }),
        onFacts(() => ({ networkAcls: [{ id: "nacl-2", name: "", ingress: [], egress: [] }] })),
      )(setting, here),
    stops: ["networkAclsLetThrough@here"],
  },
  {
    what: "a network ACL of no vSwitch",
    change: onFacts(() => ({ networkAcls: [{ id: "nacl-2", name: "", ingress: [], egress: [] }] })),
  },
  {
    what: "a network ACL that could not be read",
    change: all(
      networkAcl(() => ({})),
      onFacts(() => ({ networkAcls: null })),
    ),
    warns: ["networkAclsLetThrough@here"],
  },
  { what: "network ACLs that could not be read, and none is in use", change: onFacts(() => ({ networkAcls: null })) },
];

const TESTS: readonly Case[] = [
  {
    what: "no instance to test with",
    change: asks(() => ({ testInstanceId: null })),
    warns: ["testInstanceFits@here"],
  },
  {
    what: "a test instance that is gone",
    change: asks(() => ({ testInstanceId: "i-gone" })),
    stops: ["testInstanceFits@here"],
  },
  {
    what: "a test instance that is stopped",
    change: onInstance({ status: "Stopped" }),
    stops: ["testInstanceFits@here"],
  },
  {
    what: "a test instance that has not opted in",
    change: onInstance({ optedIn: false }),
    stops: ["testInstanceFits@here"],
  },
  {
    what: "a test instance without its agent",
    change: onInstance({ assistantOnline: false }),
    stops: ["testInstanceFits@here"],
  },
  { what: "a test instance with Windows", change: onInstance({ osType: "windows" }) },
  {
    what: "a test instance in a group that lets nothing in and was not chosen",
    change: all(securityGroup({}), onInstance({ securityGroupIds: ["sg-other"] })),
    warns: ["testGetsThrough@there"],
  },
  {
    what: "a test instance in a group that lets the test in and was not chosen",
    change: all(securityGroup({ rules: [rule({ policy: "accept" })] }), onInstance({ securityGroupIds: ["sg-other"] })),
  },
  {
    what: "a test instance in a group that lets others in and was not chosen",
    change: all(
      securityGroup({ rules: [rule({ policy: "accept", peerCidr: "10.0.0.0/8" })] }),
      onInstance({ securityGroupIds: ["sg-other"] }),
    ),
    warns: ["testGetsThrough@there"],
  },
  {
    what: "a test instance in a group that lets ping in, but not the port",
    on: ["acceptor"],
    change: all(
      securityGroup({ rules: [rule({ policy: "accept", protocol: "ICMP" })] }),
      onInstance({ securityGroupIds: ["sg-other"] }),
    ),
    warns: ["testGetsThrough@there"],
  },
  {
    what: "a test instance in a group that could not be read and was not chosen",
    change: all(securityGroup({ rules: null }), onInstance({ securityGroupIds: ["sg-other"] })),
    warns: ["testGetsThrough@here", "testGetsThrough@there"],
  },
  {
    what: "a test instance in an enterprise group that was not chosen",
    change: all(securityGroup(closed), onInstance({ securityGroupIds: ["sg-other"] })),
    warns: ["outboundOpen@here", "testGetsThrough@here", "testGetsThrough@there"],
  },
  {
    what: "no group, so that older rules decide",
    change: asks(() => ({ securityGroupIds: [] })),
    warns: ["testGetsThrough@there"],
  },
  {
    what: "no instance to test with on either side",
    on: ["initiator"],
    change: all(
      asks(() => ({ testInstanceId: null })),
      opposite(asks(() => ({ testInstanceId: null }))),
    ),
    warns: ["testInstanceFits@here", "testInstanceFits@there"],
  },
];

export const GROUP_CASES: readonly Case[] = [...DROPS, ...GROUPS, ...ACLS, ...TESTS];
