import { expect, test } from "vitest";
import { COLLEAGUE, LEAD, REQUESTER } from "../machines/tutorial.ts";
import { T0 } from "./bench.ts";
import type { Shared } from "./store.contract.ts";
import { peeringIds, refusal, storedEvent, storedPeering } from "./stored.ts";

/** What memory and PostgreSQL say of a second row where there may be one. */
export const TAKEN = /there already|duplicate key/;

export function peeringsContract(shared: Shared): void {
  test("a peering comes back as it was stored, and null when there is none", async () => {
    const { store } = shared();
    const id = peeringIds("PEA")(1);
    const peering = storedPeering(id, {
      version: 7,
      headHash: "abc",
      timers: { "xstate.after.decisionTimeout.peering.requested": { armedAt: 1, dueAt: T0 + 1 } },
      updatedAt: T0 + 5,
    });
    await store.transaction((tx) => tx.insertPeering(peering));
    expect(await store.peering(id)).toEqual(peering);
    expect(await store.peering("P-NOSUCH")).toBeNull();
    expect(await store.transaction((tx) => tx.lockPeering("P-NOSUCH"))).toBeNull();
  });

  test("an update replaces it; there is nothing to update when it was never stored", async () => {
    const { store } = shared();
    const id = peeringIds("PEB");
    await store.transaction((tx) => tx.insertPeering(storedPeering(id(1))));
    const next = storedPeering(id(1), { version: 2, state: "withdrawn", updatedAt: T0 + 1 });
    await store.transaction((tx) => tx.updatePeering(next));
    expect(await store.transaction((tx) => tx.lockPeering(id(1)))).toEqual(next);
    await expect(store.transaction((tx) => tx.updatePeering(storedPeering(id(2))))).rejects.toThrow(id(2));
    await expect(store.transaction((tx) => tx.insertPeering(next))).rejects.toThrow(TAKEN);
  });

  test("lists one person's, the open ones or all, newest first and page by page", async () => {
    const { store } = shared();
    const id = peeringIds("PEC");
    // A person of this test's own, and times that no other test's peerings have.
    const person = { teamId: "T-PEC", userId: "U-PEC" };
    const at = T0 + 1_000_000;
    await store.transaction(async (tx) => {
      await tx.insertPeering(storedPeering(id(1), { requester: person, createdAt: at }));
      await tx.insertPeering(storedPeering(id(2), { requester: person, createdAt: at + 1, state: "withdrawn" }));
      await tx.insertPeering(storedPeering(id(3), { requester: COLLEAGUE, createdAt: at + 2 }));
      // The same moment: the id decides.
      await tx.insertPeering(storedPeering(id(4), { requester: person, createdAt: at + 2, state: "failed" }));
      await tx.insertPeering(storedPeering(id(5), { requester: person, createdAt: at + 3, state: "verified" }));
    });
    const list = async (
      show: "mine" | "open" | "all",
      limit: number,
      before?: ReturnType<typeof id>,
    ): Promise<readonly string[]> => {
      const page = await store.peerings({ show, person, limit, ...(before === undefined ? {} : { before }) });
      return page.map(({ snapshot }) => snapshot.peering.id);
    };
    expect(await list("mine", 10)).toEqual([id(5), id(4), id(2), id(1)]);
    expect(await list("mine", 2)).toEqual([id(5), id(4)]);
    expect(await list("mine", 2, id(4))).toEqual([id(2), id(1)]);
    // A verified peering stands; it has not ended.
    expect(await list("open", 4)).toEqual([id(5), id(4), id(3), id(1)]);
    expect(await list("open", 2, id(4))).toEqual([id(3), id(1)]);
    expect(await list("all", 5)).toEqual([id(5), id(4), id(3), id(2), id(1)]);
    expect(await list("all", 2, id(3))).toEqual([id(2), id(1)]);
    expect(await list("all", 2, "P-NOSUCH")).toEqual([]);
  });

  test("a pair of VPCs belongs to one peering, whichever is named first, until it is freed", async () => {
    const { store } = shared();
    const id = peeringIds("PED");
    const claim = (pair: readonly [`vpc-${string}`, `vpc-${string}`], number: number): Promise<string> =>
      store.transaction((tx) => tx.claimPair(pair, id(number)));
    expect(await claim(["vpc-ped1", "vpc-ped2"], 1)).toBe(id(1));
    expect(await claim(["vpc-ped2", "vpc-ped1"], 2)).toBe(id(1));
    expect(await claim(["vpc-ped1", "vpc-ped2"], 1)).toBe(id(1));
    expect(await claim(["vpc-ped1", "vpc-ped3"], 2)).toBe(id(2));
    await store.transaction((tx) => tx.freePair(id(1)));
    expect(await claim(["vpc-ped2", "vpc-ped1"], 2)).toBe(id(2));
  });

  test("of twenty that claim a pair at once, one has it and all know", async () => {
    const { store } = shared();
    const id = peeringIds("PEE");
    const holders = await Promise.all(
      Array.from({ length: 20 }, (_, number) =>
        store.transaction((tx) => tx.claimPair(["vpc-pee1", "vpc-pee2"], id(number))),
      ),
    );
    expect(new Set(holders).size).toBe(1);
  });
}

