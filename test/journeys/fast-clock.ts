/**
 * A clock for the bot that runs faster than the world, and can be put forward: minutes of waiting, retrying and pacing
 * pass in seconds, in JavaScript and in the database's queue alike.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { AttachableClock, Db } from "pg-boss";
import { bossClock } from "../../src/store/boss-clock.ts";
import type { Clock } from "../../src/ports.ts";

export interface FastClock extends Clock {
  /** For `openStore`: the same time for pg-boss and for its SQL. */
  readonly boss: AttachableClock;
  /** What the clock showed at a moment of real time, epoch ms, unless it was put forward or hastened since. */
  at(realMs: number): number;
  /** What is due by then is found at the queue's next look; who sleeps goes on sleeping. */
  putForward(ms: number): Promise<void>;
  /** From now on `to` ms of the bot's time pass in 1 ms. What is asleep wakes at the pace at which it fell asleep. */
  hasten(to: number): Promise<void>;
}

/** `speed` ms of the bot's time pass in 1 ms of real time, from now on. */
export function fastClock(atFirst: number): FastClock {
  let speed = atFirst;
  let since = Date.now();
  let shown = since;
  let target: { readonly db: Db; readonly schema: string } | undefined;
  const at = (realMs: number): number => shown + (realMs - since) * speed;
  const clock: Clock = {
    now: () => Math.round(at(Date.now())),
    sleep: async (ms, signal) => {
      await sleep(ms / speed, undefined, { signal }).catch(() => undefined);
    },
  };
  const tellDatabase = async (): Promise<void> => {
    const realSeconds = `(extract(epoch from clock_timestamp()) - ${since / 1_000})`;
    await target?.db.executeSql(`
      create or replace function ${target.schema}.job_now() returns timestamp with time zone language sql stable as $$
        select to_timestamp(${shown / 1_000} + ${realSeconds} * ${speed})
      $$
    `);
  };
  return {
    ...clock,
    at,
    async putForward(ms) {
      shown += ms;
      await tellDatabase();
    },
    async hasten(to) {
      const now = Date.now();
      [shown, since, speed] = [at(now), now, to];
      await tellDatabase();
    },
    boss: {
      ...bossClock(clock),
      async attach({ db, schema }) {
        target = { db, schema };
        await tellDatabase();
        return { [Symbol.asyncDispose]: () => Promise.resolve() };
      },
    },
  };
}
