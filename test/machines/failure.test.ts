import { constantFrom, integer, property } from "fast-check";
import { describe, expect, test } from "vitest";
import { nextAfter, retryWaitMs, type Failure, type FailureKind } from "../../machines/peering/failure.ts";
import { failure } from "./peering-in.ts";
import { holds } from "./seeded.ts";
import { T0 } from "./tutorial.ts";

const MINUTE_MS = 60_000;

/** Every kind, and what follows from it. A kind that is added stands here too, or this file does not compile. */
const NEXT = {
  throttled: "retry",
  busy: "retry",
  notReady: "retry",
  unknownResult: "retry",
  ownerMustAct: "ask",
  refused: "ask",
  conflict: "ask",
  changedByHand: "ask",
  tokenMismatch: "stop",
  notSold: "stop",
  waitedTooLong: "ask",
  noReply: "ask",
  testCouldNotRun: "ask",
  planStopped: "ask",
  readOnly: "ask",
  internal: "ask",
} as const satisfies Record<FailureKind, "retry" | "ask" | "stop">;

/** First wait, longest wait and patience of the kinds that are retried, ms. */
const PATIENCE = {
  throttled: [1_000, 30_000, 15 * MINUTE_MS],
  busy: [3_000, 15_000, 10 * MINUTE_MS],
  notReady: [1_000, 10_000, 2 * MINUTE_MS],
  unknownResult: [500, 15_000, 10 * MINUTE_MS],
} as const;

const KINDS = Object.keys(NEXT) as FailureKind[];
const RETRIED = Object.keys(PATIENCE) as Array<keyof typeof PATIENCE>;

test.each(KINDS)("what follows from %s is known", (kind) => {
  expect(nextAfter(failure(kind))).toBe(NEXT[kind]);
});

test.each(KINDS)("%s has a wait exactly when it is retried", (kind) => {
  expect(waitOf(kind) !== null).toBe(NEXT[kind] === "retry");
});

describe.each(RETRIED)("waits after %s", (kind) => {
  const [first, longest, patience] = PATIENCE[kind];

  test("begin near the first and grow to the longest, and stay there", () => {
    const waits = Array.from({ length: 40 }, (_, index) => waitOf(kind, { attempt: index + 1 }) ?? -1);
    const growing = waits.slice(0, Math.ceil(Math.log2(longest / first)));

    expect(waits[0]).toBeGreaterThanOrEqual(first * 0.75);
    expect(waits[0]).toBeLessThanOrEqual(first);
    expect(growing).toEqual([...new Set(growing)].toSorted((a, b) => a - b));
    expect(waits.at(-1)).toBeGreaterThanOrEqual(longest * 0.75);
  });

  test("are never longer than the longest, whatever the attempt and the seed", () => {
    holds(
      property(integer({ min: 1, max: 5_000 }), integer(), (attempt, seed) => {
        const wait = waitOf(kind, { attempt, seed: String(seed) });

        expect(wait).toBeGreaterThanOrEqual(first * 0.75);
        expect(wait).toBeLessThanOrEqual(longest);
        expect(Number.isInteger(wait)).toBe(true);
      }),
    );
  });

  test("end when it has gone on for as long as it may", () => {
    expect(waitOf(kind, { elapsed: patience - longest })).not.toBeNull();
    expect(waitOf(kind, { elapsed: patience })).toBeNull();
    expect(waitOf(kind, { elapsed: patience + 1 })).toBeNull();
  });

  test("end before a wait that would outlast the patience", () => {
    holds(
      property(integer({ min: 0, max: patience + MINUTE_MS }), integer({ min: 1, max: 40 }), (elapsed, attempt) => {
        const wait = waitOf(kind, { elapsed, attempt });

        expect(elapsed + (wait ?? 0) <= patience || wait === null).toBe(true);
      }),
    );
  });

  test("are as long as the cloud asks, when that is longer", () => {
    expect(waitOf(kind, { retryAfterMs: 45_000 })).toBe(45_000);
    expect(waitOf(kind, { retryAfterMs: 1 })).toBe(waitOf(kind));
    expect(waitOf(kind, { retryAfterMs: 0 })).toBe(waitOf(kind));
  });

  test("are not begun when the cloud asks for more than the patience: a person is asked at once", () => {
    expect(waitOf(kind, { retryAfterMs: patience })).toBe(patience);
    expect(waitOf(kind, { retryAfterMs: patience + 1 })).toBeNull();
    expect(waitOf(kind, { retryAfterMs: 24 * 60 * MINUTE_MS })).toBeNull();
  });

  test("differ from peering to peering and are the same for the same one", () => {
    const seeds = Array.from({ length: 50 }, (_, index) => `P-${index}/1/connectRouterInterface`);
    const waits = seeds.map((seed) => waitOf(kind, { attempt: 3, seed }));

    expect(new Set(waits).size).toBeGreaterThan(40);
    expect(seeds.map((seed) => waitOf(kind, { attempt: 3, seed }))).toEqual(waits);
  });

  test("differ from attempt to attempt even when they have stopped growing", () => {
    const waits = [20, 21, 22, 23].map((attempt) => waitOf(kind, { attempt }));

    expect(new Set(waits).size).toBe(4);
  });
});

test("a clock that went back gives a wait all the same", () => {
  expect(waitOf("busy", { elapsed: -60_000 })).toBe(waitOf("busy"));
});

test("how long the cloud asks to wait does not make a retry of what is none", () => {
  holds(
    property(
      constantFrom(...KINDS.filter((kind) => NEXT[kind] !== "retry")),
      integer({ min: 0 }),
      (kind, retryAfterMs) => {
        expect(waitOf(kind, { retryAfterMs })).toBeNull();
      },
    ),
  );
});

interface Trouble {
  readonly attempt?: number;
  readonly elapsed?: number;
  readonly seed?: string;
  readonly retryAfterMs?: number;
}

function waitOf(
  kind: FailureKind,
  { attempt = 1, elapsed = 0, seed = "P-1/1/step", retryAfterMs }: Trouble = {},
): number | null {
  const asked: Failure = { ...failure(kind), ...(retryAfterMs !== undefined && { retryAfterMs }) };
  return retryWaitMs(asked, attempt, T0, T0 + elapsed, seed);
}