export function eventsContract(shared: Shared): void {
  test("the log comes back in order, from after any point, as it was written", async () => {
    const { store } = shared();
    const id = peeringIds("EVA")(1);
    const log = [storedEvent(id, 1), storedEvent(id, 2, { by: null }), storedEvent(id, 3)];
    await store.transaction(async (tx) => {
      for (const event of [log[1], log[0], log[2]]) if (event) await tx.appendEvent(event);
    });
    expect(await store.events(id, 0)).toEqual(log);
    expect(await store.events(id, 2)).toEqual(log.slice(2));
    expect(await store.events("P-NOSUCH", 0)).toEqual([]);
  });

  test("text comes back to the letter, so that its hash stays the same", async () => {
    const { store } = shared();
    const id = peeringIds("EVB")(1);
    const reason = "NUL \0, half a pair \ud83d, a quote \" ' \\ and 𝄞 é";
    const event = storedEvent(id, 1, { event: { type: "reject", at: T0, by: LEAD, run: 1, reason } });
    await store.transaction((tx) => tx.appendEvent(event));
    expect(await store.events(id, 0)).toEqual([event]);
    const peering = storedPeering(id);
    const ended = { ...peering.snapshot.peering, ending: { how: "rejected", by: LEAD, at: T0, reason } as const };
    await store.transaction((tx) =>
      tx.insertPeering({ ...peering, snapshot: { ...peering.snapshot, peering: ended } }),
    );
    expect((await store.peering(id))?.snapshot.peering.ending?.reason).toBe(reason);
  });

  test("a cause happens once for a peering, and a place in the log is taken once", async () => {
    const { store } = shared();
    const id = peeringIds("EVC");
    await store.transaction((tx) => tx.appendEvent(storedEvent(id(1), 1, { cause: "once" })));
    await expect(store.transaction((tx) => tx.appendEvent(storedEvent(id(1), 2, { cause: "once" })))).rejects.toThrow(
      TAKEN,
    );
    await expect(store.transaction((tx) => tx.appendEvent(storedEvent(id(1), 1, { cause: "other" })))).rejects.toThrow(
      TAKEN,
    );
    await store.transaction((tx) => tx.appendEvent(storedEvent(id(2), 1, { cause: "once" })));
    const known = await store.transaction(async (tx) => [
      await tx.hasEvent(id(1), "once"),
      await tx.hasEvent(id(1), "other"),
    ]);
    expect(known).toEqual([true, false]);
  });

  test("counts one person's refusals since a moment", async () => {
    const { store } = shared();
    const id = peeringIds("EVD");
    await store.transaction(async (tx) => {
      await tx.appendEvent(refusal(id(1), 1, { at: T0 }));
      await tx.appendEvent(refusal(id(1), 2, { at: T0 + 10 }));
      await tx.appendEvent(refusal(id(1), 3, { at: T0 + 20 }));
      await tx.appendEvent(refusal(id(1), 4, { at: T0 + 20, by: COLLEAGUE }));
      await tx.appendEvent(storedEvent(id(1), 5, { at: T0 + 20, by: LEAD }));
      await tx.appendEvent(refusal(id(2), 1, { at: T0 + 20 }));
    });
    const count = (since: number, by = LEAD): Promise<number> =>
      store.transaction((tx) => tx.refusalsSince(id(1), by, since));
    expect([await count(T0), await count(T0 + 10), await count(T0 + 21)]).toEqual([3, 2, 0]);
    expect([await count(T0, COLLEAGUE), await count(T0, REQUESTER)]).toEqual([1, 0]);
  });
}
