import { describe, expect, test } from "vitest";
import type { Flow } from "../../machines/network/planned-flows.ts";
import { concerns, concernsAll, peerOf } from "../../machines/network/rule-match.ts";
import { rule } from "./networks.ts";

const WEB: Flow = { protocol: "TCP", ports: { from: 80, to: 90 } };
const PING: Flow = { protocol: "ICMP", ports: null };

describe("a rule is about", () => {
  test.each([
    ["80/90", "every packet"],
    ["1/65535", "every packet"],
    ["-1/-1", "every packet"],
    ["80/89", "some packets"],
    ["81/90", "some packets"],
    ["1/80", "some packets"],
    ["90/100", "some packets"],
    ["85/85", "some packets"],
    ["1/79", "no packet"],
    ["91/100", "no packet"],
  ])("TCP to %s: %s of a flow to ports 80 to 90", (portRange, what) => {
    const tcp = rule({ protocol: "TCP", portRange });

    expect(concerns(tcp, WEB)).toBe(what !== "no packet");
    expect(concernsAll(tcp, WEB)).toBe(what === "every packet");
  });

  test.each([
    ["ALL", true, true],
    ["TCP", true, false],
    ["UDP", false, false],
    ["ICMP", false, true],
  ])("%s: packets to ports %s, pings %s", (protocol, web, ping) => {
    const all = rule({ protocol, portRange: "-1/-1" });

    expect([concerns(all, WEB), concernsAll(all, WEB)]).toEqual([web, web]);
    expect([concerns(all, PING), concernsAll(all, PING)]).toEqual([ping, ping]);
  });

  test("pings whatever ports it says: a ping has none", () => {
    const icmp = rule({ protocol: "ICMP", portRange: "80/90" });

    expect([concerns(icmp, PING), concernsAll(icmp, PING)]).toEqual([true, true]);
  });

  test.each([{ sourcePortRange: "1024/65535" }, { ownCidr: "172.16.1.0/24" }])(
    "some packets when it is for %o alone",
    (narrower) => {
      const narrow = rule({ protocol: "TCP", portRange: "80/90", ...narrower });

      expect([concerns(narrow, WEB), concernsAll(narrow, WEB)]).toEqual([true, false]);
    },
  );
});

test("the far end is a block, or nothing when the rule names it otherwise", () => {
  expect(peerOf(rule({ peerCidr: "10.0.0.0/30" }))).toEqual({ first: 167_772_160, last: 167_772_163 });
  expect(peerOf(rule({ peerCidr: "", peerGroupId: "sg-1" }))).toBeNull();
});
