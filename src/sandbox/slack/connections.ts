import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer, type WebSocket } from "ws";

import type { WireClock } from "./wire-clock.ts";
import type { Workspace } from "./workspace.ts";

/** Open connections per app: https://docs.slack.dev/apis/events-api/using-socket-mode */
const CONNECTIONS_MAX = 10;

/** How connections can be disturbed. */
type Disturbance = "refresh_requested" | "warning" | "link_disabled" | "drop";

/** The app's open Socket Mode connections. */
export interface Connections {
  /** Takes a WebSocket upgrade for `/link/`; a ticket that is unknown, used or old is refused. */
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  /** The connection whose turn it is; undefined when there is none. */
  readonly next: () => WebSocket | undefined;
  readonly count: () => number;
  /** Tells connections to go, or cuts them (`drop`); returns how many. All of them unless `most` is given. */
  readonly disturb: (how: Disturbance, most?: number) => number;
  readonly close: () => Promise<void>;
}

const HOST = "applink-sandbox";

export function createConnections(
  workspace: Workspace,
  clock: WireClock,
  onFrame: (text: string) => void,
): Connections {
  const server = new WebSocketServer({ noServer: true });
  // In the order they take turns: the next one is first.
  const open: WebSocket[] = [];

  const note = (kind: "socketOpened" | "socketClosed"): void => {
    workspace.changes.add({ kind, connections: open.length, at: clock.now() });
  };
  const leave = (socket: WebSocket): void => {
    const index = open.indexOf(socket);
    if (index < 0) return;
    open.splice(index, 1);
    note("socketClosed");
  };
  const join = (socket: WebSocket): void => {
    socket.on("message", (data: Buffer) => onFrame(data.toString()));
    socket.on("close", () => leave(socket));
    socket.on("error", () => socket.terminate());
    if (open.length >= CONNECTIONS_MAX) {
      socket.send(disconnectFrame("too_many_websockets"));
      socket.close();
      return;
    }
    open.push(socket);
    socket.send(helloFrame(workspace, open.length));
    note("socketOpened");
  };

  return {
    upgrade(request, socket, head) {
      if (useTicket(workspace, request.url ?? "", clock.now())) server.handleUpgrade(request, socket, head, join);
      else socket.end("HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n");
    },
    next() {
      const socket = open.shift();
      if (socket !== undefined) open.push(socket);
      return socket;
    },
    count: () => open.length,
    disturb(how, most = open.length) {
      const chosen = open.slice(0, most);
      for (const socket of chosen) {
        // From here on no envelope goes there, though the connection may live on for a moment.
        leave(socket);
        if (how === "drop") socket.terminate();
        else socket.send(disconnectFrame(how));
      }
      return chosen.length;
    },
    async close() {
      for (const client of server.clients) client.terminate();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function useTicket(workspace: Workspace, url: string, now: number): boolean {
  const { pathname, searchParams } = new URL(url, "ws://127.0.0.1");
  const ticket = searchParams.get("ticket") ?? "";
  const expiresAt = workspace.tickets.get(ticket);
  workspace.tickets.delete(ticket);
  return pathname === "/link/" && expiresAt !== undefined && now < expiresAt;
}

function helloFrame({ app }: Workspace, connections: number): string {
  return JSON.stringify({
    type: "hello",
    num_connections: connections,
    debug_info: { host: HOST, build_number: 1, approximate_connection_time: 18_060 },
    connection_info: { app_id: app.id },
  });
}

function disconnectFrame(reason: string): string {
  return JSON.stringify({ type: "disconnect", reason, debug_info: { host: HOST } });
}
