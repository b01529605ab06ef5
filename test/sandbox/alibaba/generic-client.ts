import { createRequire } from "node:module";
import type core from "@alicloud/openapi-core";
import { $OpenApiUtil } from "@alicloud/openapi-core";
import type { RunningAlibaba } from "../../../src/sandbox/alibaba/start.ts";

// The package is CommonJS. What an import gives as its default differs between node and vitest; `require` does not.
const OpenApi = (createRequire(import.meta.url)("@alicloud/openapi-core") as typeof core).default;

export interface ClientOptions {
  /** "v2": the older RPC signature instead of ACS3. */
  readonly signatureAlgorithm?: "v2";
  readonly accessKeyId?: string;
  readonly accessKeySecret?: string;
  readonly timeoutMs?: number;
}

export interface ApiCall {
  readonly action: string;
  readonly version: string;
  readonly query?: Record<string, string>;
  readonly body?: Record<string, unknown>;
}

/** Any action through the generic client that all SDKs are built on; one client for all calls. */
export function genericClient(
  cloud: RunningAlibaba,
  options: ClientOptions = {},
): (call: ApiCall) => Promise<Record<string, unknown>> {
  const client = new OpenApi(sdkConfig(cloud, options));
  const style = { protocol: "HTTP", pathname: "/", method: "POST", authType: "AK", style: "RPC" };
  return async ({ action, version, query, body }) => {
    const params = new $OpenApiUtil.Params({ ...style, action, version, reqBodyType: "formData", bodyType: "json" });
    const request = new $OpenApiUtil.OpenApiRequest({ query, body });
    const answer = await client.callApi(params, request, {} as never);
    return answer["body"] as Record<string, unknown>;
  };
}

/** One call by a client of its own. */
export function callApi(
  cloud: RunningAlibaba,
  call: ApiCall,
  options: ClientOptions = {},
): Promise<Record<string, unknown>> {
  return genericClient(cloud, options)(call);
}

/** What every SDK client is made of. */
export function sdkConfig(cloud: RunningAlibaba, options: ClientOptions): $OpenApiUtil.Config {
  return new $OpenApiUtil.Config({
    endpoint: cloud.endpoint,
    protocol: "http",
    regionId: "cn-qingdao",
    accessKeyId: options.accessKeyId ?? cloud.accessKeyId,
    accessKeySecret: options.accessKeySecret ?? cloud.accessKeySecret,
    readTimeout: options.timeoutMs ?? 10_000,
    connectTimeout: options.timeoutMs ?? 10_000,
    ...(options.signatureAlgorithm === undefined ? {} : { signatureAlgorithm: options.signatureAlgorithm }),
  });
}
