import { z } from "zod";
import { EDITORS } from "./editors.ts";
import { refuse } from "./refusal.ts";
import type { Simulation } from "./simulation.ts";

/** A change of the world by hand: exactly one of `set` (with `id`), `add` (without) and `remove` (with `id`). */
export const Edit = z
  .strictObject({
    regionId: z.string(),
    kind: z.enum([
      "vpc",
      "vSwitch",
      "routeTable",
      "routeEntry",
      "routerInterface",
      "securityGroup",
      "rule",
      "instance",
    ]),
    id: z.string().optional(),
    /** Fields to change, named as in the state; which ones: see the kind's editor. */
    set: z.unknown().optional(),
    /** What the new resource needs. */
    add: z.unknown().optional(),
    remove: z.literal(true).optional(),
  })
  .refine(
    ({ set, add, remove }) => [set, add, remove].filter((change) => change !== undefined).length === 1,
    "Give exactly one of set, add and remove.",
  )
  .refine(({ id, add }) => (id === undefined) === (add !== undefined), "set and remove need an id, add makes its own.");
/** A change that has been checked. */
export type Edit = z.infer<typeof Edit>;

/** Does what somebody with a console would: no rule of the API is asked. Answers with the resource as it is now. */
export function edit(simulation: Simulation, wanted: Edit): { readonly resource: unknown } {
  const region = simulation.world.regions.get(wanted.regionId);
  if (region === undefined)
    refuse({ status: 404, code: "NoRegion", message: `There is no region ${wanted.regionId}.` });
  const editor = EDITORS[wanted.kind];
  const site = {
    region,
    at: simulation.agenda.now(),
    id: (kind: Parameters<typeof simulation.ids.next>[0]) => simulation.ids.next(kind, region.regionId),
  };
  if (wanted.add !== undefined) return { resource: editor.add(site, wanted.add) };
  const id = wanted.id ?? "";
  const resource = wanted.remove === true ? editor.remove(region, id) : editor.set(region, id, wanted.set);
  if (resource === undefined) {
    const message = `There is no ${wanted.kind} ${id} in ${wanted.regionId}.`;
    refuse({ status: 404, code: "NoResource", message });
  }
  return { resource };
}
