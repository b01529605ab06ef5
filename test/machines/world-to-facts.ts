/**
 * What the bot would have read of two VPCs of a simulated cloud, without the wire between.
 */
import type { NetworkFacts, SideFacts, VpcPeerConnection } from "../../machines/network/facts.ts";
import { presentPeeringConnections } from "../../src/sandbox/alibaba/peering-connection.ts";
import type { NetworkAclEntry } from "../../src/sandbox/alibaba/network-acl.ts";
import type { Region, SecurityGroupRule, World } from "../../src/sandbox/alibaba/world.ts";

export interface VpcPlace {
  readonly region: Region;
  readonly vpcId: string;
}

export function worldToFacts(world: World, initiator: VpcPlace, acceptor: VpcPlace): NetworkFacts {
  return {
    readAt: 0,
    accountId: world.accountId,
    permissions: [],
    initiator: sideOf(world, initiator),
    acceptor: sideOf(world, acceptor),
  };
}

function sideOf(world: World, { region, vpcId }: VpcPlace): SideFacts {
  const vpc = region.vpcs.get(vpcId);
  if (vpc === undefined) throw new Error(`no VPC ${vpcId}`);
  const ofVpc = <T extends { readonly vpcId: string }>(resources: ReadonlyMap<string, T>): T[] =>
    [...resources.values()].filter((resource) => resource.vpcId === vpcId);
  // The two know the same ids by different types.
  return {
    regionId: region.regionId,
    vpcId,
    vpc: {
      id: vpcId,
      name: vpc.vpcName,
      regionId: region.regionId,
      status: vpc.status,
      ownerId: vpc.ownerId,
      vRouterId: vpc.vRouterId,
      cidr: vpc.cidrBlock,
      secondaryCidrs: vpc.secondaryCidrBlocks,
      ipv6Cidr: "",
      userCidrs: [],
      cenIds: [],
      services: [],
      tags: [],
    },
    vSwitches: ofVpc(region.vSwitches).map(({ vSwitchId, cidrBlock, zoneId, routeTableId, networkAclId }) => ({
      id: vSwitchId,
      name: "",
      cidr: cidrBlock,
      zoneId,
      routeTableId,
      networkAclId,
    })),
    routeTables: ofVpc(region.routeTables).map((table) => ({
      id: table.routeTableId,
      name: "",
      type: table.routeTableType,
      associateType: table.associateType,
      entries: [...table.entries.values()].map(({ routeEntryId, destinationCidrBlock, ...entry }) => ({
        id: routeEntryId,
        destination: destinationCidrBlock,
        status: entry.status,
        type: entry.type,
        nextHopType: entry.nextHopType,
        nextHopId: entry.nextHopId,
      })),
    })),
    securityGroups: ofVpc(region.securityGroups).map((group) => ({
      id: group.securityGroupId,
      name: "",
      type: group.securityGroupType,
      serviceManaged: group.serviceManaged,
      innerAccess: group.innerAccessPolicy === "Accept" ? "accept" : "drop",
      rules: group.rules.map(ruleOf),
    })),
    instances: ofVpc(region.instances).map((instance) => ({
      id: instance.instanceId,
      name: instance.instanceName,
      status: instance.status,
      osType: instance.image.osType,
      osName: instance.image.osName,
      vSwitchId: instance.vSwitchId,
      privateIp: instance.privateIp,
      securityGroupIds: instance.securityGroupIds,
      optedIn: true,
      assistantOnline: instance.agentOnline,
      tags: [],
    })),
    routerInterfaces: ofVpc(region.routerInterfaces).map((end) => ({
      id: end.routerInterfaceId,
      name: end.name,
      status: end.status,
      businessStatus: end.businessStatus,
      role: end.role,
      routerId: end.routerId,
      spec: end.spec,
      oppositeInterfaceId: end.opposite.interfaceId,
      oppositeRouterId: end.opposite.routerId,
      oppositeRegionId: end.oppositeRegionId,
    })),
    vpcPeerConnections: presentPeeringConnections(world)
      .filter((connection) => [connection.vpcId, connection.acceptingVpcId].includes(vpcId))
      .map(
        ({ instanceId, name, status, bizStatus, ...ends }) =>
          ({
            id: instanceId,
            name,
            status,
            businessStatus: bizStatus,
            regionId: ends.regionId,
            vpcId: ends.vpcId,
            acceptingRegionId: ends.acceptingRegionId,
            acceptingVpcId: ends.acceptingVpcId,
          }) as VpcPeerConnection,
      ),
    networkAcls: ofVpc(region.networkAcls).map(({ networkAclId, ingress, egress }) => ({
      id: networkAclId,
      name: "",
      ingress: ingress.map((entry) => aclEntryOf(entry)),
      egress: egress.map((entry) => aclEntryOf(entry)),
    })),
  } as SideFacts;
}

function ruleOf(rule: SecurityGroupRule): object {
  const isIngress = rule.direction === "ingress";
  return {
    id: rule.securityGroupRuleId,
    direction: rule.direction,
    policy: rule.policy,
    protocol: rule.ipProtocol,
    portRange: rule.portRange,
    priority: rule.priority,
    peerCidr: isIngress ? rule.sourceCidrIp : rule.destCidrIp,
    peerGroupId: isIngress ? rule.sourceGroupId : rule.destGroupId,
    peerPrefixListId: isIngress ? rule.sourcePrefixListId : rule.destPrefixListId,
    ownCidr: isIngress ? rule.destCidrIp : rule.sourceCidrIp,
    sourcePortRange: rule.sourcePortRange,
    description: rule.description,
  };
}

function aclEntryOf({ networkAclEntryId, policy, protocol, port, cidrBlock }: NetworkAclEntry): object {
  return { id: networkAclEntryId, policy, protocol: protocol.toUpperCase(), portRange: port, peerCidr: cidrBlock };
}
