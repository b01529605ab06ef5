import { expect, test } from "vitest";
import { eventually, type Bench } from "./bench.ts";
import { handlers } from "./handlers.ts";
import { step } from "./jobs.ts";
import { storedEvent } from "./stored.ts";
import { tellStory, toldParts, type Moment } from "./story.ts";

export function endingContract(open: () => Promise<Bench>): void {
  test("stopping waits for what is under way and takes nothing more", async () => {
    const bench = await open();
    const { store, queue } = await bench.open();
    const gate = Promise.withResolvers<void>();
    const got: string[] = [];
    const run = async ({ step: name }: { readonly step: string }): Promise<void> => {
      got.push(`${name} begun`);
      await gate.promise;
      // The store is there until the end.
      await store.remember(name, "done", 0);
      got.push(`${name} done`);
    };
    await queue.start(handlers({ step: { run } }));
    await queue.send([step("a")]);
    await eventually(bench, () => expect(got).toEqual(["a begun"]));
    const stopped = queue.stop(5_000);
    gate.resolve();
    await stopped;
    expect(got).toEqual(["a begun", "a done"]);
    await store.close();

    const again = await bench.open();
    const gotAgain: unknown[] = [];
    await again.queue.start(handlers({ step: { run: async ({ step: name }) => void gotAgain.push(name) } }));
    await again.queue.send([step("b")]);
    await eventually(bench, () => expect(gotAgain).toEqual(["b"]));
    expect(await again.store.remembered("a")).toEqual({ value: "done", at: 0 });
  });

  test("stopping lets go of what takes longer than its grace; the next process carries it out at once", async () => {
    const bench = await open();
    const { store, queue } = await bench.open();
    const signals: AbortSignal[] = [];
    const run = (_data: unknown, signal: AbortSignal): Promise<void> => {
      signals.push(signal);
      return new Promise(() => {});
    };
    await queue.start(handlers({ step: { run } }));
    await queue.send([step("endless")]);
    await eventually(bench, () => expect(signals.map(({ aborted }) => aborted)).toEqual([false]));
    await Promise.all([queue.stop(1_000), bench.pass(1_000)]);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
    await store.close();

    const again = await bench.open();
    const got: unknown[] = [];
    await again.queue.start(handlers({ step: { run: async ({ step: name }) => void got.push(name) } }));
    await eventually(bench, () => expect(got).toEqual(["endless"]));
  });

  test("what a killed process had under way goes to the next, what it had ended does not, and what it had not committed is not there", async () => {
    const bench = await open();
    const first = await bench.open();
    const begun: string[] = [];
    const inside = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<void>();
    await first.queue.start(
      handlers({
        step: {
          run: async ({ step: name }) => {
            begun.push(name);
            if (name === "endless") await new Promise(() => {});
            if (name !== "committing") return;
            await first.store.transaction(async (tx) => {
              await tx.appendEvent(storedEvent("P-KILLED", 1));
              await tx.send([step("uncommitted")]);
              inside.resolve();
              await gate.promise;
            });
            begun.push("committed");
          },
        },
      }),
    );
    await first.queue.send([step("ended"), step("later", 60_000)]);
    await eventually(bench, () => expect(begun).toEqual(["ended"]));
    await first.queue.send([step("endless")]);
    await eventually(bench, () => expect(begun).toEqual(["ended", "endless"]));
    await first.queue.send([step("committing")]);
    // An embedded database does nothing else until the transaction ends, which it never does.
    const passing = bench.pass(0);
    await inside.promise;
    first.queue.abandon();
    gate.resolve();
    await passing;

    const second = await bench.open();
    const got: string[] = [];
    const begunFirst: string[] = [];
    await second.queue.start(
      handlers({
        step: {
          run: async ({ step: name }, _, isFirst) => {
            got.push(name);
            if (isFirst) begunFirst.push(name);
          },
        },
      }),
    );
    await bench.pass(15_000);
    await eventually(bench, () => expect(got.toSorted()).toEqual(["committing", "endless"]));
    await bench.pass(60_000);
    await eventually(bench, () => expect(got.toSorted()).toEqual(["committing", "endless", "later"]));
    expect(begunFirst).toEqual(["later"]);
    expect(begun).not.toContain("committed");
    expect(await second.store.events("P-KILLED", 0)).toEqual([]);
  });

  test("killed at any moment, a story of many jobs is told to its end, every part once", async () => {
    const bench = await open();
    const parts = 60;
    // Killed in turn as a handler begins, in its transaction, and after it.
    const kills: readonly Moment[] = ["before", "within", "after", "within"];
    let killed = 0;
    let process = await bench.open();
    const at = (part: number, moment: Moment): void => {
      if (part < ((killed + 1) * parts) / (kills.length + 1) || moment !== kills[killed]) return;
      killed += 1;
      process.queue.abandon();
    };
    await tellStory(process, parts, at);
    for (let count = 1; count <= kills.length; count += 1) {
      await eventually(bench, () => expect(killed).toBe(count));
      process = await bench.open();
      await tellStory(process, parts, at);
      await bench.pass(15_000);
    }
    await eventually(bench, async () => expect(await toldParts(process.store)).toHaveLength(parts));
    expect(await toldParts(process.store)).toEqual(Array.from({ length: parts }, (_, index) => index + 1));
  });
}
