import { z } from "zod";
import type { RegionId } from "../../machines/network/facts.ts";
import type { Cloud } from "./call.ts";
import { OpenApiRequest, Params, type GenericClient } from "./sdk.ts";

/** From openapi-core's own code for RPC products: POST, parameters in the query, JSON back. */
const GET_CALLER_IDENTITY = new Params({
  action: "GetCallerIdentity",
  version: "2015-04-01",
  protocol: "HTTPS",
  pathname: "/",
  method: "POST",
  authType: "AK",
  style: "RPC",
  reqBodyType: "formData",
  bodyType: "json",
});

const Identity = z.object({ AccountId: z.string().regex(/^\d+$/) });

/** The account that the credentials belong to. Needs no permission. */
export async function getCallerIdentity({ clients, call }: Cloud, homeRegion: RegionId): Promise<string> {
  // The client reads single fields of its options; there are none to give.
  const options = {} as Parameters<GenericClient["callApi"]>[2];
  const send = () => clients.sts.callApi(GET_CALLER_IDENTITY, new OpenApiRequest({}), options);
  return (await call("GetCallerIdentity", homeRegion, send, Identity)).AccountId;
}
