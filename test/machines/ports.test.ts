import { array, constantFrom, integer, property, string, tuple } from "fast-check";
import { describe, expect, test } from "vitest";
import { firstRevision, parsePorts, portRangeToText, type PortRange } from "../../machines/network/request.ts";
import { PORT_RANGES_MAX } from "../../machines/network/rules.ts";
import { holds } from "./seeded.ts";
import { requestRevision } from "./tutorial.ts";

describe("ports as people write them", () => {
  test.each([
    ["", []],
    ["   ", []],
    [",;, ", []],
    ["5432", ["5432"]],
    ["80, 443", ["80", "443"]],
    ["443 80", ["80", "443"]],
    ["80;443\n8080\t9000", ["80", "443", "8080", "9000"]],
    ["8000-8010 9000", ["8000-8010", "9000"]],
    ["22/22", ["22"]],
    ["1-65535", ["1-65535"]],
    ["1", ["1"]],
    ["65535", ["65535"]],
    ["00080", ["80"]],
    ["80,80,80", ["80"]],
    ["80-90,85-95", ["80-95"]],
    ["80-90,91", ["80-91"]],
    ["80-90,92", ["80-90", "92"]],
    ["1-65535, 443, 8000-9000", ["1-65535"]],
    ["90-100, 80-95, 101", ["80-101"]],
  ])("%j means %j", (text, expected) => {
    const parsed = parsePorts(text, PORT_RANGES_MAX);

    expect("ports" in parsed && parsed.ports.map(portRangeToText)).toEqual(expected);
  });

  test.each([
    ["http", "http", "notANumber"],
    ["80 http", "http", "notANumber"],
    ["-1", "-1", "notANumber"],
    ["80-", "80-", "notANumber"],
    ["80 - 90", "-", "notANumber"],
    ["80-90-100", "80-90-100", "notANumber"],
    ["80:90", "80:90", "notANumber"],
    ["4.5", "4.5", "notANumber"],
    ["1e3", "1e3", "notANumber"],
    ["0x50", "0x50", "notANumber"],
    ["٨٠", "٨٠", "notANumber"],
    ["80$(reboot)", "80$(reboot)", "notANumber"],
    ["0", "0", "outOfRange"],
    ["65536", "65536", "outOfRange"],
    ["80-65536", "80-65536", "outOfRange"],
    ["0-80", "0-80", "outOfRange"],
    ["70000-1", "70000-1", "outOfRange"],
    ["1000000", "1000000", "outOfRange"],
    ["80-10000000", "80-10000000", "outOfRange"],
    ["9".repeat(400), "9".repeat(400), "outOfRange"],
    ["90-80", "90-80", "backwards"],
  ])("%j is refused for %j: %s", (text, part, why) => {
    expect(parsePorts(text, PORT_RANGES_MAX)).toEqual({ problem: { part, why } });
  });

  test("as many ranges as are allowed pass, and one more says how many there are", () => {
    expect(parsePorts(ranges(PORT_RANGES_MAX), PORT_RANGES_MAX)).toHaveProperty("ports.length", PORT_RANGES_MAX);
    expect(parsePorts(ranges(PORT_RANGES_MAX + 1), PORT_RANGES_MAX)).toEqual({
      problem: { part: "11", why: "tooMany" },
    });
  });

  test("what merges into few ranges is not too many", () => {
    const neighbours = Array.from({ length: 50 }, (_, index) => String(8_000 + index)).join(",");

    expect(parsePorts(neighbours, 1)).toEqual({ ports: [{ from: 8_000, to: 8_049 }] });
  });

  test("equal wishes give equal ranges, sorted and apart, that let through just what was asked", () => {
    holds(
      property(array(range, { maxLength: 12 }), (wished) => {
        const parsed = parsed12(wished.map(portRangeToText).join(" "));
        const again = parsed12(
          wished
            .toReversed()
            .map(({ from, to }) => `${from}/${to}`)
            .join(","),
        );

        expect(parsed).toEqual(again);
        expect(parsed.every((one, index) => index === 0 || one.from > (parsed[index - 1]?.to ?? 0) + 1)).toBe(true);
        expect(portsIn(parsed)).toEqual(portsIn(wished));
      }),
    );
  });

  test("whatever is typed gives ranges within 1 to 65535 or a problem that quotes it", () => {
    holds(
      property(typed, (text) => {
        const parsed = parsePorts(text, 12);
        const ports = "ports" in parsed ? parsed.ports : [];
        const quoted = "problem" in parsed && parsed.problem.why !== "tooMany" ? parsed.problem.part : "";

        expect(text).toContain(quoted);
        expect(ports.filter(({ from, to }) => !(from >= 1 && from <= to && to <= 65_535))).toEqual([]);
      }),
      500,
    );
  });
});

describe("the first revision", () => {
  const { initiator, acceptor, connection, size, icmp, reason } = requestRevision();
  const [regions, sides] = [
    { initiator, acceptor },
    { initiator, acceptor },
  ];

  test("holds all that was filled in", () => {
    expect(firstRevision(regions, { connection, size, icmp, reason, sides })).toEqual(requestRevision());
  });

  test("is not there while a VPC or a side is missing", () => {
    expect(firstRevision({ ...regions, initiator: null }, { connection, size, icmp, reason, sides })).toBeNull();
    expect(firstRevision({ ...regions, acceptor: null }, { connection, size, icmp, reason, sides })).toBeNull();
    expect(firstRevision(regions, { connection, size, icmp, reason, sides: null })).toBeNull();
  });
});

const range = tuple(integer({ min: 1, max: 40 }), integer({ min: 0, max: 10 })).map(([from, length]): PortRange => ({
  from,
  to: from + length,
}));

const typed = string({ unit: constantFrom("0", "1", "5", "6", "9", ",", "-", "/", " ", ";", "x"), maxLength: 30 });

function parsed12(text: string): readonly PortRange[] {
  const parsed = parsePorts(text, 12);
  if ("problem" in parsed) throw new Error(`${text} is refused: ${parsed.problem.why}`);
  return parsed.ports;
}

/** As many ranges as asked for, none beside another. */
function ranges(amount: number): string {
  return Array.from({ length: amount }, (_, index) => String(1_000 + 2 * index)).join(" ");
}

function portsIn(open: readonly PortRange[]): readonly number[] {
  return Array.from({ length: 60 }, (_, port) => port).filter((port) =>
    open.some(({ from, to }) => from <= port && port <= to),
  );
}
