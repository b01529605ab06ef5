import { array, constantFrom, integer, jsonValue, nat, property, record, string, tuple } from "fast-check";
import { describe, expect, test } from "vitest";
import { CHAIN_START, firstBrokenLink, linkHash, type ChainLink } from "../../machines/peering/chain.ts";
import { hashOf } from "../../machines/network/plan.ts";
import { holds } from "./seeded.ts";
import { LEAD, REQUESTER, T0 } from "./tutorial.ts";

type Entry = Pick<ChainLink, "cause" | "event" | "by" | "at">;

const story = chainOf([
  { cause: "d_4F7K2M9Q", event: { type: "request", reason: "orders reads the ledger replica" }, by: REQUESTER, at: T0 },
  { cause: "trigger-1", event: { type: "approve", planHash: "7f3a" }, by: LEAD, at: T0 + 1_000 },
  { cause: "step/1/checkPlan/0/0", event: { type: "stepDone", step: "checkPlan" }, by: null, at: T0 + 2_000 },
]);

test("a chain that nobody touched holds, and so does one without events", () => {
  expect(firstBrokenLink(story)).toBeNull();
  expect(firstBrokenLink([])).toBeNull();
});

test("the first event follows the start, and each other one the hash before it", () => {
  expect(story.map(({ seq }) => seq)).toEqual([1, 2, 3]);
  expect(story.map(({ previousHash }) => previousHash)).toEqual([CHAIN_START, story[0]?.hash, story[1]?.hash]);
});

test("the hash covers exactly what the docs say: previous hash, seq, cause, event, by and at", () => {
  const [first] = story;
  if (!first) throw new Error("no story");
  const { hash, ...covered } = first;
  const beside = { peeringId: "P-1", note: "kept beside it" };

  expect(hash).toBe(hashOf(covered));
  expect(Object.keys(covered).toSorted()).toEqual(["at", "by", "cause", "event", "previousHash", "seq"]);
  expect(linkHash({ ...first, ...beside })).toBe(hash);
});

test("the order of keys does not matter, so a chain survives a database that sorts them", () => {
  const stored = story.map((link) => reordered(link) as ChainLink);

  expect(JSON.stringify(stored)).not.toBe(JSON.stringify(story));
  expect(firstBrokenLink(stored)).toBeNull();
});

describe("tampering", () => {
  test("with any one field of any one event is found at that event", () => {
    holds(
      property(
        chains,
        nat(),
        constantFrom("seq", "cause", "event", "by", "at", "previousHash", "hash"),
        jsonValue(),
        (chain, pick, field, value) => {
          const at = pick % chain.length;
          const forged = chain.map((link, index) => (index === at ? { ...link, [field]: value } : link));
          if (hashOf(forged[at]) === hashOf(chain[at])) return;

          expect(firstBrokenLink(forged)).toBe(at + 1);
        },
      ),
      500,
    );
  });

  test("with an event and its own hash is found at the next one", () => {
    holds(
      property(chains, nat(), entries, (chain, pick, entry) => {
        const at = pick % chain.length;
        const forged = chain.map((link, index) => (index === at ? rehashed({ ...link, ...entry }) : link));
        if (forged[at]?.hash === chain[at]?.hash || at === chain.length - 1) return;

        expect(firstBrokenLink(forged)).toBe(at + 2);
      }),
    );
  });

  test("by taking out any event but the last is found where it was", () => {
    holds(
      property(chains, nat(), (chain, pick) => {
        if (chain.length === 1) return;
        const at = pick % (chain.length - 1);

        expect(firstBrokenLink(chain.toSpliced(at, 1))).toBe(at + 1);
      }),
    );
  });

  test("by cutting off the end leaves a chain that holds: only the head kept beside it tells", () => {
    const [head, cut] = [story.at(-1)?.hash, story.slice(0, -1)];

    expect(firstBrokenLink(cut)).toBeNull();
    expect(cut.at(-1)?.hash).not.toBe(head);
  });

  test("by putting in an event anywhere is found, also a copy, also one that is hashed to fit what comes before", () => {
    holds(
      property(chains, nat(), nat(), entries, (chain, pick, copied, entry) => {
        const at = pick % chain.length;
        const copy = chain[copied % chain.length];
        const previousHash = chain[at - 1]?.hash ?? CHAIN_START;
        const fitting = rehashed({ ...entry, seq: at + 1, previousHash, hash: "" });
        if (!copy || fitting.hash === chain[at]?.hash) return;

        expect(firstBrokenLink(chain.toSpliced(at, 0, copy))).not.toBeNull();
        expect(firstBrokenLink(chain.toSpliced(at, 0, fitting))).toBe(at + 2);
      }),
    );
  });

  test("by swapping any two events is found at the first of them", () => {
    holds(
      property(chains, nat(), nat(), (chain, pick, other) => {
        const [a, b] = [pick % chain.length, other % chain.length];
        const [one, two] = [chain[a], chain[b]];
        if (a === b || !one || !two) return;

        expect(firstBrokenLink(chain.with(a, two).with(b, one))).toBe(Math.min(a, b) + 1);
      }),
    );
  });

  test("by renumbering what is left after one was taken out is found", () => {
    const forged = story.toSpliced(1, 1).map((link, index) => ({ ...link, seq: index + 1 }));

    expect(firstBrokenLink(forged)).toBe(2);
  });

  test("by giving an event no number at all is found: it does not read as a chain that holds", () => {
    // An export is JSON that anybody may have edited.
    const forged = story.map((link, index) => (index === 1 ? { ...link, seq: null as unknown as number } : link));

    expect(firstBrokenLink(forged)).toBe(2);
  });

  test("with one link of two peerings' chains is found, though each holds alone", () => {
    const other = chainOf([{ cause: "d_OTHER", event: { type: "request" }, by: LEAD, at: T0 }, ...story.slice(1)]);

    expect(firstBrokenLink(other)).toBeNull();
    expect(firstBrokenLink([...other.slice(0, 1), ...story.slice(1)])).toBe(2);
  });
});

const entries = record({
  cause: string(),
  event: jsonValue(),
  by: constantFrom(null, LEAD, REQUESTER),
  at: integer({ min: 0 }),
});

const chains = tuple(entries, array(entries, { maxLength: 6 })).map(([first, more]) => chainOf([first, ...more]));

function chainOf(events: readonly Entry[]): readonly ChainLink[] {
  const chain: ChainLink[] = [];
  for (const entry of events) {
    chain.push(
      rehashed({ ...entry, seq: chain.length + 1, previousHash: chain.at(-1)?.hash ?? CHAIN_START, hash: "" }),
    );
  }
  return chain;
}

function rehashed(link: ChainLink): ChainLink {
  return { ...link, hash: linkHash(link) };
}

function reordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reordered);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, part]) => [key, reordered(part)]),
  );
}
