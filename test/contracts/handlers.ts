import type { Handlers } from "../../src/ports.ts";

/** Handlers that do nothing, but for those given. */
export function handlers(change: { readonly [Q in keyof Handlers]?: Partial<Handlers[Q]> } = {}): Handlers {
  const nothing = { run: async () => {}, gaveUp: async () => {} };
  return {
    inbound: { ...nothing, ...change.inbound },
    step: { ...nothing, ...change.step },
    timer: { ...nothing, ...change.timer },
    poll: { ...nothing, ...change.poll },
    tell: { ...nothing, ...change.tell },
    picture: { ...nothing, ...change.picture },
    draft: { ...nothing, ...change.draft },
    catalogue: { ...nothing, ...change.catalogue },
  };
}
