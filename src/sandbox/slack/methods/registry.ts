import { appsMethods } from "./apps.ts";
import { authMethods } from "./auth.ts";
import { chatMethods } from "./chat.ts";
import { conversationsMethods } from "./conversations.ts";
import { filesMethods } from "./files.ts";
import type { Method } from "./method.ts";
import { reactionsMethods } from "./reactions.ts";
import { usergroupsMethods } from "./usergroups.ts";
import { usersMethods } from "./users.ts";
import { viewsMethods } from "./views.ts";

/** Every method of the Web API that is simulated, by name. */
export const METHODS = {
  ...appsMethods,
  ...authMethods,
  ...chatMethods,
  ...conversationsMethods,
  ...filesMethods,
  ...reactionsMethods,
  ...usergroupsMethods,
  ...usersMethods,
  ...viewsMethods,
} satisfies Readonly<Record<string, Method>>;

type MethodName = keyof typeof METHODS;

export function findMethod(name: string): Method | undefined {
  return Object.hasOwn(METHODS, name) ? METHODS[name as MethodName] : undefined;
}
