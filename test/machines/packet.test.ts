import { expect, test } from "vitest";
import { holdsPort } from "../../machines/network/packet.ts";
import { concerns, portsOf } from "../../machines/network/rule-match.ts";
import { rule } from "./networks.ts";

test.each([
  ["443/443", { from: 443, to: 443 }],
  ["1/65535", { from: 1, to: 65_535 }],
  ["-1/-1", null],
  ["", null],
])("the ports of `%s` are read alike by the walk and by the checks", (text, ports) => {
  expect(portsOf(text)).toEqual(ports);
  expect(holdsPort(text, 443)).toBe(true);
});

test.each(["443", "a/b", "1/2/x", "/"])("`%s` is no range, and a rule with it is about no port", (text) => {
  const flow = { protocol: "TCP", ports: { from: 1, to: 65_535 } } as const;

  expect(holdsPort(text, 443)).toBe(false);
  expect(concerns(rule({ protocol: "TCP", portRange: text }), flow)).toBe(false);
});
