import { expect, test } from "vitest";
import type { Draft } from "../../src/ports.ts";
import { facts } from "../machines/tutorial.ts";
import { T0 } from "./bench.ts";
import { TAKEN } from "./peerings.contract.ts";
import type { Shared } from "./store.contract.ts";
import { draft, peeringIds } from "./stored.ts";

export function draftsContract(shared: Shared): void {
  test("a draft comes back as it was stored, and as it was last updated", async () => {
    const { store } = shared();
    const empty = draft("d_dra1");
    await store.transaction((tx) => tx.insertDraft(empty));
    expect(await store.draft(empty.id)).toEqual(empty);
    const filledIn: Draft = {
      ...empty,
      viewId: "V02",
      pair: { initiator: { regionId: "cn-qingdao", vpcId: "vpc-1" }, acceptor: null },
      facts: facts(),
      submitted: true,
    };
    await store.transaction(async (tx) => {
      expect(await tx.lockDraft(empty.id)).toEqual(empty);
      await tx.updateDraft(filledIn);
    });
    expect(await store.draft(empty.id)).toEqual(filledIn);
    await expect(store.transaction((tx) => tx.insertDraft(empty))).rejects.toThrow(TAKEN);
    await expect(store.transaction((tx) => tx.updateDraft(draft("d_nosuch")))).rejects.toThrow("d_nosuch");
    expect(await store.draft("d_nosuch")).toBeNull();
    expect(await store.transaction((tx) => tx.lockDraft("d_nosuch"))).toBeNull();
  });

  test("a draft is locked until the transaction ends", async () => {
    const { store } = shared();
    await store.transaction((tx) => tx.insertDraft(draft("d_drb1", { channel: "" })));
    await Promise.all(
      Array.from({ length: 10 }, () =>
        store.transaction(async (tx) => {
          const before = await tx.lockDraft("d_drb1");
          if (before) await tx.updateDraft({ ...before, channel: `${before.channel}x` });
        }),
      ),
    );
    expect((await store.draft("d_drb1"))?.channel).toBe("xxxxxxxxxx");
  });

  test("drafts are kept for a day", async () => {
    const { store } = shared();
    const at = T0 + 365 * 24 * 3_600_000;
    const dayLater = at + 24 * 3_600_000;
    await store.transaction((tx) => tx.insertDraft(draft("d_drc1", { createdAt: at - 1 })));
    await store.transaction((tx) => tx.insertDraft(draft("d_drc2", { createdAt: at })));
    await store.transaction((tx) => tx.insertDraft(draft("d_drc3", { createdAt: dayLater })));
    expect(await store.draft("d_drc1")).toBeNull();
    expect(await store.draft("d_drc2")).not.toBeNull();
  });
}

export function notesContract(shared: Shared): void {
  test("how far the people have been told is kept, and replaced", async () => {
    const { store } = shared();
    const peeringId = peeringIds("TEA")(1);
    expect(await store.telling(peeringId)).toBeNull();
    const first = { peeringId, card: null, cardHash: "", toldSeq: 0 };
    await store.saveTelling(first);
    expect(await store.telling(peeringId)).toEqual(first);
    const second = { peeringId, card: { channel: "C01", ts: "1.2" }, cardHash: "abc", toldSeq: 3 };
    await store.saveTelling(second);
    expect(await store.telling(peeringId)).toEqual(second);
  });

  test("the catalogue is kept by region", async () => {
    const { store } = shared();
    const region = {
      regionId: "cn-tea",
      vpcs: [{ regionId: "cn-tea", id: "vpc-1" as const, name: "one", cidrs: ["10.0.0.0/8"] }],
      readAt: T0,
    };
    await store.saveCatalogue({ ...region, vpcs: [], readAt: T0 - 1 });
    await store.saveCatalogue(region);
    await store.saveCatalogue({ regionId: "cn-teb", vpcs: [], readAt: T0 });
    expect(await store.catalogue()).toEqual([region, { regionId: "cn-teb", vpcs: [], readAt: T0 }]);
  });

  test("anything can be remembered with its age", async () => {
    const { store } = shared();
    expect(await store.remembered("nothing")).toBeNull();
    for (const value of [{ leads: ["U1"] }, ["U1", "U2"], "text", 1, null]) {
      await store.remember("note", value, T0);
      expect(await store.remembered("note")).toEqual({ value, at: T0 });
    }
  });

  test("turns come as fast as the limit says, with a burst saved up", async () => {
    const { store, pass } = shared();
    const take = (): Promise<number> => store.takeTurn("tea", { everyMs: 100, burst: 3 });
    expect([await take(), await take(), await take()]).toEqual([0, 0, 0]);
    expect(await take()).toBe(100);
    await pass(40);
    // Nothing was taken.
    expect(await take()).toBe(60);
    await pass(60);
    expect([await take(), await take()]).toEqual([0, 100]);
    await pass(10_000);
    expect([await take(), await take(), await take(), await take()]).toEqual([0, 0, 0, 100]);
  });

  test("a turn that a clock far ahead has taken silences nobody once it is put right", async () => {
    const { store } = shared();
    const hour = 3_600_000;
    // As a replica with a clock that is an hour ahead would have left it.
    expect(await store.takeTurn("tea for later", { everyMs: hour, burst: 1 })).toBe(0);
    const take = (): Promise<number> => store.takeTurn("tea for later", { everyMs: 100, burst: 2 });
    expect([await take(), await take(), await take()]).toEqual([0, 0, 100]);
  });

  test("of many who want a turn at once, one gets it", async () => {
    const { store } = shared();
    const waits = await Promise.all(
      Array.from({ length: 20 }, () => store.takeTurn("teb", { everyMs: 100, burst: 1 })),
    );
    expect(waits.toSorted((one, other) => one - other)).toEqual([0, ...Array.from({ length: 19 }, () => 100)]);
    expect(await store.takeTurn("tec", { everyMs: 100, burst: 1 })).toBe(0);
  });
}
