/** A cloud that says what it is told, for answers that the sandbox does not give. */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { createCloud, type CloudOptions } from "../../src/cloud/cloud.ts";
import type { CloudReader, CloudWriter } from "../../src/ports.ts";
import { fastClock, found, HOME_REGION, recordingLog, TEST_TAG, type LogLine } from "./sandboxed-cloud.ts";

/** An answer's body: an object as JSON, a text as it is. */
export interface CannedAnswer {
  readonly body: unknown;
  readonly status?: number;
  /** The connection stays open and nothing more comes. */
  readonly isUnfinished?: boolean;
}

export interface CannedCloud {
  readonly reader: CloudReader;
  readonly writer: CloudWriter;
  readonly lines: readonly LogLine[];
  close(): Promise<void>;
}

/** `answer` gets the action's name and the request, with its headers and URL. */
export async function startCannedCloud(
  answer: (action: string, request: IncomingMessage) => CannedAnswer,
  options: Partial<CloudOptions> = {},
): Promise<CannedCloud> {
  const server = createServer((request, response) => {
    const { body, status = 200, isUnfinished } = answer(String(request.headers["x-acs-action"]), request);
    response.writeHead(status).write(typeof body === "string" ? body : JSON.stringify(body));
    if (!isUnfinished) response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // A string only for pipes.
  const { port } = server.address() as AddressInfo;
  const lines: LogLine[] = [];
  const cloud = await createCloud({
    mode: "operate",
    accessKey: { accessKeyId: "key-id", accessKeySecret: "key-secret" },
    endpoint: { host: `127.0.0.1:${port}`, protocol: "http" },
    homeRegion: HOME_REGION,
    testTag: TEST_TAG,
    clock: fastClock(),
    log: recordingLog(lines),
    ...options,
  });
  return {
    ...cloud,
    lines,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The same answers to the same actions; an action that is not there fails the test with its name. */
export function answering(answers: Readonly<Record<string, unknown>>): (action: string) => CannedAnswer {
  return (action) => ({ body: { RequestId: "R-1", ...found(answers[action] as object | undefined, action) } });
}
