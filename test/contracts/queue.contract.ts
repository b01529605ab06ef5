import { afterEach, describe } from "vitest";
import type { Bench, CreateBench } from "./bench.ts";
import { endingContract } from "./ending.contract.ts";
import { failingContract } from "./failing.contract.ts";
import { sendingContract } from "./sending.contract.ts";
import { workingContract } from "./working.contract.ts";

/** What every `Queue` has to do, together with the store beside it. */
export function queueContract(name: string, createBench: CreateBench): void {
  describe(`queue: ${name}`, () => {
    const benches: Bench[] = [];
    const open = async (): Promise<Bench> => {
      const bench = await createBench();
      benches.push(bench);
      return bench;
    };
    afterEach(async () => {
      for (const bench of benches.splice(0)) await bench.remove();
    });

    describe("sending", () => {
      sendingContract(open);
    });
    describe("carrying out", () => {
      workingContract(open);
    });
    describe("failing", () => {
      failingContract(open);
    });
    describe("ending", () => {
      endingContract(open);
    });
  });
}
