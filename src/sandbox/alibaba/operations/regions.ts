import { text } from "../parameters.ts";
import { type RegionFacts, REGIONS } from "../regions.ts";
import type { Call, Operation } from "../simulation.ts";

/** The regions as VPC lists them. */
export const describeVpcRegions: Operation = {
  kind: "read",
  run(call) {
    const regions = REGIONS.map((region) => ({
      RegionId: region.regionId,
      LocalName: localName(call, region),
      RegionEndpoint: `vpc.${region.regionId}.aliyuncs.com`,
    }));
    return { body: { Regions: { Region: regions } } };
  },
};

/** The regions as ECS lists them, with a status. */
export const describeEcsRegions: Operation = {
  kind: "read",
  run(call) {
    const regions = REGIONS.map((region) => ({
      RegionId: region.regionId,
      LocalName: localName(call, region),
      RegionEndpoint: `ecs.${region.regionId}.aliyuncs.com`,
      Status: "available",
    }));
    return { body: { Regions: { Region: regions } } };
  },
};

/** The zones of one region. */
export const describeZones: Operation = {
  kind: "read",
  run(call) {
    const facts = REGIONS.find((region) => region.regionId === call.region.regionId);
    const zones = (facts?.zoneIds ?? []).map((zoneId) => ({
      ZoneId: zoneId,
      LocalName: zoneId,
      ZoneType: "AvailabilityZone",
    }));
    return { body: { Zones: { Zone: zones } } };
  },
};

function localName(call: Call, region: RegionFacts): string {
  return text(call.parameters, "AcceptLanguage") === "en-US" ? region.englishName : region.chineseName;
}
