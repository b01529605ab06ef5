import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pingScript } from "../../src/cloud/ping-script.ts";

const SCRIPT = /^LC_ALL=C exec ping -c 10 -W 2 (\d{1,3}(?:\.\d{1,3}){3})$/;

/** Addresses that no instance has, or that no test may go to: first and last of each block. */
const FORBIDDEN = [
  ["0.0.0.0", "0.255.255.255"],
  ["100.64.0.0", "100.100.100.200", "100.127.255.255"],
  ["127.0.0.1", "127.255.255.255"],
  ["169.254.0.1", "169.254.169.254"],
  ["224.0.0.1", "239.255.255.255"],
  ["240.0.0.1", "255.255.255.255"],
].flat();

/** What a shell, or a program that reads addresses its own way, would make something else of. */
const TRICKS = [
  "",
  " ",
  "10.0.0.1 ",
  " 10.0.0.1",
  "10.0.0.1\n",
  "10.0.0.1\nreboot",
  "10.0.0.1;reboot",
  "10.0.0.1&",
  "$(reboot)",
  "`reboot`",
  "{{ip}}",
  "-f",
  "--help",
  "10.0.0",
  "10.0.0.1.1",
  "10.0.0.256",
  "010.0.0.1",
  "10.0.0.01",
  "0x0a.0.0.1",
  "10.0.0.1/32",
  "::1",
  "::ffff:10.0.0.1",
  "localhost",
  "example.com",
  "1e1.0.0.1",
  "+10.0.0.1",
  "10.0.0.-1",
  "１０.0.0.1",
];

describe("the ping script", () => {
  it("is one command with one address", () => {
    expect(pingScript("172.16.1.11")).toBe("LC_ALL=C exec ping -c 10 -W 2 172.16.1.11");
  });

  it.each(TRICKS)("takes no %j", (text) => {
    expect(() => pingScript(text)).toThrow("which is no IPv4 address");
  });

  it.each(FORBIDDEN)("goes nowhere near %s", (address) => {
    expect(() => pingScript(address)).toThrow("which is no instance's address");
  });

  it.each(["100.63.255.255", "100.128.0.1", "128.0.0.1", "223.255.255.255", "1.0.0.0", "192.168.1.11"])(
    "reaches %s, which is next to what is forbidden or far from it",
    (address) => {
      expect(pingScript(address)).toContain(` ${address}`);
    },
  );

  it("holds exactly the address given, or does not exist", () => {
    const text = fc.oneof(
      fc.ipV4(),
      fc.string({ unit: "binary" }),
      fc.ipV4().chain((ip) => fc.string().map((rest) => `${ip}${rest}`)),
      fc.string({ unit: fc.constantFrom(..."0123456789.;$ \n-x".split("")), maxLength: 20 }),
    );
    fc.assert(
      fc.property(text, (candidate) => {
        let script: string;
        try {
          script = pingScript(candidate);
        } catch {
          return;
        }
        expect(SCRIPT.exec(script)?.[1]).toBe(candidate);
        expect(candidate.split(".").map((part) => String(Number(part)))).toEqual(candidate.split("."));
      }),
      { seed: 20_260_822, numRuns: 5_000 },
    );
  });
});
