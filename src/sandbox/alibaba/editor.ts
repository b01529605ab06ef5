import { z } from "zod";
import type { Site } from "./build.ts";
import { refuse } from "./refusal.ts";
import type { Region } from "./world.ts";

/** How resources of one kind are changed by hand. Each parses what it is given and throws a ZodError when it is wrong. */
export interface Editor {
  /** Undefined when there is no such resource. */
  readonly set: (region: Region, id: string, fields: unknown) => unknown;
  readonly add: (site: Site, fields: unknown) => unknown;
  /** The resource that was removed; undefined when there was none. What belongs to it stays. */
  readonly remove: (region: Region, id: string) => unknown;
}

/** Tags as the state shows them. */
export const Tags = z.array(z.strictObject({ key: z.string(), value: z.string() }));

/** The editor of a kind that a region keeps by id. */
export function editorOf<Add extends z.ZodObject>(kind: {
  readonly all: (region: Region) => Map<string, object>;
  readonly set: z.ZodObject;
  readonly add: Add;
  readonly build: (site: Site, fields: z.infer<Add>) => unknown;
}): Editor {
  return {
    set(region, id, fields) {
      const changes = kind.set.partial().parse(fields);
      const resource = kind.all(region).get(id);
      return resource === undefined ? undefined : Object.assign(resource, changes);
    },
    add: (site, fields) => kind.build(site, kind.add.parse(fields)),
    remove(region, id) {
      const resource = kind.all(region).get(id);
      kind.all(region).delete(id);
      return resource;
    },
  };
}

/** What something new belongs to; refuses when it is not there. */
export function required<Found>(found: Found | undefined, what: string): Found {
  return found ?? refuse({ status: 404, code: "NoResource", message: `There is no ${what} in the region.` });
}
