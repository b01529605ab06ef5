import { expect, test } from "vitest";
import { QUEUES, retryDelayMs } from "../../src/store/queues.ts";
import { eventually, type Bench } from "./bench.ts";
import { handlers } from "./handlers.ts";
import { inbound, poll, timer } from "./jobs.ts";

export function failingContract(open: () => Promise<Bench>): void {
  test("a job whose handler rejects is tried again after a growing while, and in the end given up", async () => {
    const bench = await open();
    const { queue } = await bench.open();
    const times: number[] = [];
    const givenUp: unknown[] = [];
    const run = async (): Promise<void> => {
      times.push(bench.clock.now());
      throw new Error("not now");
    };
    await queue.start(handlers({ draft: { run, gaveUp: async (data) => void givenUp.push(data) } }));
    await queue.send([{ queue: "draft", data: { draftId: "d_1" }, delayMs: 0 }]);
    const { attemptsMax } = QUEUES.draft;
    await eventually(bench, async () => {
      await bench.leap(retryDelayMs("draft", times.length || 1) / 2);
      expect(givenUp).toEqual([{ draftId: "d_1" }]);
    });
    await bench.leap(10 * 60_000);
    expect([times.length, givenUp.length]).toEqual([attemptsMax, 1]);
    const waits = times.slice(1).map((at, index) => at - (times[index] ?? 0));
    // Time went by half a wait at once.
    expect(
      waits.filter(
        (wait, index) => wait < retryDelayMs("draft", index + 1) || wait > 2 * retryDelayMs("draft", index + 1),
      ),
    ).toEqual([]);
  });

  test("a job that fails twice and then does not is done", async () => {
    const bench = await open();
    const { queue } = await bench.open();
    let attempts = 0;
    const givenUp: unknown[] = [];
    const firsts: boolean[] = [];
    const run = async (_data: unknown, _signal: AbortSignal, isFirst: boolean): Promise<void> => {
      attempts += 1;
      firsts.push(isFirst);
      if (attempts < 3) throw new Error("not yet");
    };
    await queue.start(handlers({ draft: { run, gaveUp: async (data) => void givenUp.push(data) } }));
    await queue.send([{ queue: "draft", data: { draftId: "d_1" }, delayMs: 0 }]);
    await eventually(bench, async () => {
      await bench.leap(500);
      expect(attempts).toBe(3);
    });
    await bench.leap(10 * 60_000);
    expect([attempts, givenUp.length]).toEqual([3, 0]);
    expect(firsts).toEqual([true, false, false]);
  });

  test("a poller and a timer that failed again and again still do their work when the trouble is over", async () => {
    const bench = await open();
    const { queue } = await bench.open();
    const failures = { poll: 0, timer: 0 };
    const done: string[] = [];
    let isOver = false;
    const run = (name: keyof typeof failures) => async (): Promise<void> => {
      if (isOver) return void done.push(name);
      failures[name] += 1;
      throw new Error("not now");
    };
    const gaveUp = async (): Promise<void> => void done.push("given up");
    await queue.start(handlers({ poll: { run: run("poll"), gaveUp }, timer: { run: run("timer"), gaveUp } }));
    await queue.send([poll("cn-qingdao"), timer()]);
    await eventually(bench, async () => {
      await bench.leap(61_000);
      expect(Math.min(failures.poll, failures.timer)).toBeGreaterThan(QUEUES.draft.attemptsMax);
    });

    isOver = true;
    await bench.leap(61_000);

    await eventually(bench, () => expect(done.toSorted()).toEqual(["poll", "timer"]));
  });

  test("giving up is tried again as well", async () => {
    const bench = await open();
    const { queue } = await bench.open();
    let gaveUp = 0;
    const giveUp = async (): Promise<void> => {
      gaveUp += 1;
      if (gaveUp < 2) throw new Error("not even that");
    };
    await queue.start(handlers({ inbound: { run: notNow, gaveUp: giveUp } }));
    await queue.send([inbound("hopeless")]);
    await eventually(bench, async () => {
      await bench.leap(61_000);
      expect(gaveUp).toBe(2);
    });
    await bench.leap(10 * 60_000);
    expect(gaveUp).toBe(2);
  });
}

async function notNow(): Promise<void> {
  throw new Error("not now");
}
