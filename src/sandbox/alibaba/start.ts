import { createServer } from "./server.ts";
import { createAlibabaCloud } from "./core.ts";
import { createClock } from "./clock.ts";
import { createControl } from "./control.ts";
import { REGIONS } from "./regions.ts";
import { ACCOUNT_ID } from "./seeds/account.ts";

/** How the simulated cloud is started. */
export interface AlibabaOptions {
  /** Default 0: any free port. */
  readonly port?: number;
  /** How many ms of cloud time pass in one ms of real time. 0: cloud time stands still and is stepped. Default 1. */
  readonly speed?: number;
  /** Whether answers take their time. Default true. */
  readonly latency?: boolean;
  /** New resources of two clouds with the same seed get the same ids. Default: another one each time. */
  readonly seed?: string;
}

/** A running simulated cloud, and what a client needs to know of it. */
export interface RunningAlibaba {
  /** Host and port, as the SDKs want their endpoint. */
  readonly endpoint: string;
  /** The same with scheme; the control API is under `/_sandbox/`. */
  readonly url: string;
  readonly accountId: string;
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly regions: ReadonlyArray<string>;
  /** Stops at once and leaves nothing behind: open connections are cut, held-back answers are dropped. */
  close(): Promise<void>;
}

/** Starts the simulated cloud on loopback, with its seeds; rejects when the port is taken. */
export async function startAlibaba(options: AlibabaOptions = {}): Promise<RunningAlibaba> {
  const clock = createClock(Date.now, options.speed ?? 1);
  const startsAt = clock.now().cloudMs;
  const seed = options.seed ?? String(startsAt);
  const cloud = createAlibabaCloud({ startsAt, seed, latency: options.latency ?? true });
  const control = createControl({ cloud, clock });
  const server = createServer({ cloud, control, clock });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  const address = server.address();
  // A string only for pipes.
  const port = typeof address === "object" ? address?.port : undefined;
  return {
    endpoint: `127.0.0.1:${port}`,
    url: `http://127.0.0.1:${port}`,
    accountId: ACCOUNT_ID,
    accessKeyId: cloud.accessKey.id,
    accessKeySecret: cloud.accessKey.secret,
    regions: REGIONS.map((region) => region.regionId),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
