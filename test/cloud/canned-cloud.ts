/** A cloud that says what it is told, for answers that the sandbox does not give. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { createCloud, type CloudOptions } from "../../src/cloud/cloud.ts";
import type { CloudReader, CloudWriter } from "../../src/ports.ts";
import { fastClock, found, HOME_REGION, recordingLog, TEST_TAG, type LogLine } from "./sandboxed-cloud.ts";

/** What arrived: where each parameter was, which the sandbox does not tell apart. */
export interface CannedCall {
  readonly action: string;
  readonly version: string;
  readonly query: Readonly<Record<string, string>>;
  readonly form: Readonly<Record<string, string>>;
}

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
  readonly calls: readonly CannedCall[];
  close(): Promise<void>;
}

/** `answer` gets the action's name, the request with its headers, and the parameters. */
export async function startCannedCloud(
  answer: (action: string, request: IncomingMessage, call: CannedCall) => CannedAnswer,
  options: Partial<CloudOptions> = {},
): Promise<CannedCloud> {
  const calls: CannedCall[] = [];
  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const call = await callIn(request);
    calls.push(call);
    const { body, status = 200, isUnfinished } = answer(call.action, request, call);
    response.writeHead(status).write(typeof body === "string" ? body : JSON.stringify(body));
    if (!isUnfinished) response.end();
  };
  const server = createServer((request, response) => void respond(request, response));
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
    calls,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function callIn(request: IncomingMessage): Promise<CannedCall> {
  const body = await text(request);
  return {
    action: String(request.headers["x-acs-action"]),
    version: String(request.headers["x-acs-version"]),
    query: Object.fromEntries(new URL(request.url ?? "/", "http://cloud").searchParams),
    form: Object.fromEntries(new URLSearchParams(body)),
  };
}

/** The same answers to the same actions; an action that is not there fails the test with its name. */
export function answering(answers: Readonly<Record<string, unknown>>): (action: string) => CannedAnswer {
  return (action) => ({ body: { RequestId: "R-1", ...found(answers[action] as object | undefined, action) } });
}
