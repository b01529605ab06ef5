import { z } from "zod";
import type { RegionId } from "../../machines/network/facts.ts";
import type { Cloud } from "./call.ts";
import { sendGeneric } from "./send-generic.ts";

const Identity = z.object({ AccountId: z.string().regex(/^\d+$/) });

/** The account that the credentials belong to. Needs no permission. */
export async function getCallerIdentity({ clients, call }: Cloud, homeRegion: RegionId): Promise<string> {
  const send = () => sendGeneric(clients.sts, { api: "GetCallerIdentity", version: "2015-04-01" });
  return (await call("GetCallerIdentity", homeRegion, send, Identity)).AccountId;
}
