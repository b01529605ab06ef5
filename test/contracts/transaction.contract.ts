import { expect, test } from "vitest";
import { REQUESTER } from "../machines/tutorial.ts";
import type { Shared } from "./store.contract.ts";
import { peeringIds, storedEvent, storedPeering } from "./stored.ts";

export function transactionContract(shared: Shared): void {
  test("answers with what the work resolves to, and commits it", async () => {
    const { store } = shared();
    const id = peeringIds("TXA")(1);
    const answer = await store.transaction(async (tx) => {
      await tx.insertPeering(storedPeering(id));
      return "done";
    });
    expect(answer).toBe("done");
    expect(await store.peering(id)).toEqual(storedPeering(id));
  });

  test("leaves no trace when the work rejects, and rejects with the same error", async () => {
    const { store } = shared();
    const id = peeringIds("TXB")(1);
    const failing = store.transaction(async (tx) => {
      await tx.insertPeering(storedPeering(id));
      await tx.appendEvent(storedEvent(id, 1));
      await tx.claimPair(["vpc-txb1", "vpc-txb2"], id);
      throw new Error("no");
    });
    await expect(failing).rejects.toThrow("no");
    expect(await store.peering(id)).toBeNull();
    expect(await store.events(id, 0)).toEqual([]);
    const holder = await store.transaction((tx) => tx.claimPair(["vpc-txb1", "vpc-txb2"], peeringIds("TXB")(2)));
    expect(holder).toBe(peeringIds("TXB")(2));
  });

  test("reads outside see nothing of it before it commits", async () => {
    const { store } = shared();
    const id = peeringIds("TXC")(1);
    const inserted = Promise.withResolvers<void>();
    const committed = store.transaction(async (tx) => {
      await tx.insertPeering(storedPeering(id));
      inserted.resolve();
    });
    await inserted.promise;
    // An embedded database answers after the commit, a shared one before; neither shows half of it.
    const seen = await store.events(id, 0);
    await committed;
    expect(seen).toEqual([]);
    expect(await store.peering(id)).not.toBeNull();
  });

  test("an error inside ends it, even when the work goes on", async () => {
    const { store } = shared();
    const id = peeringIds("TXD")(1);
    const swallowing = store.transaction(async (tx) => {
      await tx.insertPeering(storedPeering(id));
      await tx.insertPeering(storedPeering(id)).catch(() => {});
    });
    await expect(swallowing).rejects.toThrow(/transaction/i);
    expect(await store.peering(id)).toBeNull();
  });

  test("fifty at once, with reads between and half of them rolled back, lose and leak nothing", async () => {
    const { store } = shared();
    const id = peeringIds("TXE");
    const numbers = Array.from({ length: 50 }, (_, number) => number);
    const leaked: number[] = [];
    await Promise.all(
      numbers.flatMap((number) => [
        store
          .transaction(async (tx) => {
            await tx.insertPeering(storedPeering(id(number)));
            await tx.appendEvent(storedEvent(id(number), 1));
            if (number % 2 === 1) throw new Error("rolled back");
          })
          .catch(() => {}),
        store.peering(id(number)).then((seen) => seen && number % 2 === 1 && leaked.push(number)),
      ]),
    );
    expect(leaked).toEqual([]);
    const kept = await Promise.all(numbers.map((number) => store.peering(id(number))));
    expect(kept.map((peering) => peering !== null)).toEqual(numbers.map((number) => number % 2 === 0));
    const logs = await Promise.all(numbers.map((number) => store.events(id(number), 0)));
    expect(logs.map((log) => log.length)).toEqual(numbers.map((number) => (number % 2 === 0 ? 1 : 0)));
  });

  test("a locked peering is changed by one transaction after another", async () => {
    const { store } = shared();
    const id = peeringIds("TXF")(1);
    await store.transaction((tx) => tx.insertPeering(storedPeering(id, { version: 0 })));
    await Promise.all(
      Array.from({ length: 20 }, () =>
        store.transaction(async (tx) => {
          const before = await tx.lockPeering(id);
          if (!before) throw new Error("the peering is gone");
          const version = before.version + 1;
          await tx.appendEvent(storedEvent(id, version, { by: REQUESTER }));
          await tx.updatePeering({ ...before, version });
        }),
      ),
    );
    expect((await store.peering(id))?.version).toBe(20);
    expect((await store.events(id, 0)).map(({ seq }) => seq)).toEqual(
      Array.from({ length: 20 }, (_, index) => index + 1),
    );
  });

  test("those that lock each other out all commit in the end", async () => {
    const { store } = shared();
    const id = peeringIds("TXG");
    for (const number of [1, 2])
      await store.transaction((tx) => tx.insertPeering(storedPeering(id(number), { version: 0 })));
    const lockInOrder = (order: readonly number[]): Promise<void> =>
      store.transaction(async (tx) => {
        for (const number of order) {
          const peering = await tx.lockPeering(id(number));
          if (peering) await tx.updatePeering({ ...peering, version: peering.version + 1 });
        }
      });
    await Promise.all(Array.from({ length: 4 }, (_, index) => lockInOrder(index % 2 === 0 ? [1, 2] : [2, 1])));
    expect([(await store.peering(id(1)))?.version, (await store.peering(id(2)))?.version]).toEqual([4, 4]);
  });
}
