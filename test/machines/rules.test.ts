import { expect, test } from "vitest";
import { isNearlyFull, roomFor } from "../../machines/network/rules.ts";

test.each([
  [0, "ok"],
  [8, "ok"],
  [9, "warn"],
  [10, "stop"],
  [11, "stop"],
])("beside %i of at most 10 connections, one more is: %s", (existing, level) => {
  expect(roomFor(existing, 10)).toBe(level);
});

test("a quota is nearly full from nine tenths", () => {
  expect([179, 180, 200].map((used) => isNearlyFull(used, 200))).toEqual([false, true, true]);
});
