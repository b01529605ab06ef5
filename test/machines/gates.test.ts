import { expect, test } from "vitest";
import {
  blockReader,
  bordersBelow,
  bordersOf,
  EVERYTHING,
  foundIn,
  type Gate,
  inRow,
  NOT_READ,
  NOTHING,
  once,
  passingBoth,
  type Peer,
} from "../../machines/network/gates.ts";
import { servicesOf } from "../../machines/network/services.ts";

const PEER: Peer = { at: 3, ip: "10.0.0.1", address: { first: 167_772_161, last: 167_772_161 }, securityGroupIds: [] };

/** A gate that counts how often it is asked. */
function counting(passing: ReturnType<Gate>): { readonly gate: Gate; readonly asked: () => number } {
  let asked = 0;
  return { gate: () => ((asked += 1), passing), asked: () => asked };
}

test("through two gates gets what gets through both, for certain and perhaps", () => {
  const [web, all] = [servicesOf("TCP", "80/90"), servicesOf("TCP", "1/65535")];

  expect(passingBoth({ sure: all, maybe: all }, { sure: web, maybe: all })).toEqual({ sure: web, maybe: all });
  expect(passingBoth(NOT_READ, { sure: web, maybe: web })).toEqual({ sure: [], maybe: web });
  expect(passingBoth(EVERYTHING, NOT_READ)).toEqual(NOT_READ);
  expect(passingBoth(NOTHING, EVERYTHING)).toEqual(NOTHING);
});

test("what one gate of a row stops is not asked about at the next", () => {
  const [open, shut, last] = [counting(NOT_READ), counting(NOTHING), counting(EVERYTHING)];

  expect(inRow([open.gate, shut.gate, last.gate])(PEER)).toBe(NOTHING);
  expect([open.asked(), shut.asked(), last.asked()]).toEqual([1, 1, 0]);
  expect(inRow([last.gate, open.gate])(PEER)).toEqual(NOT_READ);
});

test("a gate that remembers is asked once about each peer, and what is found under a key is found once", () => {
  const { gate, asked } = counting(NOT_READ);
  const remembering = once(gate);
  const known = new Map<string, number>();
  let found = 0;

  expect([remembering(PEER), remembering(PEER), remembering({ ...PEER, at: 4 })]).toEqual([
    NOT_READ,
    NOT_READ,
    NOT_READ,
  ]);
  expect(asked()).toBe(2);
  expect(["a", "a", "b"].map((key) => foundIn(known, key, () => (found += 1)))).toEqual([1, 1, 2]);
});

test("a block is read once from each text", () => {
  const read = blockReader();

  expect(read("10.0.0.0/8")).toEqual({ first: 167_772_160, last: 184_549_375 });
  expect(read("10.0.0.0/8")).toBe(read("10.0.0.0/8"));
});

test("a border is the first address of a block and the first one after it, and counts from there on", () => {
  const borders = bordersOf([
    { first: 10, last: 19 },
    { first: 5, last: 5 },
  ]);

  expect([...borders]).toEqual([5, 6, 10, 20]);
  expect([4, 5, 6, 9, 10, 19, 20].map((address) => bordersBelow(address, borders))).toEqual([0, 1, 2, 2, 3, 3, 4]);
});
