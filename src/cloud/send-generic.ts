import type { Api } from "./actions.ts";
import { OpenApiRequest, Params, type GenericClient } from "./sdk.ts";

/** Where the parameters of an RPC action go is written down for each one: its query, its form body, or some in both. */
interface Sent {
  readonly query?: Readonly<Record<string, string>>;
  readonly form?: Readonly<Record<string, string>>;
}

/** Sends an action of a product that we have no package for. Names on the wire, in the request and in the answer. */
export function sendGeneric(
  client: GenericClient,
  { api, version }: { readonly api: Api; readonly version: string },
  { query, form }: Sent = {},
): Promise<{ body?: unknown }> {
  // From openapi-core's own code for RPC products: POST, JSON back.
  const params = new Params({
    action: api,
    version,
    protocol: "HTTPS",
    pathname: "/",
    method: "POST",
    authType: "AK",
    style: "RPC",
    reqBodyType: "formData",
    bodyType: "json",
  });
  // The client reads single fields of its options; there are none to give.
  const options = {} as Parameters<GenericClient["callApi"]>[2];
  return client.callApi(params, new OpenApiRequest({ ...(query && { query }), ...(form && { body: form }) }), options);
}
