/**
 * Every action of Alibaba Cloud that the bot ever calls. `Call` takes no other, so this is what a RAM policy must allow.
 */

/**
 * As RAM knows them: `vpc` is the code of VpcPeer 2022-01-01 too
 * (https://www.alibabacloud.com/help/tc/vpc/developer-reference/api-vpcpeer-2022-01-01-ram, read 2026-11-25).
 */
type Product = "vpc" | "ecs" | "sts";

const ACTIONS = {
  GetCallerIdentity: { product: "sts", writes: false },
  DescribeRegions: { product: "vpc", writes: false },
  DescribeVpcs: { product: "vpc", writes: false },
  DescribeVpcAttribute: { product: "vpc", writes: false },
  DescribeNetworkAcls: { product: "vpc", writes: false },
  DescribeVSwitches: { product: "vpc", writes: false },
  DescribeRouteTableList: { product: "vpc", writes: false },
  DescribeRouteEntryList: { product: "vpc", writes: false },
  DescribeRouterInterfaces: { product: "vpc", writes: false },
  ListVpcPeerConnections: { product: "vpc", writes: false },
  GetVpcPeerConnectionAttribute: { product: "vpc", writes: false },
  DescribeInstances: { product: "ecs", writes: false },
  DescribeCloudAssistantStatus: { product: "ecs", writes: false },
  DescribeSecurityGroups: { product: "ecs", writes: false },
  DescribeSecurityGroupAttribute: { product: "ecs", writes: false },
  DescribeInvocationResults: { product: "ecs", writes: false },
  CreateRouterInterface: { product: "vpc", writes: true },
  ModifyRouterInterfaceAttribute: { product: "vpc", writes: true },
  ConnectRouterInterface: { product: "vpc", writes: true },
  DeactivateRouterInterface: { product: "vpc", writes: true },
  DeleteRouterInterface: { product: "vpc", writes: true },
  CreateVpcPeerConnection: { product: "vpc", writes: true },
  DeleteVpcPeerConnection: { product: "vpc", writes: true },
  CreateRouteEntry: { product: "vpc", writes: true },
  DeleteRouteEntry: { product: "vpc", writes: true },
  AuthorizeSecurityGroup: { product: "ecs", writes: true },
  AuthorizeSecurityGroupEgress: { product: "ecs", writes: true },
  RevokeSecurityGroup: { product: "ecs", writes: true },
  RevokeSecurityGroupEgress: { product: "ecs", writes: true },
  RunCommand: { product: "ecs", writes: true },
} as const satisfies Readonly<Record<string, { readonly product: Product; readonly writes: boolean }>>;

/** An action by its name on the wire. */
export type Api = keyof typeof ACTIONS;

/** VpcPeer 2022-01-01: one endpoint serves all regions, and two of its calls name none. */
const CENTRAL: ReadonlySet<Api> = new Set([
  "ListVpcPeerConnections",
  "GetVpcPeerConnectionAttribute",
  "CreateVpcPeerConnection",
  "DeleteVpcPeerConnection",
]);

/** An action as a RAM policy names it, such as `vpc:CreateRouterInterface`. */
interface RamAction {
  readonly action: `${Product}:${string}`;
  readonly writes: boolean;
}

/** All of them, reads first. GetCallerIdentity works without being allowed. */
export const RAM_ACTIONS: readonly RamAction[] = Object.entries(ACTIONS).map(([api, { product, writes }]) => ({
  action: `${product}:${api}`,
  writes,
}));

/** True when the action changes something in the cloud or runs something on an instance. */
export function writesWith(api: Api): boolean {
  return ACTIONS[api].writes;
}

/** True when all regions share one endpoint, so that nobody knows which region's quota a call counts against. */
export function isCentral(api: Api): boolean {
  return CENTRAL.has(api);
}
