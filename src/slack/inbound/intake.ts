/**
 * From Slack to the store. Slack waits 3 s for its ack, so everything that has come in while one insert is under way goes
 * along in the next: one statement, however many clicks.
 */
import { jobIdOf } from "../../jobs.ts";
import type { Job, Queue } from "../../ports.ts";
import type { Commit, Inbound } from "./inbound.ts";

interface Waiting {
  readonly job: Job;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** The job's id derives from the cause, so a redelivery is left out by the store, whichever replica it comes to. */
export function createIntake(queue: Queue): Commit {
  let waiting: Waiting[] = [];
  let sending = false;

  async function sendAll(): Promise<void> {
    sending = true;
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      try {
        await queue.send(batch.map(({ job }) => job));
        for (const { resolve } of batch) resolve();
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    sending = false;
  }

  return (inbound: Inbound) =>
    new Promise<void>((resolve, reject) => {
      waiting.push({
        job: { queue: "inbound", id: jobIdOf("inbound", inbound.kind, inbound.cause), data: inbound },
        resolve,
        reject,
      });
      if (!sending) void sendAll();
    });
}
