/**
 * What the check of permissions says.
 */
import { code, listed } from "../mrkdwn.ts";
import type { Lines } from "./checks.ts";

export const PERMISSION_LINES: Lines<"permissions"> = {
  permissions({ forbidden, allowed, untested }, where) {
    if (forbidden.length > 0) {
      const calls = listed(forbidden.map(({ api, side }) => `${code(api)} ${where(side)}`));
      return `The bot may not call ${calls}. Ask the operator to allow it in the bot's RAM policy, as \`docs/ram/operate.json\` does.`;
    }
    const tested = allowed.length > 0 ? `The bot may call ${listed(allowed.map(code))}. ` : "";
    return untested.length > 0 ? `${tested}Permissions untested: ${listed(untested.map(code))}.` : tested.trim();
  },
};
