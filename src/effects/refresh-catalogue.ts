/**
 * Keeps the list of VPCs that the form offers. One refresher for all replicas: the job runs one at a time and sends the
 * next one.
 */
import { catalogueJob } from "../jobs.ts";
import { CloudFailure, type Clock, type CloudReader, type Log, type Queue, type Store } from "../ports.ts";

/** A new VPC shows up in the form after this long at most; opening a form asks for a reading at once. */
const READ_EVERY_MS = 5 * 60_000;

/** A reading younger than this is as good as a new one. */
const YOUNG_MS = 20_000;

export interface CataloguePorts {
  readonly store: Store;
  readonly queue: Queue;
  readonly reader: CloudReader;
  readonly clock: Clock;
  readonly log: Log;
  /** Regions to offer; empty means all that the account sees. */
  readonly regions: readonly string[];
}

export async function refreshCatalogue(ports: CataloguePorts): Promise<void> {
  const { store, queue, reader, clock, log, regions } = ports;
  await queue.send([catalogueJob(clock.now(), READ_EVERY_MS, READ_EVERY_MS)]);
  try {
    const readAtByRegion = new Map((await store.catalogue()).map(({ regionId, readAt }) => [regionId, readAt]));
    const wanted = regions.length > 0 ? regions : await reader.regions();
    const old = wanted.filter((regionId) => clock.now() - (readAtByRegion.get(regionId) ?? 0) > YOUNG_MS);
    const found = await Promise.all(
      old.map(async (regionId) => {
        const vpcs = await reader.vpcs(regionId);
        await store.saveCatalogue({ regionId, vpcs, readAt: clock.now() });
        return vpcs.length;
      }),
    );
    const vpcs = found.reduce((sum, amount) => sum + amount, 0);
    log.info("list of vpcs read", { regions: old.length, vpcs });
  } catch (error) {
    if (!(error instanceof CloudFailure)) throw error;
    const { api, code, requestId } = error.failure;
    log.error("reading the list of vpcs", { api, code, requestId });
  }
}
