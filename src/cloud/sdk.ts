/**
 * The client classes of Alibaba Cloud's SDKs. Their packages are CommonJS with the class as `exports.default`, and an
 * `import` finds it under `.default` or `.default.default` depending on who loads it (Node, Vitest). So this file, and
 * no other, requires them as what they are. Request classes are named exports and import normally from the packages.
 */
import { createRequire } from "node:module";
import type credentials from "@alicloud/credentials";
import type ecs from "@alicloud/ecs20140526";
import { $OpenApiUtil } from "@alicloud/openapi-core";
import type core from "@alicloud/openapi-core";
import type vpc from "@alicloud/vpc20160428";

const require = createRequire(import.meta.url);

/** VPC 2016-04-28, Express Connect's router interfaces included. */
export const { default: VpcClient } = require("@alicloud/vpc20160428") as typeof vpc;
export type VpcClient = InstanceType<typeof VpcClient>;

/** ECS 2014-05-26, security groups and Cloud Assistant included. */
export const { default: EcsClient } = require("@alicloud/ecs20140526") as typeof ecs;
export type EcsClient = InstanceType<typeof EcsClient>;

/** Any product's API by name. */
export const { default: GenericClient } = require("@alicloud/openapi-core") as typeof core;
export type GenericClient = InstanceType<typeof GenericClient>;

export const { default: Credential } = require("@alicloud/credentials") as typeof credentials;
export type Credential = InstanceType<typeof Credential>;

export const { Config: ClientConfig, OpenApiRequest, Params } = $OpenApiUtil;
