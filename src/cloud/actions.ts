/**
 * Every action of Alibaba Cloud that the bot ever calls. `Call` takes no other, so this is what a RAM policy must allow.
 */

type Product = "vpc" | "ecs" | "sts";

const ACTIONS = {
  GetCallerIdentity: { product: "sts", writes: false },
  DescribeRegions: { product: "vpc", writes: false },
  DescribeVpcs: { product: "vpc", writes: false },
  DescribeVSwitches: { product: "vpc", writes: false },
  DescribeRouteTableList: { product: "vpc", writes: false },
  DescribeRouteEntryList: { product: "vpc", writes: false },
  DescribeRouterInterfaces: { product: "vpc", writes: false },
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
