import type { Db } from "./schema.ts";

interface Limit {
  readonly everyMs: number;
  readonly burst: number;
}

/**
 * Takes a turn at `name` and answers 0, or answers how long until one is free, ms.
 *
 * One number per name says it all: the time until which the turns given so far are used up (the generic cell rate
 * algorithm, ITU-T I.371). `now` is each replica's own clock; one that is ahead has its turn sooner than another, but no
 * more turns are given for that. More than a whole burst and a turn can only come from a clock that was wrong: it counts
 * for nothing, or a replica whose clock was an hour ahead would silence the others for that hour.
 */
export async function takeTurn(
  db: Db,
  name: string,
  { everyMs, burst, now }: Limit & { readonly now: number },
): Promise<number> {
  // The last turn of a burst is free while no more than this is used up.
  const free = now + (burst - 1) * everyMs;
  const possible = now + (burst + 1) * everyMs;
  const taken = await db
    .insertInto("turn")
    .values({ name, usedUntil: now + everyMs })
    .onConflict((conflict) =>
      conflict
        .column("name")
        .doUpdateSet((eb) => ({
          usedUntil: eb(
            eb
              .case()
              .when("turn.usedUntil", ">", possible)
              .then(now)
              .else(eb.fn<number>("greatest", [eb.ref("turn.usedUntil"), eb.val(now)]))
              .end(),
            "+",
            everyMs,
          ),
        }))
        .where((eb) => eb.or([eb("turn.usedUntil", "<=", free), eb("turn.usedUntil", ">", possible)])),
    )
    .returning("name")
    .executeTakeFirst();
  if (taken) return 0;
  const { usedUntil } = await db
    .selectFrom("turn")
    .select("usedUntil")
    .where("name", "=", name)
    .executeTakeFirstOrThrow();
  return Math.max(1, Math.ceil(usedUntil - free));
}
