/** Ids as the cloud gives them; the prefix says what it is. */
import { z } from "zod";

export const VpcId = z.templateLiteral(["vpc-", z.string()]);
export const VRouterId = z.templateLiteral(["vrt-", z.string()]);
export const VSwitchId = z.templateLiteral(["vsw-", z.string()]);
export const RouteTableId = z.templateLiteral(["vtb-", z.string()]);
export const RouterInterfaceId = z.templateLiteral(["ri-", z.string()]);
export const VpcPeerConnectionId = z.templateLiteral(["pcc-", z.string()]);
export const SecurityGroupId = z.templateLiteral(["sg-", z.string()]);
export const InstanceId = z.templateLiteral(["i-", z.string()]);
