import { coverageOf, parameterPattern } from "./coverage.ts";
import { regionHolding } from "./lookup.ts";
import { findOperation } from "./operations/registry.ts";
import { API_METADATA, type Product } from "./parameters.ts";
import { refuse } from "./refusal.ts";
import type { Operation } from "./simulation.ts";
import type { ReadRequest } from "./wire/wire-request.ts";
import type { Region, World } from "./world.ts";

/** The operation that a request asks for; refuses what is no request of the API, and unknown versions and actions. */
export function findAction(request: ReadRequest): { readonly product: Product; readonly operation: Operation } {
  const notFound = "Specified api is not found, please check your url and method.";
  if (request.path !== "/") refuse({ status: 404, code: "InvalidApi.NotFound", message: notFound });
  if (request.method !== "GET" && request.method !== "POST") {
    refuse({ status: 400, code: "UnsupportedHTTPMethod", message: "This http method is not supported." });
  }
  if (request.action === "") {
    refuse({ status: 400, code: "MissingAction", message: "Action is mandatory for this action." });
  }
  if (request.version === "") {
    refuse({ status: 400, code: "MissingVersion", message: "Version is mandatory for this action." });
  }
  const product = PRODUCTS.find((candidate) => API_METADATA.products[candidate].version === request.version);
  if (product === undefined) {
    refuse({ status: 404, code: "InvalidVersion", message: "Specified parameter Version is not valid." });
  }
  const operation = findOperation(product, request.action);
  if (operation === undefined) refuse({ status: 404, code: "InvalidAction.NotFound", message: notFound });
  return { product, operation };
}

/** Refuses parameters that the real action has and the simulation leaves out, unless they are empty or false. */
export function refuseNotSimulated(product: Product, action: string, parameters: ReadonlyMap<string, string>): void {
  const refused = coverageOf(product, action).refused ?? [];
  for (const [name, value] of parameters) {
    if (!refused.includes(parameterPattern(name)) || value === "" || value.toLowerCase() === "false") continue;
    const message = `The parameter "${name}" is not supported: the sandbox does not simulate it.`;
    refuse({ status: 400, code: "UnsupportedParameter", message });
  }
}

/**
 * The region that a request is about; undefined for requests of no region.
 *
 * The real service has an endpoint per region. Here one endpoint serves all, so where RegionId is left out the region
 * is the one that holds a resource named in the request.
 */
export function findRegion(world: World, parameters: ReadonlyMap<string, string>): Region | undefined {
  const regionId = parameters.get("RegionId") ?? "";
  if (regionId === "") {
    return [...parameters.values()].map((value) => regionHolding(world, value)).find((region) => region !== undefined);
  }
  const message = "The RegionId provided does not exist in our records.";
  return world.regions.get(regionId) ?? refuse({ status: 404, code: "InvalidRegionId.NotFound", message });
}

// The metadata has exactly these products.
const PRODUCTS = Object.keys(API_METADATA.products) as ReadonlyArray<Product>;
