import { array, constantFrom, integer, property, string, tuple } from "fast-check";
import { describe, expect, test } from "vitest";
import { parseTestOutput, verdictOf } from "../../machines/network/test-output.ts";
import { holds } from "./seeded.ts";

const PING = `--- 172.16.1.10 ping statistics ---
10 packets transmitted, 10 received, 0% packet loss, time 9012ms
rtt min/avg/max/mdev = 11.9/12.4/14.0/0.6 ms
`;
const FIGURES = { sent: 10, received: 10, lossPercent: 0, rttMs: { min: 11.9, avg: 12.4, max: 14 } };

describe("what a test has found", () => {
  test("is on its last line, and before it what ping says", () => {
    expect(parseTestOutput(`${PING}peer-vpcs-test tcp8000=refused payload=1472 tcp443=open\n`)).toEqual({
      ping: FIGURES,
      ports: [
        { port: 443, verdict: "open" },
        { port: 8000, verdict: "refused" },
      ],
      mtu: 1_500,
    });
  });

  test.each(["peer-vpcs-test", "peer-vpcs-test \n", "peer-vpcs-test\r\n"])("is nothing but that it ran: %j", (last) => {
    expect(parseTestOutput(`sh: ping: not found\n${last}`)).toEqual({ ping: null, ports: [], mtu: null });
  });

  test("with lines that end as on Windows", () => {
    expect(parseTestOutput(`${PING}peer-vpcs-test tcp443=noAnswer\n`.replaceAll("\n", "\r\n"))).toEqual({
      ping: FIGURES,
      ports: [{ port: 443, verdict: "noAnswer" }],
      mtu: null,
    });
  });

  test("with its head cut off by the cloud", () => {
    const output = `${PING}peer-vpcs-test tcp443=unmeasured payload=1372`;
    expect(parseTestOutput(output.slice(20))).toMatchObject({ ping: FIGURES, mtu: 1_400 });
  });

  test.each([
    ["nothing", ""],
    ["no last line", PING],
    ["another word", "peer-vpcs-tests tcp443=open"],
    ["a last line that was cut off at its head", `${PING}vpcs-test tcp443=open`],
    ["something after it", `peer-vpcs-test tcp443=open\n${PING}`],
    ["a script that a shell did not know", "sh: syntax error"],
  ])("is not known from %s", (_, output) => {
    expect(parseTestOutput(output)).toBeNull();
  });

  test.each([
    "tcp443=ope",
    "tcp443=opener",
    "tcp=open",
    "tcp123456=open",
    "xtcp443=open",
    "tcp443=open;",
    "payload=99999",
  ])("takes nothing from %s", (word) => {
    expect(parseTestOutput(`peer-vpcs-test ${word}`)).toEqual({ ping: null, ports: [], mtu: null });
  });

  test("is the first that it says of a port, and nothing where it says nothing", () => {
    const found = parseTestOutput("peer-vpcs-test tcp443=noAnswer tcp443=open");
    expect(found && [verdictOf(found, 443), verdictOf(found, 80)]).toEqual(["noAnswer", "unmeasured"]);
  });

  test("never makes it throw, nor believe more than can be", () => {
    const words = constantFrom(
      "peer-vpcs-test ",
      "tcp443=open ",
      "payload=1472 ",
      "payload=1600 ",
      PING,
      "\n",
      "= 4 (0%",
      "TTL=",
    );
    const output = array(tuple(words, string({ maxLength: 4 }), integer({ min: 0, max: 2_000 })), { maxLength: 30 });
    holds(
      property(output, (parts) => {
        const found = parseTestOutput(parts.map((part) => part.join("")).join(""));
        expect(found?.mtu ?? 0).toBeLessThanOrEqual(1_500);
        expect(found?.ping?.received ?? 0).toBeLessThanOrEqual(found?.ping?.sent ?? 0);
      }),
      2_000,
    );
  });
});
