import type { Outgoing } from "../delivery.ts";
import type { JsonObject } from "../json.ts";
import type { Channel, Person, Workspace } from "../workspace.ts";

/** Every app has one; apps are told not to use it, and to check signatures. */
export const VERIFICATION_TOKEN = "sandbox-verification-token";

export function interactive(payload: JsonObject): Outgoing {
  return { type: "interactive", payload };
}

/** What every interaction says of the person, the app and the workspace. */
export interface Who {
  readonly user: { readonly id: string; readonly username: string; readonly name: string; readonly team_id: string };
  readonly api_app_id: string;
  readonly token: string;
  readonly team: { readonly id: string; readonly domain: string };
  readonly enterprise: null;
  readonly is_enterprise_install: false;
}

export function who(workspace: Workspace, person: Person): Who {
  return {
    user: { id: person.id, username: person.name, name: person.name, team_id: person.teamId },
    api_app_id: workspace.app.id,
    token: VERIFICATION_TOKEN,
    team: { id: workspace.team.id, domain: workspace.team.domain },
    enterprise: null,
    is_enterprise_install: false,
  };
}

/** Slack does not tell apps the names of private conversations. */
export function nameFor(channel: Channel): string {
  switch (channel.kind) {
    case "public":
      return channel.name;
    case "private":
      return "privategroup";
    case "im":
      return "directmessage";
  }
}
