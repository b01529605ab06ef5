import { refuse, refuseFor, type ApiRefusal } from "./answers.ts";
import { checkView, VIEW_BYTES_MAX } from "./block-kit/check-view.ts";
import type { Place } from "./block-kit/rules.ts";
import { storedBlocks, type Block, type Text } from "./block-kit/shape.ts";
import { fileComplaints } from "./files.ts";
import { isJsonObject, wordsIn, type JsonObject } from "./json.ts";
import { startingValues, stateOf, type Form, type Values } from "./view-state.ts";
import type { Workspace } from "./workspace.ts";

/** A modal or an App Home tab as one person sees it. */
export interface View extends Form {
  readonly id: string;
  readonly kind: "modal" | "home";
  readonly user: string;
  readonly rootId: string;
  readonly previousId: string | null;
  hash: string;
  content: ViewContent;
  blocks: readonly Block[];
  values: Values;
  /** What the app said is wrong, by `block_id`. */
  errors: Readonly<Record<string, string>>;
}

/** What an app sets about a view, but for its blocks. */
interface ViewContent {
  readonly title: Text | null;
  readonly submit: Text | null;
  readonly close: Text | null;
  readonly callbackId: string;
  readonly privateMetadata: string;
  readonly externalId: string;
  readonly clearOnClose: boolean;
  readonly notifyOnClose: boolean;
}

/** A view that passed the checks. */
export interface ViewDraft {
  readonly content: ViewContent;
  readonly blocks: readonly Block[];
}

/** Views a person can have on top of each other: https://docs.slack.dev/surfaces/modals */
const STACK_MAX = 3;

/** The view if Slack takes it, else why not. */
export function readView(
  workspace: Workspace,
  view: unknown,
  kind: "modal" | "home",
  now: number,
): { readonly ok: true; readonly draft: ViewDraft } | ApiRefusal {
  if (Buffer.byteLength(JSON.stringify(view) ?? "") > VIEW_BYTES_MAX) return refuse("view_too_large");
  const place: Place = { pointer: "/view", surface: kind, dials: workspace.dials };
  const complaints = [...checkView(view, kind, workspace.dials), ...fileComplaints(workspace, view, place, now)];
  if (complaints.length > 0 || !isJsonObject(view)) return refuseFor("invalid_arguments", complaints);
  const blocks = Array.isArray(view["blocks"]) ? view["blocks"] : [];
  return {
    ok: true,
    draft: {
      blocks: storedBlocks(blocks, () => workspace.ids.secret().slice(0, 5)),
      content: {
        title: textOrNull(view["title"]),
        submit: textOrNull(view["submit"]),
        close: textOrNull(view["close"]),
        callbackId: wordsIn(view["callback_id"]),
        privateMetadata: wordsIn(view["private_metadata"]),
        externalId: wordsIn(view["external_id"]),
        clearOnClose: view["clear_on_close"] === true,
        notifyOnClose: view["notify_on_close"] === true,
      },
    },
  };
}

function textOrNull(value: unknown): Text | null {
  // The checks let only text objects through.
  return isJsonObject(value) ? (value as unknown as Text) : null;
}

/** Puts a view on top of what the person has open; the first one is the root of the stack. */
export function pushView(
  workspace: Workspace,
  user: string,
  draft: ViewDraft,
  now: number,
): { readonly ok: true; readonly view: View } | ApiRefusal {
  const stack = workspace.stacks.get(user) ?? [];
  if (stack.length >= STACK_MAX) return refuse("push_limit_reached");
  if (isExternalIdTaken(workspace, draft)) return refuse("duplicate_external_id");
  const id = workspace.ids.next("V");
  const view = newView(workspace, { id, kind: "modal", user, draft, stack }, now);
  workspace.stacks.set(user, [...stack, id]);
  workspace.changes.add({ kind: "viewOpened", view: id, seen: user, at: now });
  return { ok: true, view };
}

