/** What a contract suite needs to put one implementation through its paces. */
import { TestClock } from "pg-boss";
import { vi } from "vitest";
import type { Clock, Queue, Store } from "../../src/ports.ts";
import { openStore, type StorePlace } from "../../src/store/open.ts";
import { createModel } from "../model/model.ts";
import { quietLog } from "../quiet-log.ts";

export interface Bench {
  readonly clock: Clock;
  /** Several processes can be open at once. */
  readonly isShared: boolean;
  /** A process on the same data; `abandon` of its queue kills it. */
  readonly open: () => Promise<Process>;
  /** Lets time pass, for the bot and for the database, and carries out what falls due. */
  readonly pass: (ms: number) => Promise<void>;
  /** The same for a long time, in one leap. Not while a job is under way: it would look as if its process were gone. */
  readonly leap: (ms: number) => Promise<void>;
  /** Ends all processes and removes the data. */
  readonly remove: () => Promise<void>;
}

export interface Process {
  readonly store: Store;
  readonly queue: Queue;
}

/** Makes a bench with no data. */
export type CreateBench = () => Promise<Bench>;

export const T0 = Date.UTC(2026, 10, 23, 10, 57, 0);

/** Waits until `check` does not throw any more, while everything due is carried out. */
export async function eventually(bench: Bench, check: () => void | Promise<void>): Promise<void> {
  await vi.waitFor(
    async () => {
      await bench.pass(0);
      await check();
    },
    { timeout: 30_000, interval: 5 },
  );
}

export const modelBench: CreateBench = async () => {
  const { clock, open, advance } = createModel({ seed: 1, startsAt: T0 });
  return { clock, isShared: true, open: async () => open(), pass: advance, leap: advance, remove: async () => {} };
};

/** A bench on a real database, with the time of pg-boss's own test clock. */
export async function databaseBench(place: StorePlace, remove: () => void | Promise<void>): Promise<Bench> {
  const testClock = new TestClock(T0);
  const clock = clockOf(testClock);
  const open: Process[] = [];
  return {
    clock,
    isShared: "databaseUrl" in place,
    async open() {
      const process = await openStore(place, { clock, log: quietLog, testClock });
      open.push(process);
      return process;
    },
    pass: (ms) => testClock.tick(ms),
    async leap(ms) {
      await testClock.setTime(testClock.now() + ms);
      await testClock.tick(0);
    },
    async remove() {
      for (const { store } of open) await store.close();
      await remove();
    },
  };
}

function clockOf(testClock: TestClock): Clock {
  return {
    now: () => testClock.now(),
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        const timer = testClock.setTimeout(resolve, ms);
        signal?.addEventListener("abort", () => {
          testClock.clearTimeout(timer);
          resolve();
        });
      }),
  };
}
