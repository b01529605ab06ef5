import { modelBench } from "./bench.ts";
import { queueContract } from "./queue.contract.ts";
import { storeContract } from "./store.contract.ts";

storeContract("in memory", modelBench);
queueContract("in virtual time", modelBench);
