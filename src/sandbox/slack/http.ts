import type { IncomingMessage, ServerResponse } from "node:http";

import { isJsonObject, parseJson, type JsonObject } from "./json.ts";

/** Bytes of a request body that are read. */
const BODY_BYTES_MAX = 16 * 1_024 * 1_024;

/** The whole body; undefined when it is longer than any that makes sense. */
export async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    // Node's requests give buffers unless an encoding is set.
    const buffer = chunk as Buffer;
    bytes += buffer.length;
    if (bytes > BODY_BYTES_MAX) return undefined;
    chunks.push(buffer);
  }
  return Buffer.concat(chunks);
}

/** Fields of a body: JSON, a form, or multipart (its text fields). Anything else has none. */
export async function fieldsOf(request: IncomingMessage, body: Buffer): Promise<JsonObject> {
  const type = request.headers["content-type"] ?? "";
  if (type.startsWith("application/json")) {
    const value = parseJson(body.toString());
    return isJsonObject(value) ? value : {};
  }
  if (type.startsWith("multipart/form-data")) {
    const form = await multipart(type, body);
    return Object.fromEntries([...form].filter(([, value]) => typeof value === "string"));
  }
  return Object.fromEntries(new URLSearchParams(body.toString()));
}

/** The file in an upload: the first file part of a multipart body, else the body itself. */
export async function fileIn(request: IncomingMessage, body: Buffer): Promise<Buffer> {
  const type = request.headers["content-type"] ?? "";
  if (!type.startsWith("multipart/form-data")) return body;
  const part = [...(await multipart(type, body)).values()].find((value) => typeof value !== "string");
  return part === undefined ? Buffer.alloc(0) : Buffer.from(await part.arrayBuffer());
}

async function multipart(type: string, body: Buffer): Promise<FormData> {
  return await new Response(new Uint8Array(body), { headers: { "content-type": type } }).formData();
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { "content-type": "application/json; charset=utf-8", ...headers });
  response.end(JSON.stringify(body));
}

export function sendText(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8", ...headers });
  response.end(text);
}

const LOOPBACK = ["127.0.0.1", "localhost", "[::1]"];

/** True for a Host header, or the address in an Origin header, that names this machine. A page elsewhere cannot forge it. */
export function isLoopback(host: string | undefined): boolean {
  return LOOPBACK.includes((host ?? "").replace(/^https?:\/\//, "").replace(/:\d+$/, ""));
}