function newView(
  workspace: Workspace,
  from: { id: string; kind: View["kind"]; user: string; draft: ViewDraft; stack: readonly string[] },
  now: number,
): View {
  const { id, kind, user, draft, stack } = from;
  const view: View = {
    id,
    kind,
    user,
    rootId: stack[0] ?? id,
    previousId: stack.at(-1) ?? null,
    hash: workspace.ids.viewHash(now),
    content: draft.content,
    blocks: draft.blocks,
    values: startingValues(draft.blocks),
    errors: {},
  };
  workspace.views.set(id, view);
  return view;
}

/** Opens a view over nothing: whatever modal the person had is gone. */
export function openView(
  workspace: Workspace,
  user: string,
  draft: ViewDraft,
  now: number,
): { readonly ok: true; readonly view: View } | ApiRefusal {
  if (isExternalIdTaken(workspace, draft)) return refuse("duplicate_external_id");
  closeViews(workspace, user, workspace.stacks.get(user) ?? [], now);
  return pushView(workspace, user, draft, now);
}

/** Replaces what a view shows; what was typed stays where the inputs are the same ones. */
export function updateView(workspace: Workspace, view: View, draft: ViewDraft, now: number): ApiRefusal | { ok: true } {
  const { externalId } = draft.content;
  if (externalId !== view.content.externalId && isExternalIdTaken(workspace, draft)) {
    return refuse("duplicate_external_id");
  }
  view.values = startingValues(draft.blocks, view.values);
  view.blocks = draft.blocks;
  view.content = draft.content;
  view.errors = {};
  view.hash = workspace.ids.viewHash(now);
  const kind = view.kind === "home" ? "homePublished" : "viewUpdated";
  workspace.changes.add({ kind, view: view.id, seen: view.user, at: now });
  return { ok: true };
}

/** Shows an App Home tab; one person has one, and it keeps its id. */
export function publishHome(workspace: Workspace, user: string, draft: ViewDraft, now: number): View {
  const held = workspace.views.get(workspace.homes.get(user) ?? "");
  if (held !== undefined) {
    updateView(workspace, held, draft, now);
    return held;
  }
  const view = newView(workspace, { id: workspace.ids.next("V"), kind: "home", user, draft, stack: [] }, now);
  workspace.homes.set(user, view.id);
  workspace.changes.add({ kind: "homePublished", view: view.id, seen: user, at: now });
  return view;
}

/** Takes these views off the person's stack. */
export function closeViews(workspace: Workspace, user: string, ids: readonly string[], now: number): void {
  const stack = workspace.stacks.get(user) ?? [];
  workspace.stacks.set(
    user,
    stack.filter((id) => !ids.includes(id)),
  );
  for (const id of ids.toReversed()) {
    workspace.views.delete(id);
    workspace.changes.add({ kind: "viewClosed", view: id, seen: user, at: now });
  }
}

/** The view on top of the person's stack; undefined when none is open. */
export function topView(workspace: Workspace, user: string): View | undefined {
  return workspace.views.get(workspace.stacks.get(user)?.at(-1) ?? "");
}

function isExternalIdTaken(workspace: Workspace, { content }: ViewDraft): boolean {
  const taken = [...workspace.views.values()].some((view) => view.content.externalId === content.externalId);
  return content.externalId !== "" && taken;
}

/** A view as the Web API and payloads give it. */
export function viewToWire(workspace: Workspace, view: View): JsonObject {
  const { content } = view;
  return {
    id: view.id,
    team_id: workspace.team.id,
    type: view.kind,
    blocks: view.blocks,
    private_metadata: content.privateMetadata,
    callback_id: content.callbackId,
    state: stateOf(view),
    hash: view.hash,
    title: content.title ?? { type: "plain_text", text: "View Title", emoji: true },
    clear_on_close: content.clearOnClose,
    notify_on_close: content.notifyOnClose,
    close: content.close,
    submit: content.submit,
    previous_view_id: view.previousId,
    root_view_id: view.rootId,
    app_id: workspace.app.id,
    external_id: content.externalId,
    app_installed_team_id: workspace.team.id,
    bot_id: workspace.app.botId,
  };
}
