/**
 * SVG to PNG on a thread of its own: nothing waits while a picture is packed, and its memory is given back at once.
 */
import { once } from "node:events";
import { Worker } from "node:worker_threads";

/** It takes a fraction of a second, ten times that on a busy machine. */
const TIMEOUT_MS = 30_000;

/** Rejects when the renderer is not there for this platform, or does not take the SVG. */
export async function pngOf(svg: string): Promise<Uint8Array> {
  const worker = new Worker(new URL("png-worker.ts", import.meta.url), { workerData: svg, execArgv: [] });
  try {
    const [png] = await once(worker, "message", { signal: AbortSignal.timeout(TIMEOUT_MS) });
    return png as Uint8Array;
  } finally {
    await worker.terminate();
  }
}
