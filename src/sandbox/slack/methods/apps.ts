import { z } from "zod";

import { remember } from "../bounded-map.ts";
import { method } from "./method.ts";

/** How long a Socket Mode address waits for its one connection. Slack does not say; a client connects at once. */
const TICKET_TTL_MS = 30_000;

const TICKETS_MAX = 100;

export const appsMethods = {
  "apps.connections.open": method({
    token: "app",
    scopes: ["connections:write"],
    tier: 3,
    arguments: z.object({}),
    handle: ({ workspace, now }) => {
      const ticket = workspace.ids.secret();
      remember(workspace.tickets, ticket, now + TICKET_TTL_MS, TICKETS_MAX);
      const address = workspace.baseUrl.replace(/^http/, "ws");
      return { ok: true, url: `${address}/link/?ticket=${ticket}&app_id=${workspace.app.id}` };
    },
  }),
};
