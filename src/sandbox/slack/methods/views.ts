import { z } from "zod";

import { refuse, type ApiAnswer } from "../answers.ts";
import { checkTrigger } from "../triggers.ts";
import { openView, publishHome, pushView, readView, updateView, viewToWire, type View } from "../views.ts";
import type { Workspace } from "../workspace.ts";
import { method, structure, words } from "./method.ts";

const triggered = z.object({ trigger_id: words, view: structure });

export const viewsMethods = {
  "views.open": method({
    scopes: [],
    tier: 4,
    arguments: triggered,
    handle: ({ workspace, args, now }) => {
      const read = readView(workspace, args.view, "modal", now);
      if (!read.ok) return read;
      const checked = checkTrigger(workspace, args.trigger_id, now);
      if (!checked.ok) return refuse(checked.error);
      const { trigger } = checked;
      // From inside a modal, opening a view stacks it, as pushing does.
      const fromModal = trigger.view !== null && workspace.views.has(trigger.view);
      const shown = (fromModal ? pushView : openView)(workspace, trigger.user, read.draft, now);
      if (!shown.ok) return shown;
      trigger.exchanged = true;
      return answerWith(workspace, shown.view);
    },
  }),

  "views.push": method({
    scopes: [],
    tier: 4,
    arguments: triggered,
    handle: ({ workspace, args, now }) => {
      const read = readView(workspace, args.view, "modal", now);
      if (!read.ok) return read;
      const checked = checkTrigger(workspace, args.trigger_id, now);
      if (!checked.ok) return refuse(checked.error);
      const { trigger } = checked;
      if (trigger.view === null || !workspace.views.has(trigger.view)) return refuse("invalid_trigger_id");
      const shown = pushView(workspace, trigger.user, read.draft, now);
      if (!shown.ok) return shown;
      trigger.exchanged = true;
      return answerWith(workspace, shown.view);
    },
  }),

  "views.update": method({
    scopes: [],
    tier: 4,
    arguments: z.object({
      view_id: words.optional(),
      external_id: words.optional(),
      hash: words.optional(),
      view: structure,
    }),
    handle: ({ workspace, args, now }) => {
      const view = heldView(workspace, args);
      if (view === undefined) return refuse("not_found");
      const read = readView(workspace, args.view, view.kind, now);
      if (!read.ok) return read;
      if (args.hash !== undefined && args.hash !== view.hash) return refuse("hash_conflict");
      const updated = updateView(workspace, view, read.draft, now);
      return updated.ok ? answerWith(workspace, view) : updated;
    },
  }),

  "views.publish": method({
    scopes: [],
    tier: 4,
    arguments: z.object({ user_id: words, view: structure, hash: words.optional() }),
    handle: ({ workspace, args, now }) => {
      if (!workspace.people.has(args.user_id)) return refuse("user_not_found");
      const read = readView(workspace, args.view, "home", now);
      if (!read.ok) return read;
      const held = workspace.views.get(workspace.homes.get(args.user_id) ?? "");
      if (args.hash !== undefined && args.hash !== held?.hash) return refuse("hash_conflict");
      return answerWith(workspace, publishHome(workspace, args.user_id, read.draft, now));
    },
  }),
};

function heldView(
  workspace: Workspace,
  by: { view_id?: string | undefined; external_id?: string | undefined },
): View | undefined {
  if (by.view_id !== undefined) return workspace.views.get(by.view_id);
  return [...workspace.views.values()].find(
    (view) => by.external_id !== undefined && view.content.externalId === by.external_id,
  );
}

function answerWith(workspace: Workspace, view: View): ApiAnswer {
  return { ok: true, view: viewToWire(workspace, view) };
}
