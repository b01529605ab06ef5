import type { Product } from "../parameters.ts";
import type { Operation } from "../simulation.ts";
import { describeCloudAssistantStatus } from "./cloud-assistant.ts";
import { connectRouterInterface, modifyRouterInterfaceAttribute } from "./connect-router-interface.ts";
import { createVpcPeerConnection } from "./create-peering-connection.ts";
import { createRouteEntries, createRouteEntry } from "./create-route-entries.ts";
import { createRouterInterface } from "./create-router-interface.ts";
import { deleteRouteEntries, deleteRouteEntry } from "./delete-route-entries.ts";
import { getCallerIdentity } from "./identity.ts";
import { describeInstanceAttribute, describeInstances, describeInstanceStatus } from "./instances.ts";
import { describeNetworkAclAttributes, describeNetworkAcls } from "./network-acls.ts";
import { describeNetworkInterfaces } from "./network-interfaces.ts";
import { deleteVpcPeerConnection, modifyVpcPeerConnection } from "./peering-connection-life.ts";
import { describeInvocationResults, describeInvocations } from "./read-invocations.ts";
import { getVpcPeerConnectionAttribute, listVpcPeerConnections } from "./read-peering-connections.ts";
import { describeRouteEntryList } from "./read-route-entries.ts";
import { describeRouterInterfaceAttribute, describeRouterInterfaces } from "./read-router-interfaces.ts";
import { describeSecurityGroupAttribute, describeSecurityGroups } from "./read-security-groups.ts";
import { describeEcsRegions, describeVpcRegions, describeZones } from "./regions.ts";
import { describeRouteTableList, describeRouteTables, describeVRouters } from "./route-tables.ts";
import {
  activateRouterInterface,
  deactivateRouterInterface,
  deleteRouterInterface,
  modifyRouterInterfaceSpec,
} from "./router-interface-life.ts";
import { runCommand, stopInvocation } from "./run-command.ts";
import {
  authorizeSecurityGroup,
  authorizeSecurityGroupEgress,
  revokeSecurityGroup,
  revokeSecurityGroupEgress,
} from "./security-group-rules.ts";
import { listEcsTagResources, listVpcTagResources, tagVpcResources, untagVpcResources } from "./tags.ts";
import { describeVpcAttribute, describeVpcs } from "./vpcs.ts";
import { describeVSwitchAttributes, describeVSwitches } from "./vswitches.ts";

/** Every action that the simulated cloud answers, by product and the name it has on the wire. */
export const OPERATIONS = {
  vpc: {
    ActivateRouterInterface: activateRouterInterface,
    ConnectRouterInterface: connectRouterInterface,
    CreateRouteEntries: createRouteEntries,
    CreateRouteEntry: createRouteEntry,
    CreateRouterInterface: createRouterInterface,
    DeactivateRouterInterface: deactivateRouterInterface,
    DeleteRouteEntries: deleteRouteEntries,
    DeleteRouteEntry: deleteRouteEntry,
    DeleteRouterInterface: deleteRouterInterface,
    DescribeNetworkAclAttributes: describeNetworkAclAttributes,
    DescribeNetworkAcls: describeNetworkAcls,
    DescribeRegions: describeVpcRegions,
    DescribeRouteEntryList: describeRouteEntryList,
    DescribeRouteTableList: describeRouteTableList,
    DescribeRouteTables: describeRouteTables,
    DescribeRouterInterfaceAttribute: describeRouterInterfaceAttribute,
    DescribeRouterInterfaces: describeRouterInterfaces,
    DescribeVRouters: describeVRouters,
    DescribeVSwitchAttributes: describeVSwitchAttributes,
    DescribeVSwitches: describeVSwitches,
    DescribeVpcAttribute: describeVpcAttribute,
    DescribeVpcs: describeVpcs,
    DescribeZones: describeZones,
    ListTagResources: listVpcTagResources,
    ModifyRouterInterfaceAttribute: modifyRouterInterfaceAttribute,
    ModifyRouterInterfaceSpec: modifyRouterInterfaceSpec,
    TagResources: tagVpcResources,
    UnTagResources: untagVpcResources,
  },
  ecs: {
    AuthorizeSecurityGroup: authorizeSecurityGroup,
    AuthorizeSecurityGroupEgress: authorizeSecurityGroupEgress,
    DescribeCloudAssistantStatus: describeCloudAssistantStatus,
    DescribeInstanceAttribute: describeInstanceAttribute,
    DescribeInstances: describeInstances,
    DescribeInstanceStatus: describeInstanceStatus,
    DescribeInvocationResults: describeInvocationResults,
    DescribeInvocations: describeInvocations,
    DescribeNetworkInterfaces: describeNetworkInterfaces,
    DescribeRegions: describeEcsRegions,
    DescribeSecurityGroupAttribute: describeSecurityGroupAttribute,
    DescribeSecurityGroups: describeSecurityGroups,
    ListTagResources: listEcsTagResources,
    RevokeSecurityGroup: revokeSecurityGroup,
    RevokeSecurityGroupEgress: revokeSecurityGroupEgress,
    RunCommand: runCommand,
    StopInvocation: stopInvocation,
  },
  vpcpeer: {
    CreateVpcPeerConnection: createVpcPeerConnection,
    DeleteVpcPeerConnection: deleteVpcPeerConnection,
    GetVpcPeerConnectionAttribute: getVpcPeerConnectionAttribute,
    ListVpcPeerConnections: listVpcPeerConnections,
    ModifyVpcPeerConnection: modifyVpcPeerConnection,
  },
  sts: {
    GetCallerIdentity: getCallerIdentity,
  },
} as const satisfies Record<Product, Record<string, Operation>>;

/** The operation behind a product's action; undefined when there is none of that name. */
export function findOperation(product: Product, action: string): Operation | undefined {
  const operations: Readonly<Record<string, Operation>> = OPERATIONS[product];
  return Object.hasOwn(operations, action) ? operations[action] : undefined;
}

/** True for what some product answers to. */
export function isAction(name: string): boolean {
  return Object.values(OPERATIONS).some((operations) => Object.hasOwn(operations, name));
}
