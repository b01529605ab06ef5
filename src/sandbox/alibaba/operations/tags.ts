import { tokenPage } from "../paging.ts";
import { flag, invalid, requiredText, text, texts } from "../parameters.ts";
import { refuse } from "../refusal.ts";
import type { Call, Operation } from "../simulation.ts";
import type { Tag } from "../world.ts";
import { readTags } from "./find.ts";

/** Resources in one call, and tags on one resource. */
const RESOURCES_MAX = 50;
const TAGS_MAX = 20;

interface Taggable {
  tags: ReadonlyArray<Tag>;
}

/** Adds tags to resources; a key that is there already gets the new value. */
export const tagVpcResources: Operation = {
  kind: "write",
  run(call) {
    const wanted = readTags(call.parameters, "Tag").map((tag) => ({ key: tag.key, value: tag.value ?? "" }));
    const changes = findResources(call, vpcResources(call)).map((resource) => {
      const kept = resource.tags.filter((tag) => wanted.every(({ key }) => key !== tag.key));
      return { resource, tags: [...kept, ...wanted] };
    });
    if (changes.some(({ tags }) => tags.length > TAGS_MAX)) {
      refuse({ status: 400, code: "NumberExceed.Tags", message: "The maximum number of tags is exceeded." });
    }
    for (const { resource, tags } of changes) resource.tags = tags;
    return { body: {} };
  },
};

/** Takes tags off resources: those whose keys are named, or all. */
export const untagVpcResources: Operation = {
  kind: "write",
  run(call) {
    const keys = texts(call.parameters, "TagKey");
    const takesAll = keys.length === 0 && flag(call.parameters, "All");
    for (const resource of findResources(call, vpcResources(call))) {
      resource.tags = takesAll ? [] : resource.tags.filter((tag) => !keys.includes(tag.key));
    }
    return { body: {} };
  },
};

/** Tags of VPC resources, one line per resource and tag. */
export const listVpcTagResources: Operation = {
  kind: "read",
  run: (call) => listTags(call, vpcResources(call)),
};

/** Tags of ECS resources, one line per resource and tag. */
export const listEcsTagResources: Operation = {
  kind: "read",
  run: (call) => listTags(call, ecsResources(call)),
};

function vpcResources(call: Call): ReadonlyMap<string, Taggable> {
  const { vpcs, vSwitches, routeTables } = call.region;
  return chosen(call, { VPC: vpcs, VSWITCH: vSwitches, ROUTETABLE: routeTables });
}

function ecsResources(call: Call): ReadonlyMap<string, Taggable> {
  return chosen(call, { INSTANCE: call.region.instances, SECURITYGROUP: call.region.securityGroups });
}

function chosen(
  call: Call,
  byType: Readonly<Record<string, ReadonlyMap<string, Taggable>>>,
): ReadonlyMap<string, Taggable> {
  // Resource types are not case-sensitive.
  const type = requiredText(call.parameters, "ResourceType").toUpperCase();
  const resources = Object.hasOwn(byType, type) ? byType[type] : undefined;
  return (
    resources ??
    refuse({ status: 404, code: "InvalidResourceType.NotFound", message: `The ResourceType ${type} is not simulated.` })
  );
}

function findResources(call: Call, resources: ReadonlyMap<string, Taggable>): ReadonlyArray<Taggable> {
  const ids = texts(call.parameters, "ResourceId");
  if (ids.length === 0 || ids.length > RESOURCES_MAX) refuse(invalid("ResourceId"));
  return ids.map(
    (id) =>
      resources.get(id) ??
      refuse({
        status: 404,
        code: "InvalidResourceId.NotFound",
        message: `The specified ResourceId ${id} is not found.`,
      }),
  );
}

function listTags(call: Call, resources: ReadonlyMap<string, Taggable>): { body: Readonly<Record<string, unknown>> } {
  const ids = texts(call.parameters, "ResourceId");
  const wanted = readTags(call.parameters, "Tag");
  const lines = [...resources]
    .filter(([id]) => ids.length === 0 || ids.includes(id))
    .filter(([, resource]) => wanted.every((tag) => hasTag(resource, tag)))
    .flatMap(([id, resource]) => resource.tags.map((tag) => ({ id, tag })));
  const page = tokenPage(lines, call.parameters, { parameter: "MaxResults", fallback: 50, min: 1, max: 50 });
  const shown = page.items.map(({ id, tag }) => ({
    ResourceId: id,
    ResourceType: text(call.parameters, "ResourceType") ?? "",
    TagKey: tag.key,
    TagValue: tag.value,
  }));
  return { body: { TagResources: { TagResource: shown }, NextToken: page.NextToken } };
}

function hasTag(resource: Taggable, wanted: { key: string; value: string | undefined }): boolean {
  return resource.tags.some((tag) => tag.key === wanted.key && (wanted.value ?? tag.value) === tag.value);
}
