import { ipV4, property, integer, array, tuple } from "fast-check";
import { describe, expect, test } from "vitest";
import {
  blockOf,
  contains,
  covers,
  coversMore,
  meets,
  overlappingPairs,
  overlaps,
  type Cidr,
} from "../../machines/network/cidr.ts";
import { holds } from "./seeded.ts";

describe("two blocks", () => {
  test.each([
    { a: "10.0.0.0/8", b: "10.0.0.0/8", share: true, aHoldsB: true, bHoldsA: true, how: "are the same" },
    { a: "10.0.0.0/8", b: "10.255.255.255/32", share: true, aHoldsB: true, bHoldsA: false, how: "end together" },
    { a: "10.0.0.0/8", b: "11.0.0.0/8", share: false, aHoldsB: false, bHoldsA: false, how: "touch without sharing" },
    { a: "192.168.0.0/24", b: "192.168.1.0/24", share: false, aHoldsB: false, bHoldsA: false, how: "are neighbours" },
    { a: "192.168.0.0/23", b: "192.168.1.0/24", share: true, aHoldsB: true, bHoldsA: false, how: "are half of one" },
    {
      a: "0.0.0.0/0",
      b: "172.16.0.0/12",
      share: true,
      aHoldsB: true,
      bHoldsA: false,
      how: "are everything and a part",
    },
    {
      a: "128.0.0.0/1",
      b: "0.0.0.0/1",
      share: false,
      aHoldsB: false,
      bHoldsA: false,
      how: "are the halves of everything",
    },
    {
      a: "255.255.255.255/32",
      b: "255.255.255.254/31",
      share: true,
      aHoldsB: false,
      bHoldsA: true,
      how: "end at the last address",
    },
    { a: "9.0.0.0/8", b: "90.0.0.0/8", share: false, aHoldsB: false, bHoldsA: false, how: "look alike as text" },
  ])("that $how: $a and $b", ({ a, b, share, aHoldsB, bHoldsA }) => {
    expect([overlaps(a, b), overlaps(b, a)]).toEqual([share, share]);
    expect([contains(a, b), contains(b, a)]).toEqual([aHoldsB, bHoldsA]);
  });

  test("share addresses exactly when one holds the other, and hold each other only when they are equal", () => {
    holds(
      property(blocks, blocks, (a, b) => {
        expect(overlaps(a, b)).toBe(contains(a, b) || contains(b, a));
        expect(contains(a, b) && contains(b, a)).toBe(a === b);
      }),
      500,
    );
  });

  test("agree with counting addresses", () => {
    holds(
      property(blocks, blocks, (a, b) => {
        const [{ first, last }, other] = [rangeOf(a), rangeOf(b)];

        expect(overlaps(a, b)).toBe(first <= other.last && other.first <= last);
        expect(contains(a, b)).toBe(first <= other.first && other.last <= last);
      }),
      500,
    );
  });
});

describe("lists of blocks", () => {
  test("give the pairs that share addresses, each once, ours first", () => {
    const pairs = overlappingPairs(["10.0.0.0/16", "10.1.0.0/16"], ["10.0.128.0/17", "10.2.0.0/16", "10.0.0.0/8"]);

    expect(pairs).toEqual([
      { ours: "10.0.0.0/16", theirs: "10.0.128.0/17" },
      { ours: "10.0.0.0/16", theirs: "10.0.0.0/8" },
      { ours: "10.1.0.0/16", theirs: "10.0.0.0/8" },
    ]);
  });

  test("give none when one list is empty", () => {
    expect(overlappingPairs([], ["10.0.0.0/8"])).toEqual([]);
    expect(overlappingPairs(["10.0.0.0/8"], [])).toEqual([]);
  });

  test("give the same pairs whichever list comes first", () => {
    holds(
      property(array(blocks, { maxLength: 5 }), array(blocks, { maxLength: 5 }), (ours, theirs) => {
        const turned = overlappingPairs(theirs, ours).map((pair) => `${pair.theirs} ${pair.ours}`);

        expect(
          overlappingPairs(ours, theirs)
            .map((pair) => `${pair.ours} ${pair.theirs}`)
            .toSorted(byText),
        ).toEqual(turned.toSorted(byText));
      }),
    );
  });
});

describe("blocks as numbers", () => {
  test("say the same as blocks as text", () => {
    holds(
      property(blocks, blocks, (a, b) => {
        const [first, second] = [blockOf(a), blockOf(b)];

        expect(meets(first, second)).toBe(overlaps(a, b));
        expect(covers(first, second)).toBe(contains(a, b));
        expect(coversMore(first, second)).toBe(contains(a, b) && a !== b);
      }),
      2_000,
    );
  });

  test.each([
    ["192.168.1.10", { first: 3_232_235_786, last: 3_232_235_786 }],
    ["192.168.1.10/24", { first: 3_232_235_776, last: 3_232_236_031 }],
    ["0.0.0.0/0", { first: 0, last: 4_294_967_295 }],
    ["255.255.255.255/32", { first: 4_294_967_295, last: 4_294_967_295 }],
  ])("%s", (cidr, block) => {
    expect(blockOf(cidr)).toEqual(block);
  });

  test.each([
    "",
    "10.0.0.0/33",
    "10.0.0.0/",
    "10.0.0/8",
    "10..0.0/8",
    "fd00::/8",
    "10.0.0.0/8 ",
    "256.0.0.0/8",
    "10.256.0.0/8",
    "10.0.256.0/8",
    "10.0.0.256/8",
    "0010.0.0.0/8",
    "10.0.0.a/8",
    "10.0.0.:/8",
  ])("%j is none", (text) => {
    expect(() => blockOf(text)).toThrow(new Error(`${text} is no IPv4 block`));
  });
});

test("what is no block is a bug, not a no", () => {
  expect(() => overlaps("10.0.0.0/8", "orders-prod")).toThrow(/orders-prod/);
  expect(() => contains("10.0.0.0/8", "/32")).toThrow(/Invalid/);
});

/** Blocks near each other, so that many share addresses. */
const blocks = tuple(ipV4(), integer({ min: 0, max: 32 }), integer({ min: 0, max: 3 })).map(
  ([ip, prefix, near]): Cidr => {
    const [a = 0, b = 0, c = 0, d = 0] = ip.split(".").map(Number);
    const address = (((near < 3 ? 10 : a) << 24) | ((near < 2 ? b % 4 : b) << 16) | (c << 8) | d) >>> 0;
    const first = prefix === 0 ? 0 : (address & (-1 << (32 - prefix))) >>> 0;
    return `${[24, 16, 8, 0].map((shift) => (first >>> shift) & 255).join(".")}/${prefix}`;
  },
);

function rangeOf(cidr: Cidr): { readonly first: number; readonly last: number } {
  const [ip = "", prefix = ""] = cidr.split("/");
  const first = ip.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  return { first, last: first + 2 ** (32 - Number(prefix)) - 1 };
}

function byText(a: string, b: string): number {
  return a < b ? -1 : 1;
}
