import { copyDataDirectory } from "../data-directory.ts";
import { databaseBench, type CreateBench } from "./bench.ts";
import { queueContract } from "./queue.contract.ts";
import { storeContract } from "./store.contract.ts";

const pgliteBench: CreateBench = async () => {
  const { path, remove } = copyDataDirectory();
  return await databaseBench({ dataDirectory: path }, remove);
};

storeContract("PGlite", pgliteBench);
queueContract("PGlite", pgliteBench);
