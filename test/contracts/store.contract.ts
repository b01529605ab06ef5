import { afterAll, beforeAll, describe } from "vitest";
import type { Bench, CreateBench, Process } from "./bench.ts";
import { draftsContract, notesContract } from "./notes.contract.ts";
import { severalLanesContract } from "./lanes.contract.ts";
import { eventsContract, peeringsContract } from "./peerings.contract.ts";
import { lanesContract, waitsContract } from "./steps.contract.ts";
import { trafficContract } from "./traffic.contract.ts";
import { transactionContract } from "./transaction.contract.ts";

/** The bench and the process that all tests of one implementation share; every test has ids of its own. */
export type Shared = () => Bench & Process;

/** What every `Store` has to do. */
export function storeContract(name: string, createBench: CreateBench): void {
  describe(`store: ${name}`, () => {
    let bench: Bench | undefined;
    let process: Process | undefined;
    beforeAll(async () => {
      bench = await createBench();
      process = await bench.open();
    });
    afterAll(() => bench?.remove());
    const shared: Shared = () => {
      if (!bench || !process) throw new Error("the store did not open");
      return { ...bench, ...process };
    };

    describe("transactions", () => {
      transactionContract(shared);
    });
    describe("peerings", () => {
      peeringsContract(shared);
    });
    describe("the event log", () => {
      eventsContract(shared);
    });
    describe("lanes", () => {
      lanesContract(shared);
    });
    describe("several lanes", () => {
      severalLanesContract(shared);
      trafficContract(shared);
    });
    describe("waits and what is unfinished", () => {
      waitsContract(shared);
    });
    describe("drafts", () => {
      draftsContract(shared);
    });
    describe("what is kept", () => {
      notesContract(shared);
    });
  });
}
