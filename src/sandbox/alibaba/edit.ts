import { z } from "zod";
import { EDITORS } from "./editors.ts";
import { regionHolding } from "./lookup.ts";
import { peeringConnectionsIn } from "./peering-connection.ts";
import { refuse } from "./refusal.ts";
import type { Simulation } from "./simulation.ts";
import type { OpenedServices, Region, World } from "./world.ts";

/**
 * A change of the world by hand: exactly one of `set` (with `id`), `add` (without) and `remove` (with `id`).
 *
 * `openedServices` belong to the account: they are only ever set, without region and id.
 */
export const Edit = z
  .strictObject({
    regionId: z.string().optional(),
    kind: z.enum([
      "vpc",
      "vSwitch",
      "networkAcl",
      "routeTable",
      "routeEntry",
      "routerInterface",
      "vpcPeerConnection",
      "securityGroup",
      "rule",
      "instance",
      "openedServices",
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
  .refine(
    ({ kind, id, add }) => kind === "openedServices" || (id === undefined) === (add !== undefined),
    "set and remove need an id, add makes its own.",
  )
  .refine(
    ({ kind, regionId }) => (kind === "openedServices") === (regionId === undefined),
    "Every kind needs a regionId, but openedServices take none.",
  )
  .refine(
    ({ kind, id, set }) => kind !== "openedServices" || (set !== undefined && id === undefined),
    "openedServices are only set, without an id.",
  );
/** A change that has been checked. */
export type Edit = z.infer<typeof Edit>;

const Services = z.strictObject({ cdt: z.boolean(), crossBorderCdt: z.boolean() }).partial();

/** Does what somebody with a console would: no rule of the API is asked. Answers with the resource as it is now. */
export function edit(simulation: Simulation, wanted: Edit): { readonly resource: unknown } {
  const { world } = simulation;
  if (wanted.kind === "openedServices") return { resource: setServices(world, wanted.set) };
  const region = world.regions.get(wanted.regionId ?? "");
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
  const keeper = keeperOf(world, region, id);
  const resource = wanted.remove === true ? editor.remove(keeper, id) : editor.set(keeper, id, wanted.set);
  if (resource === undefined) {
    const message = `There is no ${wanted.kind} ${id} in ${wanted.regionId}.`;
    refuse({ status: 404, code: "NoResource", message });
  }
  return { resource };
}

function setServices(world: World, fields: unknown): OpenedServices {
  const changes = Services.parse(fields);
  return Object.assign(world.openedServices, changes);
}

/** A peering connection may be named in either region, and is kept in one of them. */
function keeperOf(world: World, region: Region, id: string): Region {
  const isPeering = peeringConnectionsIn(world, region).some(({ instanceId }) => instanceId === id);
  return (isPeering ? regionHolding(world, id) : undefined) ?? region;
}
