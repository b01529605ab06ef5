import type { Call } from "../simulation.ts";

/** Puts a resource into a passing status and lets it leave that status after a time, unless something else came first. */
export function pass<Status extends string>(
  call: Call,
  resource: { status: Status },
  through: { readonly via: NoInfer<Status>; readonly afterMs: number; readonly arrive: () => void },
): void {
  resource.status = through.via;
  call.agenda.at(call.answeredAt + through.afterMs, () => {
    if (resource.status === through.via) through.arrive();
  });
}
