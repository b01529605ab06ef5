import { describe, expect, it } from "vitest";
import { createPacing, type Pacing } from "../../src/cloud/pacing.ts";
import { fastClock } from "./sandboxed-cloud.ts";
import type { Clock } from "../../src/ports.ts";

const T0 = Date.UTC(2026, 10, 23);
const LANE = "cn-qingdao/DescribeVpcs";

/** When each of `count` calls, one after the other, may go out: ms after the first. */
async function departures(pacing: Pacing, clock: Clock, count: number): Promise<readonly number[]> {
  const times: number[] = [];
  for (let call = 0; call < count; call += 1) {
    await pacing.turn(LANE);
    times.push(clock.now());
  }
  return times.map((time) => time - (times[0] ?? 0));
}

describe("pacing", () => {
  it("lets a burst out at once and the rest in a steady row", async () => {
    const clock = fastClock(T0);
    const times = await departures(createPacing(clock), clock, 54);
    expect(times.slice(0, 50).every((time) => time === 0)).toBe(true);
    expect(times.slice(50)).toEqual([250, 500, 750, 1_000]);
  });

  it("stays below 300 calls in any 60 s, however many there are", async () => {
    const clock = fastClock(T0);
    const times = await departures(createPacing(clock), clock, 1_000);
    for (const [index, time] of times.entries()) {
      const window = times.slice(index).filter((later) => later - time < 60_000);
      expect(window.length).toBeLessThan(300);
    }
  });

  it("saves up no more than a burst", async () => {
    const clock = fastClock(T0);
    const pacing = createPacing(clock);
    await departures(pacing, clock, 50);
    await clock.sleep(3_600_000);
    const times = await departures(pacing, clock, 51);
    expect(times.at(-1)).toBe(250);
  });

  it("keeps each API in each region apart", async () => {
    const clock = fastClock(T0);
    const pacing = createPacing(clock);
    await departures(pacing, clock, 60);
    const now = clock.now();
    await pacing.turn("cn-beijing/DescribeVpcs");
    await pacing.turn("cn-qingdao/DescribeVSwitches");
    expect(clock.now()).toBe(now);
  });

  it("goes on with one call a second for a minute after the cloud refused one", async () => {
    const clock = fastClock(T0);
    const pacing = createPacing(clock);
    await pacing.turn(LANE);
    pacing.slowDown(LANE);
    const before = clock.now();
    await pacing.turn(LANE);
    expect(clock.now() - before).toBe(1_000);
    expect(await departures(pacing, clock, 4)).toEqual([0, 1_000, 2_000, 3_000]);
    await clock.sleep(20_000);
    expect(await departures(pacing, clock, 3)).toEqual([0, 1_000, 2_000]);
    await clock.sleep(60_000);
    expect(await departures(pacing, clock, 3)).toEqual([0, 0, 0]);
  });

  it("waits as long as the cloud asks", async () => {
    const clock = fastClock(T0);
    const pacing = createPacing(clock);
    pacing.slowDown(LANE, 7_000);
    await pacing.turn(LANE);
    expect(clock.now() - T0).toBe(7_000);
  });

  it("says how long the wait would be rather than wait for more than 10 s, and takes no turn", async () => {
    const clock = fastClock(T0);
    const pacing = createPacing(clock);
    pacing.slowDown(LANE, 30_000);
    expect(await pacing.turn(LANE)).toBe(30_000);
    expect(await pacing.turn(LANE)).toBe(30_000);
    expect(clock.now()).toBe(T0);
  });
});
