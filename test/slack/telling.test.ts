import { expect, test } from "vitest";
import { tell } from "../../src/effects/tell.ts";
import type { Card, Job, Store, StoredEvent, Telling, Thread } from "../../src/ports.ts";
import { createThread } from "../../src/slack/thread.ts";
import { systemClock } from "../../src/clock.ts";
import { approved } from "../machines/peering-in.ts";
import { POLICY, T0 } from "../machines/tutorial.ts";
import { quietLog } from "../quiet-log.ts";

const { next } = approved().until("verified");
const id = next.peering.id;

/** So many calls that one message cannot tell them all. */
const EVENTS: readonly StoredEvent[] = Array.from({ length: 300 }, (_, index) => {
  const calls = [
    { api: "CreateRouteEntry", regionId: "cn-qingdao", requestId: `7B2C-${index}`, subject: `rte-${index}` },
  ];
  const event = {
    type: "stepDone",
    at: T0,
    run: 1,
    step: "createRouterInterface:initiator",
    calls,
    resources: [],
  } as const;
  return {
    peeringId: id,
    seq: index + 1,
    cause: String(index),
    event,
    by: null,
    at: T0 + index,
    previousHash: "",
    hash: "",
  };
});

test("a story that fell behind is told in as many messages as it takes, each event once and in order", async () => {
  let telling: Telling = { peeringId: id, card: { channel: "C1", ts: "1.1" }, cardHash: "shown", toldSeq: 0 };
  const told: StoredEvent[] = [];
  // Only what telling asks of the store.
  const store = {
    telling: () => Promise.resolve(telling),
    saveTelling: (now: Telling) => Promise.resolve(void (telling = now)),
    events: (_: string, afterSeq: number) => Promise.resolve(EVENTS.filter(({ seq }) => seq > afterSeq)),
    peering: () => Promise.resolve({ snapshot: next }),
    queuedSteps: () => Promise.resolve([]),
    takeTurn: () => Promise.resolve(0),
  } as unknown as Store;
  const real = createThread({ client: {} as never, store, clock: systemClock, channel: "C1" });
  const messages: number[] = [];
  const thread: Thread = {
    ...real,
    cardHash: () => "shown",
    tell: (happened: readonly StoredEvent[], later: readonly StoredEvent[], card: Card) => {
      expect(real.portion([...happened, ...later], card).events).toBe(happened.length);
      told.push(...happened);
      messages.push(happened.length);
      return Promise.resolve();
    },
  };
  const sent: Job[] = [];
  const queue = { send: (jobs: readonly Job[]) => Promise.resolve(void sent.push(...jobs)) } as never;
  const directory = { leads: () => Promise.resolve(POLICY.leads) } as never;

  const album = { shown: () => Promise.resolve(null) } as never;
  await tell(
    { store, queue, thread, album, pictures: null, directory, clock: systemClock, log: quietLog },
    { peeringId: id },
    new AbortController().signal,
  );

  expect(told).toEqual(EVENTS);
  expect(messages.length).toBeGreaterThan(1);
  expect(telling.toldSeq).toBe(300);
  expect(sent).toEqual([]);
});
