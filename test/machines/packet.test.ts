import { describe, expect, test } from "vitest";
import { holdsPort, replyTo, requestPacket, tellingPorts } from "../../machines/network/packet.ts";
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

test.each(["443", "a/b", "1/2/x", "x1/2", "/"])("`%s` is no range, and a rule with it is about no port", (text) => {
  const flow = { protocol: "TCP", ports: { from: 1, to: 65_535 } } as const;

  expect(holdsPort(text, 443)).toBe(false);
  expect(concerns(rule({ protocol: "TCP", portRange: text }), flow)).toBe(false);
});

test("a ping has no ports on its way, and a reply has those of the request turned round", () => {
  const ends = { sourceIp: "192.168.1.10", destinationIp: "172.16.1.10" };

  expect(requestPacket(ends, "ICMP", null)).toEqual({
    ...ends,
    protocol: "ICMP",
    sourcePorts: null,
    destinationPorts: null,
  });
  expect(replyTo(requestPacket(ends, "TCP", 5432))).toEqual({
    protocol: "TCP",
    sourceIp: "172.16.1.10",
    destinationIp: "192.168.1.10",
    sourcePorts: { low: 5432, high: 5432 },
    destinationPorts: { low: 32_768, high: 60_999 },
  });
});

describe("of the ports from 10 to 20, one is looked at for each stretch", () => {
  test.each<{ readonly ranges: readonly string[]; readonly ports: readonly number[]; readonly what: string }>([
    { ranges: [], ports: [10], what: "that no range tells apart" },
    { ranges: ["-1/-1", "1/65535", "10/20"], ports: [10], what: "that ranges around all of them do not tell apart" },
    { ranges: ["1/10"], ports: [10, 11], what: "after a range that ends at the first port" },
    { ranges: ["20/20"], ports: [10, 20], what: "from a range that begins at the last port" },
    { ranges: ["12/14", "12/13"], ports: [10, 12, 15, 14], what: "between borders, each border once" },
    { ranges: ["21/30", "1/9"], ports: [10], what: "and none beside ranges elsewhere" },
    { ranges: ["443", "12/20"], ports: [10, 12], what: "and none for what is no range" },
  ])("$what: $ranges", ({ ranges, ports }) => {
    expect(tellingPorts({ low: 10, high: 20 }, ranges)).toEqual(ports);
  });
});
