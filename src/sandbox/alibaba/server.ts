import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Clock } from "./clock.ts";
import { CONTROL_PREFIX, type Control } from "./control.ts";
import type { AlibabaCloud, WireAnswer } from "./core.ts";
import type { WireRequest } from "./wire/wire-request.ts";

/** More than the largest request that the API takes; a longer body is refused. */
const BODY_BYTES_MAX = 1_024 * 1_024;
/** Clients put parameters on the request line, a command of 24 KB included; node's own limit is 16 KB. */
const HEADER_BYTES_MAX = 256 * 1_024;
/**
 * Longer than any client keeps a connection: with node's own 5 s a client now and then sends into a connection that is
 * just being closed, and sees a reset that nobody asked for.
 */
const KEEP_ALIVE_MS = 600_000;

const JSON_TYPE = { "content-type": "application/json;charset=utf-8" };

/** What the server stands in front of. */
export interface Behind {
  readonly cloud: AlibabaCloud;
  readonly control: Control;
  readonly clock: Clock;
}

/** An HTTP server, not yet listening, in front of the simulated cloud and its control API. */
export function createServer(behind: Behind): Server {
  const heldBack = new Set<NodeJS.Timeout>();
  const limits = { maxHeaderSize: HEADER_BYTES_MAX, keepAliveTimeout: KEEP_ALIVE_MS };
  const server = createHttpServer(limits, (message, response) => {
    void serve({ ...behind, heldBack }, message, response);
  });
  server.once("close", () => heldBack.forEach((timer) => clearTimeout(timer)));
  return server;
}

interface Serving extends Behind {
  /** Answers that wait for their time. */
  readonly heldBack: Set<NodeJS.Timeout>;
}

async function serve(serving: Serving, message: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await readBody(message);
  if (body === "aborted") response.destroy();
  else if (body === "too long") sendTooLarge(response);
  else answer(serving, { message, response, request: wireRequest(message, body) });
}

interface Exchange {
  readonly message: IncomingMessage;
  readonly response: ServerResponse;
  readonly request: WireRequest;
}

function answer({ cloud, control, clock, heldBack }: Serving, exchange: Exchange): void {
  const { request, response } = exchange;
  if (request.target.startsWith(CONTROL_PREFIX)) {
    const { status, body } = control.handle(request);
    response.writeHead(status, JSON_TYPE).end(JSON.stringify(body));
    return;
  }
  const wireAnswer = cloud.handle(request, clock.now());
  // With cloud time standing still, an answer that waits for it would never leave.
  const cloudDelayMs = clock.speed() === 0 ? 0 : wireAnswer.after.cloudMs / clock.speed();
  // A client that goes away meanwhile changes nothing: the request is being worked on until then.
  const timer = setTimeout(
    () => {
      heldBack.delete(timer);
      send(wireAnswer, exchange, clock);
    },
    Math.max(cloudDelayMs, wireAnswer.after.wireMs),
  );
  heldBack.add(timer);
}

function send({ reply, entry }: WireAnswer, { message, response }: Exchange, clock: Clock): void {
  entry.endedAt = clock.now().wireMs;
  if (reply === undefined) message.socket.resetAndDestroy();
  else response.writeHead(reply.status, reply.headers).end(reply.body);
}

function wireRequest(message: IncomingMessage, body: Buffer): WireRequest {
  const headers = Object.entries(message.headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, Array.isArray(value) ? value.join(",") : value] as const],
  );
  return { method: message.method ?? "", target: message.url ?? "/", headers: Object.fromEntries(headers), body };
}

/** The whole body; aborted when the client went away while it was still sending, so that nobody is left to answer. */
async function readBody(message: IncomingMessage): Promise<Buffer | "aborted" | "too long"> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of message) {
      // node:http streams Buffers unless an encoding is set.
      const buffer = chunk as Buffer;
      bytes += buffer.length;
      // Read on, so that the client is there to hear the answer, but keep nothing more.
      if (bytes <= BODY_BYTES_MAX) chunks.push(buffer);
    }
  } catch {
    return "aborted";
  }
  return bytes > BODY_BYTES_MAX ? "too long" : Buffer.concat(chunks);
}

function sendTooLarge(response: ServerResponse): void {
  const body = { Code: "RequestEntityTooLarge", Message: `The body is longer than ${BODY_BYTES_MAX} bytes.` };
  response.writeHead(413, { ...JSON_TYPE, connection: "close" }).end(JSON.stringify(body));
}
