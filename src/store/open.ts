import type { AttachableClock } from "pg-boss";
import type { Clock, Log, Queue, Store } from "../ports.ts";
import { bossClock, droppableClock } from "./boss-clock.ts";
import { openEmbedded } from "./embedded.ts";
import { migrate } from "./migrate.ts";
import { openPostgres } from "./postgres.ts";
import { openQueue } from "./queue.ts";
import { createStore } from "./store.ts";

/** A PostgreSQL, or a directory for an embedded one. */
export type StorePlace = { readonly databaseUrl: string } | { readonly dataDirectory: string };

/** What the store needs from outside. */
export interface StoreOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** pg-boss's `TestClock`, which moves the database's time as well. Default: pg-boss follows `clock`, the database its own. */
  readonly testClock?: AttachableClock;
}

/**
 * Opens the store and its queue, brings the tables up to date, and gives back the jobs of a dead predecessor. The queue
 * takes jobs from now on, and carries them out once it is started. Close the store last; it stops the queue if need be.
 *
 * Rejects with a sentence for the operator when another process has the data directory.
 */
export async function openStore(
  place: StorePlace,
  { clock, log, testClock }: StoreOptions,
): Promise<{ store: Store; queue: Queue }> {
  const home =
    "databaseUrl" in place
      ? openPostgres(place.databaseUrl, { log, onTestClock: testClock !== undefined })
      : await openEmbedded(place.dataDirectory, { clock, log });
  const timers = droppableClock(testClock ?? bossClock(clock));
  let dropped = false;
  const drop = (): void => {
    dropped = true;
    timers.drop();
    home.drop();
  };
  try {
    await migrate(home.db);
    const queue = await openQueue(home, { clock: timers.clock, log, drop });
    let closed: Promise<void> | undefined;
    const close = async (): Promise<void> => {
      if (dropped) return;
      await queue.stop(0);
      timers.drop();
      await home.close();
    };
    const store = createStore(home.db, { clock, sendWithin: queue.sendWithin, close: () => (closed ??= close()) });
    return { store, queue };
  } catch (error) {
    drop();
    throw error;
  }
}
