import { createRequire } from "node:module";
import type ecs from "@alicloud/ecs20140526";
import type vpc from "@alicloud/vpc20160428";
import type { RunningAlibaba } from "../../../src/sandbox/alibaba/start.ts";
import { type ClientOptions, sdkConfig } from "./generic-client.ts";

// The packages are CommonJS. What an import gives as their default differs between node and vitest; `require` does not.
const requirePackage = createRequire(import.meta.url);
const Vpc = (requirePackage("@alicloud/vpc20160428") as typeof vpc).default;
const Ecs = (requirePackage("@alicloud/ecs20140526") as typeof ecs).default;

export type VpcClient = InstanceType<typeof Vpc>;
export type EcsClient = InstanceType<typeof Ecs>;

/** The SDK clients that the bot uses, unmodified. */
export function sdkClients(cloud: RunningAlibaba, options: ClientOptions = {}): { vpc: VpcClient; ecs: EcsClient } {
  const config = sdkConfig(cloud, options);
  return { vpc: new Vpc(config), ecs: new Ecs(config) };
}

/** The older, independent client: RPC signature, parameters in the query or in a form. */
export function popClient(cloud: RunningAlibaba, apiVersion: string): PopClient {
  // The package carries no types.
  const { RPCClient } = requirePackage("@alicloud/pop-core") as {
    RPCClient: new (config: Record<string, unknown>) => PopClient;
  };
  const { url: endpoint, accessKeyId, accessKeySecret } = cloud;
  return new RPCClient({ endpoint, apiVersion, accessKeyId, accessKeySecret });
}

export interface PopClient {
  request(
    action: string,
    params: Record<string, unknown>,
    options?: { method: "GET" | "POST" },
  ): Promise<Record<string, unknown>>;
}
