/**
 * Kills the bot at moments that a test chooses, and starts it again: after something was committed, or after something was
 * written in the cloud.
 */
import type { BotPorts } from "../../src/bot.ts";
import type { Grant, GrantedWriter, Store } from "../../src/ports.ts";
import type { World } from "./world.ts";

/** `written`: the cloud has carried out the step's write, and it is not on record yet. */
export type Moment = { readonly at: "committed" } | { readonly at: "written"; readonly step: string };

export interface Killer {
  /** For `WorldOptions`. */
  readonly between: (ports: BotPorts) => BotPorts;
  /** Begins to kill. */
  arm(): void;
  /** Restarts the bot each time until `end` has come; answers with the number of kills. */
  killUntil(world: World, end: Promise<unknown>): Promise<number>;
}

/** `isDeadly` is asked at every moment, in every life of the bot; each life ends once. */
export function createKiller(isDeadly: (moment: Moment) => boolean): Killer {
  let armed = false;
  let struck = Promise.withResolvers<"struck">();

  /** Never comes back from a deadly moment. */
  async function pass(moment: Moment, life: { over: boolean }): Promise<void> {
    if (life.over) await never();
    if (!armed || !isDeadly(moment)) return;
    // eslint-disable-next-line no-param-reassign
    life.over = true;
    struck.resolve("struck");
    await never();
  }

  return {
    between(ports) {
      const life = { over: false };
      const store: Store = {
        ...ports.store,
        async transaction(work) {
          const result = await ports.store.transaction(work);
          // A job that comes again changes nothing, and would be killed for ever.
          if (isAccepted(result)) await pass({ at: "committed" }, life);
          return result;
        },
      };
      return {
        ...ports,
        store,
        writer: (grant) => deadlyWriter(ports.writer(grant), grant, (moment) => pass(moment, life)),
      };
    },
    arm() {
      armed = true;
    },
    async killUntil(world, end) {
      const ended = end.then(() => "ended" as const);
      for (let kills = 0; ; kills += 1) {
        if ((await Promise.race([struck.promise, ended])) === "ended") return kills;
        struck = Promise.withResolvers();
        await world.restart("abandon");
      }
    },
  };
}

function deadlyWriter(writer: GrantedWriter, { step }: Grant, pass: (moment: Moment) => Promise<void>): GrantedWriter {
  const deadly =
    <Order, Answer>(write: (order: Order) => Promise<Answer>) =>
    async (order: Order): Promise<Answer> => {
      const answer = await write(order);
      await pass({ at: "written", step });
      return answer;
    };
  // Every member of the port is a method that writes.
  return Object.fromEntries(
    Object.entries(writer).map(([name, write]) => [name, deadly(write as (order: unknown) => Promise<unknown>)]),
  ) as unknown as GrantedWriter;
}

function isAccepted(result: unknown): boolean {
  return typeof result === "object" && result !== null && "kind" in result && result.kind === "accepted";
}

function never(): Promise<never> {
  return new Promise(() => {});
}
