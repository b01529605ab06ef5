import { oppositeOf, vpcOfRouter } from "../lookup.ts";
import { numberedPage } from "../paging.ts";
import { type Parameters, records, requiredText, text, texts } from "../parameters.ts";
import { isCrossBorder } from "../regions.ts";
import { refuse } from "../refusal.ts";
import { type Call, type Operation, timeText } from "../simulation.ts";
import type { RouterInterface } from "../world.ts";
import { carriesTags, listedRouterInterfaces } from "./find.ts";
import { SPEC_MBPS } from "./router-interface-rules.ts";

/** Postpaid interfaces do not end; the API prints this instead. */
const NEVER_ENDS = "2999-09-08T16:00:00Z";

/** What each filter key compares with. */
const FILTERS: Readonly<Record<string, (side: RouterInterface, call: Call) => string>> = {
  RouterInterfaceId: (side) => side.routerInterfaceId,
  RouterId: (side) => side.routerId,
  RouterType: () => "VRouter",
  RouterInterfaceOwnerId: (_, call) => call.world.accountId,
  OppositeInterfaceId: (side) => side.opposite.interfaceId,
  OppositeRouterType: (side) => side.opposite.routerType,
  OppositeRouterId: (side) => side.opposite.routerId,
  OppositeInterfaceOwnerId: (side) => side.opposite.ownerId,
  Status: (side) => side.status,
  Name: (side) => side.name,
};

/** The values of one filter are alternatives; filters narrow each other down. */
export const describeRouterInterfaces: Operation = {
  kind: "read",
  run(call) {
    const filters = records(call.parameters, "Filter").map(readFilter);
    const found = listedRouterInterfaces(call)
      .filter((side) => filters.every(({ valueOf, values }) => values.includes(valueOf(side, call))))
      .filter((side) => carriesTags(call.parameters, side.tags, "Tags"));
    const { items, ...numbers } = numberedPage(found, call.parameters, { fallback: 10, max: 50 });
    return {
      body: { ...numbers, RouterInterfaceSet: { RouterInterfaceType: items.map((side) => shown(call, side)) } },
    };
  },
};

/** One interface, flat. */
export const describeRouterInterfaceAttribute: Operation = {
  kind: "read",
  run(call) {
    const id = requiredText(call.parameters, "InstanceId");
    const side = listedRouterInterfaces(call).find((listed) => listed.routerInterfaceId === id);
    if (side === undefined && call.facts.answer("unknown-interface-attribute") === "not-found-404") {
      const message = "The specified RouterInterfaceId does not exist in our record.";
      refuse({ status: 404, code: "InvalidRouterInterfaceId.NotFound", message });
    }
    const outcome = { Code: "200", Message: "successful", Success: true };
    if (side === undefined) return { body: outcome };
    const modified = timeText(side.connectedAt ?? side.createdAt);
    return { body: { ...outcome, ...shown(call, side), GmtModified: modified, HealthCheckStatus: "" } };
  },
};

function readFilter(filter: Parameters): {
  valueOf: (side: RouterInterface, call: Call) => string;
  values: ReadonlyArray<string>;
} {
  const key = text(filter, "Key") ?? "";
  const valueOf = Object.hasOwn(FILTERS, key) ? FILTERS[key] : undefined;
  if (valueOf === undefined) {
    const message = "The specified filter key is not supported.";
    refuse({ status: 404, code: "InvalidFilterKey.ValueNotSupported", message });
  }
  const values = texts(filter, "Value");
  if (values.length === 0) {
    refuse({ status: 400, code: "InvalidParam.NotNull", message: "The value of the filter must not be null." });
  }
  return { valueOf, values };
}

function shown(call: Call, side: RouterInterface): Readonly<Record<string, unknown>> {
  return {
    RouterInterfaceId: side.routerInterfaceId,
    Name: side.name,
    Description: side.description,
    Role: side.role,
    Spec: side.spec,
    Bandwidth: SPEC_MBPS[side.spec] ?? 0,
    Status: side.status,
    BusinessStatus: side.businessStatus,
    ChargeType: "AfterPay",
    CreationTime: timeText(side.createdAt),
    ConnectedTime:
      side.connectedAt !== undefined && side.connectedAt <= call.agenda.now() ? timeText(side.connectedAt) : "",
    EndTime: NEVER_ENDS,
    RouterId: side.routerId,
    RouterType: "VRouter",
    VpcInstanceId: side.vpcId,
    AccessPointId: "",
    HealthCheckSourceIp: "",
    HealthCheckTargetIp: "",
    HcRate: side.hcRate,
    HcThreshold: side.hcThreshold,
    CrossBorder: isCrossBorder({ from: call.region.regionId, to: side.oppositeRegionId }),
    HasReservationData: false,
    FastLinkMode: false,
    ResourceGroupId: "",
    Tags: { Tags: side.tags.map((tag) => ({ Key: tag.key, Value: tag.value })) },
    ...shownOpposite(call, side),
  };
}

function shownOpposite(call: Call, side: RouterInterface): Readonly<Record<string, unknown>> {
  const opposite = oppositeOf(call.world, side);
  const region = call.world.regions.get(side.oppositeRegionId);
  // An interface that names one that is no more shows the status Deleted.
  const statusOfNone = side.opposite.interfaceId === "" ? "" : "Deleted";
  const status = opposite?.status === "Creating" ? "" : (opposite?.status ?? statusOfNone);
  return {
    OppositeRegionId: side.oppositeRegionId,
    OppositeInterfaceId: side.opposite.interfaceId,
    OppositeInterfaceOwnerId: side.opposite.ownerId,
    OppositeInterfaceSpec: opposite?.spec ?? "",
    OppositeBandwidth: SPEC_MBPS[opposite?.spec ?? "Negative"] ?? 0,
    OppositeInterfaceStatus: status,
    OppositeInterfaceBusinessStatus: opposite?.businessStatus ?? "",
    OppositeRouterId: side.opposite.routerId,
    OppositeRouterType: side.opposite.routerType,
    OppositeVpcInstanceId: region === undefined ? "" : (vpcOfRouter(region, side.opposite.routerId)?.vpcId ?? ""),
    OppositeAccessPointId: "",
  };
}
