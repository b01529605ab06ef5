import { z } from "zod";

import { refuse } from "../answers.ts";
import { method } from "./method.ts";

export const authMethods = {
  "auth.test": method({
    token: "any",
    scopes: [],
    tier: "special",
    arguments: z.object({}),
    handle: ({ workspace: { app, team, people, baseUrl } }) => ({
      ok: true,
      url: `${baseUrl}/`,
      team: team.name,
      user: people.get(app.botUserId)?.name,
      team_id: team.id,
      user_id: app.botUserId,
      bot_id: app.botId,
      is_enterprise_install: false,
    }),
  }),

  "bots.info": method({
    scopes: ["users:read"],
    tier: 3,
    arguments: z.object({ bot: z.string().optional() }),
    handle: ({ workspace: { app }, args }) => {
      if ((args.bot ?? app.botId) !== app.botId) return refuse("bot_not_found");
      const { botId: id, botUserId: user_id, id: app_id, name } = app;
      return { ok: true, bot: { id, deleted: false, name, updated: 0, app_id, user_id, icons: {} } };
    },
  }),
};
