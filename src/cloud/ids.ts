/** Ids and blocks as the cloud gives them; the prefix of an id says what it is. */
import { z } from "zod";

export const VpcId = z.templateLiteral(["vpc-", z.string()]);
export const VRouterId = z.templateLiteral(["vrt-", z.string()]);
export const VSwitchId = z.templateLiteral(["vsw-", z.string()]);
export const RouteTableId = z.templateLiteral(["vtb-", z.string()]);
export const RouterInterfaceId = z.templateLiteral(["ri-", z.string()]);
export const VpcPeerConnectionId = z.templateLiteral(["pcc-", z.string()]);
export const SecurityGroupId = z.templateLiteral(["sg-", z.string()]);
export const InstanceId = z.templateLiteral(["i-", z.string()]);

/** An IPv4 block, or one address. */
export function isBlock(text: string): boolean {
  return z.union([z.cidrv4(), z.ipv4()]).safeParse(text).success;
}
