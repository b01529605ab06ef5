/** What the simulation knows of one region: its names, its zones and where it lies (for round-trip times). */
export interface RegionFacts {
  readonly regionId: string;
  /** Three characters that start the ids of resources in this region, as in ids printed in the public documentation. */
  readonly idPrefix: string;
  readonly chineseName: string;
  readonly englishName: string;
  /** Two zones each; zones outside China carry no hyphen before the letter. */
  readonly zoneIds: readonly [string, string];
  /** A pair of one region inside and one outside of mainland China is cross-border. Hong Kong counts as outside. */
  readonly isMainland: boolean;
  readonly latitude: number;
  readonly longitude: number;
}

/**
 * The regions of the simulated account, in the order in which DescribeRegions lists them.
 *
 * Names: https://www.alibabacloud.com/help/en/ecs/product-overview/regions-and-zones (read 2026-08-22)
 */
export const REGIONS: ReadonlyArray<RegionFacts> = [
  {
    regionId: "cn-qingdao",
    idPrefix: "m5e",
    chineseName: "华北1（青岛）",
    englishName: "China (Qingdao)",
    zoneIds: ["cn-qingdao-b", "cn-qingdao-c"],
    isMainland: true,
    latitude: 36.07,
    longitude: 120.38,
  },
  {
    regionId: "cn-beijing",
    idPrefix: "2ze",
    chineseName: "华北2（北京）",
    englishName: "China (Beijing)",
    zoneIds: ["cn-beijing-h", "cn-beijing-k"],
    isMainland: true,
    latitude: 39.9,
    longitude: 116.4,
  },
  {
    regionId: "cn-zhangjiakou",
    idPrefix: "8vb",
    chineseName: "华北3（张家口）",
    englishName: "China (Zhangjiakou)",
    zoneIds: ["cn-zhangjiakou-a", "cn-zhangjiakou-b"],
    isMainland: true,
    latitude: 40.77,
    longitude: 114.88,
  },
  {
    regionId: "cn-hangzhou",
    idPrefix: "bp1",
    chineseName: "华东1（杭州）",
    englishName: "China (Hangzhou)",
    zoneIds: ["cn-hangzhou-h", "cn-hangzhou-i"],
    isMainland: true,
    latitude: 30.27,
    longitude: 120.15,
  },
  {
    regionId: "cn-shanghai",
    idPrefix: "uf6",
    chineseName: "华东2（上海）",
    englishName: "China (Shanghai)",
    zoneIds: ["cn-shanghai-l", "cn-shanghai-m"],
    isMainland: true,
    latitude: 31.23,
    longitude: 121.47,
  },
  {
    regionId: "cn-shenzhen",
    idPrefix: "wz9",
    chineseName: "华南1（深圳）",
    englishName: "China (Shenzhen)",
    zoneIds: ["cn-shenzhen-d", "cn-shenzhen-e"],
    isMainland: true,
    latitude: 22.54,
    longitude: 114.06,
  },
  {
    regionId: "cn-hongkong",
    idPrefix: "j6c",
    chineseName: "中国香港",
    englishName: "China (Hong Kong)",
    zoneIds: ["cn-hongkong-b", "cn-hongkong-c"],
    isMainland: false,
    latitude: 22.32,
    longitude: 114.17,
  },
  {
    regionId: "ap-southeast-1",
    idPrefix: "t4n",
    chineseName: "新加坡",
    englishName: "Singapore",
    zoneIds: ["ap-southeast-1a", "ap-southeast-1b"],
    isMainland: false,
    latitude: 1.35,
    longitude: 103.82,
  },
  {
    regionId: "eu-central-1",
    idPrefix: "gw8",
    chineseName: "德国（法兰克福）",
    englishName: "Germany (Frankfurt)",
    zoneIds: ["eu-central-1a", "eu-central-1b"],
    isMainland: false,
    latitude: 50.11,
    longitude: 8.68,
  },
  {
    regionId: "us-west-1",
    idPrefix: "rj9",
    chineseName: "美国（硅谷）",
    englishName: "US (Silicon Valley)",
    zoneIds: ["us-west-1a", "us-west-1b"],
    isMainland: false,
    latitude: 37.39,
    longitude: -122.08,
  },
];

/** Facts of a region that is known to exist; throws for any other id. */
export function regionFacts(regionId: string): RegionFacts {
  const facts = REGIONS.find((region) => region.regionId === regionId);
  if (facts === undefined) throw new Error(`looking up region facts: no region ${regionId}`);
  return facts;
}

/** Whether two regions lie on different sides of the mainland border. */
export function isCrossBorder(pair: { readonly from: string; readonly to: string }): boolean {
  return regionFacts(pair.from).isMainland !== regionFacts(pair.to).isMainland;
}
