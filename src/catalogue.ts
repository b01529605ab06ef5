/**
 * The VPCs that the form offers, from memory, so that type-ahead answers at once on every replica.
 */
import { contains } from "../machines/network/cidr.ts";
import { isYoung, type Catalogue, type CatalogueRegion, type CatalogueVpc, type Clock, type Store } from "./ports.ts";

/** How old the memory may get before the store is asked again. */
const MEMORY_FRESH_MS = 3_000;

/** Slack shows 100 options at the most. */
const MATCHES_MAX = 100;

export interface CatalogueOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** `cn-qingdao` → `Qingdao`, so that people can search by either. */
  readonly regionName: (regionId: string) => string;
  /** Regions to offer; empty means all that were read. */
  readonly regions: readonly string[];
}

export function createCatalogue({ store, clock, regionName, regions: offered }: CatalogueOptions): Catalogue {
  let memory: { readonly regions: readonly CatalogueRegion[]; readonly at: number } = { regions: [], at: 0 };

  async function regions(): Promise<readonly CatalogueRegion[]> {
    if (!isYoung(memory.at, MEMORY_FRESH_MS, clock.now())) {
      const stored = await store.catalogue();
      // What was read before the operator chose regions is still there.
      const fitting = stored.filter(({ regionId }) => offered.length === 0 || offered.includes(regionId));
      memory = { regions: fitting, at: clock.now() };
    }
    return memory.regions;
  }

  async function all(): Promise<readonly CatalogueVpc[]> {
    return (await regions()).flatMap(({ vpcs }) => vpcs);
  }

  return {
    async search(query) {
      const words = query.toLowerCase().split(/\s+/).filter(Boolean);
      const matches = (await all()).filter((vpc) => words.every((word) => matchesWord(vpc, word, regionName)));
      return matches
        .toSorted((a, b) => a.regionId.localeCompare(b.regionId, "en") || a.name.localeCompare(b.name, "en"))
        .slice(0, MATCHES_MAX);
    },
    find: async (vpcId) => (await all()).find(({ id }) => id === vpcId) ?? null,
    regions: async () => (await regions()).map(({ regionId }) => regionId),
  };
}

function matchesWord(
  { regionId, id, name, cidrs }: CatalogueVpc,
  word: string,
  regionName: (regionId: string) => string,
): boolean {
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(word))
    return isAddress(word) && cidrs.some((cidr) => contains(cidr, `${word}/32`));
  return [name, id, regionId, regionName(regionId), ...cidrs].some((text) => text.toLowerCase().includes(word));
}

function isAddress(word: string): boolean {
  return word.split(".").every((part) => Number(part) <= 255);
}
