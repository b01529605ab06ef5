/**
 * Instances, the agents on them and the commands they ran: ECS 2014-05-26, one function per action. Parameters and
 * answers: https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-describeinstances and the
 * pages beside it (read 2026-08-22).
 */
import {
  DescribeCloudAssistantStatusRequest,
  DescribeInstancesRequest,
  DescribeInvocationResultsRequest,
} from "@alicloud/ecs20140526";
import { z } from "zod";
import type { Instance, InstanceId, RegionId, VpcId } from "../../machines/network/facts.ts";
import type { Invocation } from "../ports.ts";
import type { Cloud } from "./call.ts";
import * as id from "./ids.ts";
import { allTokenPages, chunksOf } from "./paging.ts";

/** The most that DescribeInstances gives at once. */
const PAGE_SIZE = 100;

/** The most that DescribeCloudAssistantStatus gives at once. */
const ASSISTANTS_PAGE_SIZE = 50;

/** What a field holds when there is nothing to say; some answers leave it out instead. */
const text = z.string().default("");

/** The tag by which an instance's owner allows the connectivity test on it. */
export interface TestTag {
  readonly key: string;
  readonly value: string;
}

/** An instance but for its agent, which is another action's to tell. */
type InstanceFacts = Omit<Instance, "assistantOnline">;

function instancesAnswer(testTag: TestTag) {
  const facts = z
    .object({
      instanceId: id.InstanceId,
      instanceName: text,
      status: z.string(),
      OSType: text,
      OSName: text,
      OSNameEn: text,
      vpcAttributes: z.object({
        vSwitchId: id.VSwitchId,
        privateIpAddress: z.object({ ipAddress: z.array(z.ipv4()) }),
      }),
      securityGroupIds: z.object({ securityGroupId: z.array(id.SecurityGroupId) }),
      // Without tags nobody opted in.
      tags: z.object({ tag: z.array(z.object({ tagKey: z.string(), tagValue: text })) }).default({ tag: [] }),
    })
    .transform((instance): InstanceFacts => ({
      id: instance.instanceId,
      name: instance.instanceName,
      status: instance.status,
      osType: instance.OSType.toLowerCase() === "windows" ? "windows" : "linux",
      osName: instance.OSNameEn || instance.OSName,
      vSwitchId: instance.vpcAttributes.vSwitchId,
      // The first is the primary one; an instance that is being made has none yet.
      privateIp: instance.vpcAttributes.privateIpAddress.ipAddress[0] ?? "",
      securityGroupIds: instance.securityGroupIds.securityGroupId,
      tags: instance.tags.tag.map(({ tagKey, tagValue }) => ({ key: tagKey, value: tagValue })),
      optedIn: instance.tags.tag.some(({ tagKey, tagValue }) => tagKey === testTag.key && tagValue === testTag.value),
    }));
  return z.object({ nextToken: z.string().optional(), instances: z.object({ instance: z.array(facts) }) });
}

/** The instances of a VPC, or the one asked for. */
export function describeInstances(
  { clients, call }: Cloud,
  regionId: RegionId,
  filter: { readonly vpcId: VpcId } | { readonly instanceId: InstanceId },
  testTag: TestTag,
): Promise<readonly InstanceFacts[]> {
  const answer = instancesAnswer(testTag);
  // The API takes the ids as JSON.
  const chosen = "vpcId" in filter ? { vpcId: filter.vpcId } : { instanceIds: JSON.stringify([filter.instanceId]) };
  return allTokenPages("DescribeInstances", async (nextToken) => {
    const request = new DescribeInstancesRequest({ regionId, ...chosen, maxResults: PAGE_SIZE, nextToken });
    const send = () => clients.ecs(regionId).describeInstances(request);
    const { instances, ...page } = await call("DescribeInstances", regionId, send, answer);
    return { nextToken: page.nextToken, items: instances.instance };
  });
}

const AssistantsAnswer = z.object({
  instanceCloudAssistantStatusSet: z.object({
    // The words "true" and "false".
    instanceCloudAssistantStatus: z.array(z.object({ instanceId: z.string(), cloudAssistantStatus: text })),
  }),
});

/** Those of the instances whose agent answers. */
export async function describeCloudAssistantStatus(
  { clients, call }: Cloud,
  regionId: RegionId,
  instanceIds: readonly InstanceId[],
): Promise<ReadonlySet<string>> {
  const answers = await Promise.all(
    chunksOf(instanceIds, ASSISTANTS_PAGE_SIZE).map((instanceId) => {
      const request = new DescribeCloudAssistantStatusRequest({
        regionId,
        instanceId,
        maxResults: ASSISTANTS_PAGE_SIZE,
      });
      const send = () => clients.ecs(regionId).describeCloudAssistantStatus(request);
      return call("DescribeCloudAssistantStatus", regionId, send, AssistantsAnswer);
    }),
  );
  const statuses = answers.flatMap((answer) => answer.instanceCloudAssistantStatusSet.instanceCloudAssistantStatus);
  return new Set(
    statuses.filter((status) => status.cloudAssistantStatus === "true").map(({ instanceId }) => instanceId),
  );
}

/** Every other status is final. */
const UNFINISHED: ReadonlySet<string> = new Set(["Pending", "Scheduled", "Running", "Stopping"]);

const InvocationAnswer = z.object({
  invocation: z.object({
    invocationResults: z.object({
      invocationResult: z.array(
        z.object({
          invocationStatus: z.string().min(1),
          exitCode: z.number().int().optional(),
          /** Base64. */
          output: text,
          errorCode: text,
        }),
      ),
    }),
  }),
});

/** How a command on one instance stands. Before the instance has heard of it there is no result at all. */
export async function describeInvocationResults(
  { clients, call }: Cloud,
  regionId: RegionId,
  invokeId: string,
): Promise<Invocation> {
  const request = new DescribeInvocationResultsRequest({ regionId, invokeId, contentEncoding: "Base64" });
  const send = () => clients.ecs(regionId).describeInvocationResults(request);
  const { invocation } = await call("DescribeInvocationResults", regionId, send, InvocationAnswer);
  const [result] = invocation.invocationResults.invocationResult;
  if (!result) return { ended: false, status: "Pending" };
  const status = result.invocationStatus;
  if (UNFINISHED.has(status)) return { ended: false, status };
  return {
    ended: true,
    status,
    exitCode: result.exitCode ?? null,
    output: Buffer.from(result.output, "base64").toString("utf8"),
    errorCode: result.errorCode,
  };
}
