import type { RegionId } from "../../machines/network/facts.ts";
import type { Policy } from "../../machines/peering/authority.ts";
import type { Clock, CloudReader, CloudWriter, Log, LogFields } from "../ports.ts";
import { bounded } from "./bounded.ts";
import { createCall, type Cloud } from "./call.ts";
import { createClients, type Endpoint } from "./clients.ts";
import { warmUpCredentials, type AccessKey } from "./credentials.ts";
import { emptyIfGone } from "./errors.ts";
import { instanceFacts, networkFacts } from "./facts.ts";
import { createPacing } from "./pacing.ts";
import { describeInvocationResults, type TestTag } from "./read-instances.ts";
import { describeRouteEntryList, describeRouterInterfaces } from "./read-routing.ts";
import { describeSecurityGroupAttribute } from "./read-security-groups.ts";
import { readVpcPeerConnections } from "./read-vpc-peers.ts";
import { describeRegions, describeVpcs } from "./read-vpcs.ts";
import { getCallerIdentity } from "./sts.ts";
import { createWriter } from "./writer.ts";

/** What `main.ts` knows and the adapter does not. */
export interface CloudOptions {
  /** Only `operate` writes. */
  readonly mode: Policy["mode"];
  /** The default chain of @alicloud/credentials when left out. */
  readonly accessKey?: AccessKey | undefined;
  /** A sandbox in place of the real endpoints. */
  readonly endpoint?: Endpoint | undefined;
  /** Where questions of no region go: which account, which regions. */
  readonly homeRegion: RegionId;
  /** Instances with this tag take part in tests. */
  readonly testTag: TestTag;
  /** How long one call may take before its result counts as unknown, ms; 10,000 when left out. */
  readonly timeoutMs?: number | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

/** A read takes 80 ms, a write 250 ms; ten seconds are a service in trouble. */
const TIMEOUT_MS = 10_000;

/** Joins both cloud ports to Alibaba Cloud. Rejects when there are no credentials to be had. */
export async function createCloud(
  options: CloudOptions,
): Promise<{ readonly reader: CloudReader; readonly writer: CloudWriter }> {
  const { mode, homeRegion, endpoint, timeoutMs = TIMEOUT_MS, clock, log } = options;
  const credential = await warmUpCredentials(options.accessKey);
  const clients = createClients({ credential, homeRegion, endpoint, timeoutMs });
  const pacing = createPacing(clock);
  const cloudWith = (fields: LogFields, isDryRun = false): Cloud => ({
    clients,
    call: createCall({ credential, pacing, clock, log, fields, isDryRun }),
  });
  return {
    reader: createReader({ ...options, cloud: cloudWith({}), dryRuns: cloudWith({ dryRun: true }, true) }),
    writer: createWriter({ mode, cloudFor: ({ peeringId, step }) => cloudWith({ peeringId, step }) }),
  };
}

function createReader(options: CloudOptions & { readonly cloud: Cloud; readonly dryRuns: Cloud }): CloudReader {
  const { cloud, homeRegion } = options;
  const accountId = onceItWorked(() => getCallerIdentity(cloud, homeRegion));
  return {
    accountId,
    regions: () => describeRegions(cloud, homeRegion),
    vpcs: async (regionId) => {
      const vpcs = await describeVpcs(cloud, regionId);
      return vpcs.map(({ id, name, cidr, secondaryCidrs }) => ({
        regionId,
        id,
        name,
        cidrs: [cidr, ...secondaryCidrs],
      }));
    },
    networkFacts: (pair, { onProgress = () => {}, permissionsFor } = {}) =>
      networkFacts(
        {
          ...options,
          cloud: bounded(cloud, onProgress),
          accountId,
          permissionsFor: options.mode === "operate" ? permissionsFor : undefined,
        },
        pair,
      ),
    routerInterfaces: (regionId, filter) => describeRouterInterfaces(cloud, regionId, filter),
    vpcPeerConnections: (regionId, filter) => readVpcPeerConnections(cloud, regionId, filter),
    routeEntries: (regionId, filter) => emptyIfGone(describeRouteEntryList(cloud, regionId, filter)),
    securityGroupRules: (regionId, id, direction) =>
      emptyIfGone(describeSecurityGroupAttribute(cloud, regionId, id, direction)),
    instance: (regionId, id) => instanceFacts(options, regionId, id),
    invocation: (regionId, invokeId) => describeInvocationResults(cloud, regionId, invokeId),
  };
}

/** Asks until there is an answer, and never again: the account behind a key does not change. */
function onceItWorked<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | null = null;
  return async () => {
    answer ??= ask();
    try {
      return await answer;
    } catch (error) {
      answer = null;
      throw error;
    }
  };
}
