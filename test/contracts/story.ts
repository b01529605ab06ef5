/** A story of numbered parts, each told by a job in a transaction that also sends the next. */
import { v5 } from "uuid";
import type { Job, Queue, Store } from "../../src/ports.ts";
import { handlers } from "./handlers.ts";
import { storedEvent } from "./stored.ts";

const STORY = "P-STORY";
const PARTS = "6c5d2f6e-0e0a-5b0e-9d6c-3f0b5a6f7c11";

export type Moment = "before" | "within" | "after";

/** Tells the story up to `parts` in this process; `at` is called at every moment a process could die. */
export async function tellStory(
  { store, queue }: { store: Store; queue: Queue },
  parts: number,
  at: (part: number, moment: Moment) => void,
): Promise<void> {
  const run = async (data: unknown): Promise<void> => {
    const part = Number(data);
    at(part, "before");
    await store.transaction(async (tx) => {
      if (await tx.hasEvent(STORY, `part ${part}`)) return;
      await tx.appendEvent(storedEvent(STORY, part, { cause: `part ${part}` }));
      at(part, "within");
      if (part < parts) await tx.send([partJob(part + 1)]);
    });
    at(part, "after");
  };
  await queue.start(handlers({ inbound: { run } }));
  await queue.send([partJob(1)]);
}

/** The parts told so far. */
export async function toldParts(store: Store): Promise<readonly number[]> {
  return (await store.events(STORY, 0)).map(({ seq }) => seq);
}

/** As a door derives it from a cause: sent twice, it is one job. */
function partJob(part: number): Job {
  return { queue: "inbound", id: v5(`part ${part}`, PARTS), data: part };
}
