/** How a long reading is told to the open form: now and then, never when it is quick, and never in its way. */
import { expect, test } from "vitest";
import { moveDraftOn, type DraftPorts } from "../../src/effects/draft.ts";
import { CloudFailure, type Draft, type ReadProgress } from "../../src/ports.ts";
import { facts, REQUESTER, RULES, T0 } from "../machines/tutorial.ts";

const DRAFT: Draft = {
  id: "d_4F7K2M9Q",
  owner: REQUESTER,
  createdAt: T0,
  viewId: "V1",
  channel: "",
  pair: {
    initiator: { regionId: "cn-qingdao", vpcId: "vpc-m5e1" },
    acceptor: { regionId: "cn-beijing", vpcId: "vpc-2ze1" },
  },
  connection: "router-interfaces",
  facts: null,
  failure: null,
  values: null,
  submitted: false,
};

interface Reading {
  readonly shown: readonly string[];
  readonly refreshed: number;
  /** Lets time pass when it is over. */
  readonly passes: (ms: number) => void;
}

const FAILURE = { kind: "unknownResult", api: "DescribeVSwitches", code: "", requestId: "", message: "" } as const;

/** Reads with one answer every `everyMs`; `show` is what the form does with each report. */
async function reading(
  { reads, everyMs }: { readonly reads: number; readonly everyMs: number },
  show: () => Promise<void> = () => Promise.resolve(),
  fail: (onProgress: (progress: ReadProgress) => void) => void = () => {},
): Promise<Reading> {
  let [now, refreshed] = [T0, 0];
  let kept = DRAFT;
  const shown: string[] = [];
  const ports = {
    planRules: RULES,
    clock: { now: () => now },
    forms: {
      refresh: async () => void (refreshed += 1),
      progress: async (_: Draft, { done, total }: ReadProgress) => {
        shown.push(`${done} of ${total} at ${now - T0}`);
        await show();
      },
    },
    reader: {
      networkFacts: async (_: unknown, { onProgress }: { readonly onProgress: (progress: ReadProgress) => void }) => {
        fail(onProgress);
        for (let done = 1; done <= reads; done += 1) {
          now += everyMs;
          onProgress({ done, total: reads });
          // The form has its turn between two answers.
          await new Promise(setImmediate);
        }
        return facts();
      },
    },
    store: {
      draft: () => Promise.resolve(kept),
      transaction: <T>(work: (tx: unknown) => Promise<T>) =>
        work({
          lockDraft: () => Promise.resolve(kept),
          updateDraft: async (draft: Draft) => void (kept = draft),
        }),
    },
    // Only what a draft that is not sent asks of them.
  } as unknown as DraftPorts;
  await moveDraftOn(ports, DRAFT.id);
  expect([kept.facts, kept.failure]).toContainEqual(kept.failure ? FAILURE : facts());
  return { shown, refreshed, passes: (ms) => void (now += ms) };
}

test("a reading of less than two seconds shows nothing but its end", async () => {
  expect(await reading({ reads: 24, everyMs: 80 })).toMatchObject({ shown: [], refreshed: 1 });
});

test("a long one shows how far it is every two seconds", async () => {
  const { shown, refreshed } = await reading({ reads: 61, everyMs: 100 });

  expect(shown).toEqual(["20 of 61 at 2000", "40 of 61 at 4000", "60 of 61 at 6000"]);
  expect(refreshed).toBe(1);
});

test("reports that Slack is slow to take are not queued behind each other", async () => {
  const taken: Array<() => void> = [];
  const slow = (): Promise<void> => new Promise((resolve) => taken.push(resolve));
  const waiting = reading({ reads: 61, everyMs: 100 }, slow);
  await expect.poll(() => taken.length).toBe(1);
  // Past the last read, the form is still busy with the first report.
  for (let turn = 0; turn < 100; turn += 1) await new Promise(setImmediate);
  taken[0]?.();

  expect((await waiting).shown).toEqual(["20 of 61 at 2000"]);
});

test("what is still on its way when the reading fails does not cover what the form says of it", async () => {
  const late: Array<(progress: ReadProgress) => void> = [];
  const { shown, refreshed, passes } = await reading({ reads: 0, everyMs: 0 }, undefined, (onProgress) => {
    late.push(onProgress);
    throw new CloudFailure(FAILURE);
  });
  passes(10_000);
  late[0]?.({ done: 40, total: 61 });

  expect({ shown, refreshed }).toEqual({ shown: [], refreshed: 1 });
});
