import { afterAll, beforeAll, describe } from "vitest";
import { startPostgres, type PostgresServer } from "../embedded-postgres.ts";
import { databaseBench, type CreateBench } from "./bench.ts";
import { queueContract } from "./queue.contract.ts";
import { storeContract } from "./store.contract.ts";

describe("on one server", () => {
  let server: PostgresServer | undefined;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server?.stop());

  const postgresBench: CreateBench = async () => {
    if (!server) throw new Error("PostgreSQL did not start");
    return await databaseBench({ databaseUrl: await server.createDatabase() }, () => {});
  };

  storeContract("PostgreSQL", postgresBench);
  queueContract("PostgreSQL", postgresBench);
});
