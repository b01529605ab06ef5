import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { StorePlace } from "../../src/store/open.ts";

export interface Victim {
  /** What it said so far, line by line. */
  readonly said: readonly string[];
  /** Resolves when it has said something for which this holds. Rejects when it ends before. */
  readonly until: (holds: (said: readonly string[]) => boolean) => Promise<void>;
  /** kill -9, and waits until it is gone. */
  readonly kill: () => Promise<void>;
}

export function startVictim(job: readonly ["hold"] | readonly ["story", number], place: StorePlace): Victim {
  const script = new URL("victim.ts", import.meta.url).pathname;
  const child: ChildProcess = spawn(process.execPath, [script, ...job.map(String), JSON.stringify(place)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const gone = once(child, "exit");
  const said: string[] = [];
  if (!child.stdout) throw new Error("a victim that cannot speak");
  const lines = createInterface(child.stdout);
  lines.on("line", (line) => said.push(line));
  return {
    said,
    until: (holds) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (!holds(said)) return;
          lines.off("line", look);
          resolve();
        };
        lines.on("line", look);
        child.once("exit", () => reject(new Error(`the victim ended, having said ${said.join(", ")}`)));
        look();
      }),
    async kill() {
      child.kill("SIGKILL");
      await gone;
    },
  };
}
