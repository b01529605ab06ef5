import type { RegionId } from "../../machines/network/facts.ts";
import { ClientConfig, EcsClient, GenericClient, VpcClient, type Credential } from "./sdk.ts";

/** One client per region and product, made when first asked for. */
export interface Clients {
  readonly vpc: (regionId: RegionId) => VpcClient;
  readonly ecs: (regionId: RegionId) => EcsClient;
  /** VPC peering connections; one address for all regions. */
  readonly vpcPeer: (regionId: RegionId) => GenericClient;
  /** Of the home region. */
  readonly sts: GenericClient;
}

/** What all clients have in common. */
interface ClientOptions {
  readonly credential: Credential;
  readonly homeRegion: RegionId;
  /** One address for all regions and products; without it those of the SDKs, such as `vpc.cn-qingdao.aliyuncs.com`. */
  readonly endpoint: Endpoint | undefined;
  /** How long one call may take, ms. */
  readonly timeoutMs: number;
}

/** Where a sandbox listens. */
export interface Endpoint {
  /** `host:port`, without a scheme. */
  readonly host: string;
  readonly protocol: "http" | "https";
}

/**
 * The same for each region, and only on the internet: there is none inside of VPCs.
 *
 * https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpcpeer-2022-01-01-endpoint (read 2026-11-25)
 */
const VPC_PEER_HOST = "vpcpeer.aliyuncs.com";

/** Clients that make no connection until their first call. */
export function createClients({ credential, homeRegion, endpoint, timeoutMs }: ClientOptions): Clients {
  const config = (regionId: RegionId): InstanceType<typeof ClientConfig> =>
    new ClientConfig({
      credential,
      regionId,
      ...(endpoint && { endpoint: endpoint.host, protocol: endpoint.protocol }),
      // The SDK uses the first as idle time of the socket and 3 s for both when they are left out.
      connectTimeout: timeoutMs,
      readTimeout: timeoutMs,
      userAgent: "peer-vpcs",
      // No retryOptions: without them a call goes out exactly once, and repeating is the machine's decision.
    });
  // The generic client knows no product and so no endpoint.
  const generic = (regionId: RegionId, host: string): GenericClient => {
    const withEndpoint = config(regionId);
    withEndpoint.endpoint ??= host;
    return new GenericClient(withEndpoint);
  };
  return {
    vpc: memoized((regionId) => new VpcClient(config(regionId))),
    ecs: memoized((regionId) => new EcsClient(config(regionId))),
    vpcPeer: memoized((regionId) => generic(regionId, VPC_PEER_HOST)),
    sts: generic(homeRegion, `sts.${homeRegion}.aliyuncs.com`),
  };
}

function memoized<Client>(make: (regionId: RegionId) => Client): (regionId: RegionId) => Client {
  const made = new Map<RegionId, Client>();
  return (regionId) => {
    const client = made.get(regionId) ?? make(regionId);
    made.set(regionId, client);
    return client;
  };
}
