import type { Workspace } from "../workspace.ts";
import { PLAIN, type Paint } from "./paint.ts";

/** Who reads, and on what: decides names, clock times and colours. */
export interface Reader {
  readonly workspace: Pick<Workspace, "people" | "channels" | "groups">;
  /** Time zone of clock times, `Europe/Madrid`. */
  readonly tz: string;
  readonly paint: Paint;
}

/** Somebody in UTC without colours, unless told otherwise. */
export function readerOf(workspace: Reader["workspace"], options: { tz?: string; paint?: Paint } = {}): Reader {
  return { workspace, tz: options.tz ?? "UTC", paint: options.paint ?? PLAIN };
}

export function personName({ workspace }: Reader, id: string): string {
  return `@${workspace.people.get(id)?.realName ?? id}`;
}

export function channelName({ workspace }: Reader, id: string): string {
  return `#${workspace.channels.get(id)?.name ?? id}`;
}

export function groupName({ workspace }: Reader, id: string): string {
  return `@${workspace.groups.get(id)?.handle ?? id}`;
}
