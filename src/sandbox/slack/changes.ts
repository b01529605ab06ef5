/** Something a person could see change, for the long poll. `seen` names who sees an ephemeral message or a view. */
export type Change = { readonly at: number } & (
  | {
      readonly kind: "messagePosted" | "messageUpdated" | "messageDeleted";
      readonly channel: string;
      readonly ts: string;
    }
  | {
      readonly kind: "ephemeralShown" | "ephemeralUpdated" | "ephemeralGone";
      readonly channel: string;
      readonly ts: string;
      readonly seen: string;
    }
  | {
      readonly kind: "viewOpened" | "viewUpdated" | "viewClosed" | "homePublished";
      readonly view: string;
      readonly seen: string;
    }
  | { readonly kind: "reactionAdded"; readonly channel: string; readonly ts: string; readonly emoji: string }
  | { readonly kind: "workspaceEdited"; readonly edit: string }
  | { readonly kind: "socketOpened" | "socketClosed"; readonly connections: number }
);

/** Changes kept; a reader that falls further behind misses the oldest. */
export const CHANGES_MAX = 10_000;
