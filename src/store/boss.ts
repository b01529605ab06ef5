/** pg-boss, set up for the bot and ready to take jobs. */
import { fromKysely, PgBoss, type Clock as BossClock, type Db as BossDatabase } from "pg-boss";
import type { Log } from "../ports.ts";
import { errorText } from "./error-text.ts";
import type { Home } from "./home.ts";
import { BOSS_SETTINGS, QUEUES, QUEUE_NAMES } from "./queues.ts";
import type { Db } from "./schema.ts";

/** pg-boss reports the same trouble for every slot. */
const ERRORS_LOGGED_EVERY_MS = 10_000;

/** Rejects when the database cannot be reached or prepared. */
export async function startBoss(home: Home, { clock, log }: { clock: BossClock; log: Log }): Promise<PgBoss> {
  const boss = new PgBoss({
    ...home.boss,
    clock,
    // Workers are woken by `slots.ts`.
    useListenNotify: false,
    // Removing what is too old.
    maintenanceIntervalSeconds: 300,
    // What we do not use: cron, dependencies between jobs, the list of instances, tracing.
    schedule: false,
    flowIntervalSeconds: 3_600,
    registerInstance: false,
    openTelemetry: { enabled: false },
  });
  logTrouble(boss, { clock, log });
  await boss.start();
  await prepareQueues(boss);
  if (home.alone) await takeOver(boss, home.db, log);
  return boss;
}

/** pg-boss's statements inside a transaction of ours. */
export function inTransaction(trx: Db): BossDatabase {
  return fromKysely(trx.withoutPlugins());
}

function logTrouble(boss: PgBoss, { clock, log }: { clock: BossClock; log: Log }): void {
  let quietUntil = -Infinity;
  let kept = 0;
  // An `error` event that nobody hears ends the process.
  boss.on("error", (error) => {
    if (clock.now() < quietUntil) {
      kept += 1;
      return;
    }
    log.warn("queue trouble", { error: errorText(error), moreSinceLast: kept });
    quietUntil = clock.now() + ERRORS_LOGGED_EVERY_MS;
    kept = 0;
  });
  boss.on("warning", ({ message, data }) => log.warn("queue warning", { warning: message, ...data }));
}

/** pg-boss leaves a queue that exists as it is, so settings of a newer version are brought to it. */
async function prepareQueues(boss: PgBoss): Promise<void> {
  const existing = new Set((await boss.getQueues()).map(({ name }) => name));
  for (const name of QUEUE_NAMES) {
    if (existing.has(name)) await boss.updateQueue(name, BOSS_SETTINGS);
    else await boss.createQueue(name, { ...BOSS_SETTINGS, policy: QUEUES[name].oneAtATime ? "singleton" : "standard" });
  }
}

/** Gives the jobs of a dead process back at once; on a shared database they wait until their heartbeat is missed. */
async function takeOver(boss: PgBoss, db: Db, log: Log): Promise<void> {
  const lost = await db.selectFrom("pgboss.job").select(["name", "id"]).where("state", "=", "active").execute();
  for (const [name, jobs] of Map.groupBy(lost, (job) => job.name)) {
    await boss.fail(
      name,
      jobs.map(({ id }) => id),
      { message: "its process is gone" },
    );
  }
  if (lost.length > 0) log.info("jobs of a dead process taken over", { jobs: lost.length });
}
