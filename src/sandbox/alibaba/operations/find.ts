import { refuse } from "../refusal.ts";
import type { Call } from "../simulation.ts";
import type { Instance, RouterInterface, RouteTable, SecurityGroup, Tag, Vpc } from "../world.ts";
import { type Parameters, records, text } from "../parameters.ts";

/** A VPC of the call's region, or the API's 404. */
export function findVpc(call: Call, vpcId: string): Vpc {
  return (
    call.region.vpcs.get(vpcId) ??
    refuse({ status: 404, code: "InvalidVpcId.NotFound", message: "Specified VPC does not exist." })
  );
}

/** A route table of the call's region, or the API's 404. */
export function findRouteTable(call: Call, routeTableId: string): RouteTable {
  return (
    call.region.routeTables.get(routeTableId) ??
    refuse({ status: 404, code: "InvalidRouteTableId.NotFound", message: "Specified route table does not exist." })
  );
}

/** A router interface of the call's region that is listed, or the API's 404. */
export function findRouterInterface(call: Call, routerInterfaceId: string): RouterInterface {
  return (
    listedRouterInterfaces(call).find((side) => side.routerInterfaceId === routerInterfaceId) ??
    refuse({
      status: 404,
      code: "InvalidRouterInterfaceId.NotFound",
      message: "The specified RouterInterfaceId does not exist in our record.",
    })
  );
}

/** The router interfaces of the call's region that a caller can see at present. */
export function listedRouterInterfaces(call: Call): ReadonlyArray<RouterInterface> {
  const hidesNew = call.facts.answer("interface-before-idle") === "not-listed";
  return [...call.region.routerInterfaces.values()].filter((side) => !(hidesNew && side.status === "Creating"));
}

/** A security group of the call's region, or the API's 404. */
export function findSecurityGroup(call: Call, securityGroupId: string): SecurityGroup {
  return (
    call.region.securityGroups.get(securityGroupId) ??
    refuse({
      status: 404,
      code: "InvalidSecurityGroupId.NotFound",
      message: "The specified SecurityGroupId does not exist.",
    })
  );
}

/** An instance of the call's region, or the API's 404. */
export function findInstance(call: Call, instanceId: string): Instance {
  return (
    call.region.instances.get(instanceId) ??
    refuse({ status: 404, code: "InvalidInstanceId.NotFound", message: "The specified InstanceId does not exist." })
  );
}

/** Whether a text filter lets a value through: absent filters let everything through. */
export function matches(parameters: Parameters, name: string, value: string): boolean {
  const wanted = text(parameters, name);
  return wanted === undefined || wanted === value;
}

/** Whether a resource carries all the tags that `Tag.N` (or another list) asks for; a filter without value asks for the key. */
export function carriesTags(parameters: Parameters, tags: ReadonlyArray<Tag>, listName = "Tag"): boolean {
  return readTags(parameters, listName).every((wanted) =>
    tags.some((tag) => tag.key === wanted.key && (wanted.value === undefined || wanted.value === tag.value)),
  );
}

/** The tags of a request; ECS also takes lower-case field names. */
export function readTags(
  parameters: Parameters,
  listName: string,
): ReadonlyArray<{ readonly key: string; readonly value: string | undefined }> {
  return records(parameters, listName).flatMap((tag) => {
    const key = text(tag, "Key") ?? text(tag, "key");
    return key === undefined ? [] : [{ key, value: text(tag, "Value") ?? text(tag, "value") }];
  });
}
