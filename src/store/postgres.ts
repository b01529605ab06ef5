/** The shared home: a PostgreSQL that several replicas use. */
import { Socket } from "node:net";
import { PostgresDialect } from "kysely";
import { Pool, types } from "pg";
import { CLOCK_OVERRIDE_SETTING, type ConstructorOptions } from "pg-boss";
import type { Log } from "../ports.ts";
import { errorText } from "./error-text.ts";
import type { Home } from "./home.ts";
import { tablesOn } from "./schema.ts";

/** For the door and the reads; transactions are short. */
const CONNECTIONS_MAX = 10;
/** For pg-boss, beside the one that listens. */
const BOSS_CONNECTIONS_MAX = 5;
/** Far above any statement or lock wait of ours; a replica that hangs must not hold the others up. */
const STATEMENT_TIMEOUT_MS = 15_000;
/** Of pg-boss, which also builds indexes when it is upgraded. */
const BOSS_STATEMENT_TIMEOUT_MS = 60_000;
const CONNECT_TIMEOUT_MS = 10_000;

/** `onTestClock`: jobs that are sent in a transaction of ours get their time from pg-boss's TestClock, too. */
export function openPostgres(databaseUrl: string, { log, onTestClock }: { log: Log; onTestClock: boolean }): Home {
  const sockets = droppableSockets();
  const pool = new Pool({
    connectionString: databaseUrl,
    application_name: "peer-vpcs",
    max: CONNECTIONS_MAX,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    idle_in_transaction_session_timeout: STATEMENT_TIMEOUT_MS,
    keepAlive: true,
    stream: sockets.open,
    ...(onTestClock ? { options: `-c ${CLOCK_OVERRIDE_SETTING}=on` } : {}),
    types: { getTypeParser },
  });
  // A server that restarts ends every connection. Unheard, the error of one that is in use ends this process; its query
  // rejects as well, so it needs no more than a line.
  const disconnected = (error: Error) => log.warn("database connection lost", { error: errorText(error) });
  pool.on("error", disconnected);
  pool.on("connect", (client) => client.on("error", disconnected));

  return {
    db: tablesOn(new PostgresDialect({ pool })),
    boss: {
      connectionString: databaseUrl,
      application_name: "peer-vpcs queue",
      max: BOSS_CONNECTIONS_MAX,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      // With the heartbeat of 10 s this is how soon a dead replica's jobs go to another.
      superviseIntervalSeconds: 1,
      monitorIntervalSeconds: 1,
      options: `-c statement_timeout=${BOSS_STATEMENT_TIMEOUT_MS}`,
      // pg-boss hands its options on to `pg`; its type does not say so.
      ...({ stream: sockets.open } as ConstructorOptions),
    },
    alone: false,
    close: () => pool.end(),
    drop: sockets.drop,
  };
}

const BIGINT: number = types.builtins.INT8;

/** `bigint` as a number: all of ours are epoch ms and counts. Everything else as `pg` reads it. */
function getTypeParser(oid: number, format?: "text" | "binary"): unknown {
  return oid === BIGINT ? Number : types.getTypeParser(oid, format);
}

/** Connections of which this process can let go as a kill does: the server sees the end, and no caller here does. */
function droppableSockets(): { open: () => Socket; drop: () => void } {
  const sockets = new Set<Socket>();
  let dropped = false;
  return {
    open() {
      const socket = new Socket();
      if (dropped) socket.connect = () => socket;
      sockets.add(socket);
      socket.once("close", () => sockets.delete(socket));
      return socket;
    },
    drop() {
      dropped = true;
      for (const socket of sockets) {
        socket.removeAllListeners();
        socket.on("error", () => {});
        socket.destroy();
      }
    },
  };
}
