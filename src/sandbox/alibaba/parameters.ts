import metadataJson from "./api-metadata.json" with { type: "json" };
import type { Facts } from "./facts.ts";
import { refuse } from "./refusal.ts";

/** One parameter as the API metadata describes it. */
export interface ParameterSpec {
  readonly name: string;
  /** String, Integer, Long, Boolean or RepeatList. */
  readonly type: string;
  readonly required?: boolean;
  /** Fields of a repeated record; absent for a repeated text. */
  readonly sub?: ReadonlyArray<ParameterSpec>;
  /** Comes as one JSON array under the plain name, as the SDKs send it, or repeated like other lists. */
  readonly json?: boolean;
}

/** The products that are simulated, as the metadata calls them. */
export type Product = "vpc" | "ecs" | "vpcpeer" | "sts";

/** Version and parameters of every simulated action, as published; where from: see the file's `source`. */
export const API_METADATA: {
  readonly products: Readonly<
    Record<
      Product,
      { readonly version: string; readonly actions: Readonly<Record<string, ReadonlyArray<ParameterSpec>>> }
    >
  >;
} = metadataJson;

type ParameterValue = string | ReadonlyArray<ParameterValue> | Parameters;

/** The parameters of one call, put back together: `Filter.1.Value.2` is the second text of the first filter's Value. */
export interface Parameters {
  readonly [name: string]: ParameterValue;
}

/** More repetitions than any documented list has. */
const REPEATS_MAX = 1_000;

/**
 * Accepted with every action besides its own: who owns the resource (the SDKs add these) and the region (older clients
 * send it with every call).
 */
const ALWAYS_ACCEPTED: ReadonlyArray<ParameterSpec> = [
  "OwnerId",
  "OwnerAccount",
  "ResourceOwnerId",
  "ResourceOwnerAccount",
  "RegionId",
].map((name) => ({ name, type: "String" }));

/** Checks flat parameters against the metadata and nests them; refuses what is unknown, missing or of the wrong type. */
export function readParameters(
  specs: ReadonlyArray<ParameterSpec>,
  flat: ReadonlyMap<string, string>,
  facts: Facts,
): Parameters {
  const nested: Record<string, unknown> = {};
  for (const [name, value] of flat) {
    const place = locate([...specs, ...ALWAYS_ACCEPTED], name);
    if (place === undefined) {
      if (facts.answer("unknown-parameters") === "ignored") continue;
      // The message of the real code, which other products give; the sentence says that it is ours.
      refuse({ status: 400, code: "UnsupportedParameter", message: `The parameter "${name}" is not supported.` });
    }
    checkType(place.spec, name, value);
    put(nested, place.path, value);
  }
  refuseMissing(specs, nested, facts, "");
  // Filled by `put` with texts, lists and records only.
  return nested as Parameters;
}

/** A text parameter; undefined when it is absent or empty. */
export function text(parameters: Parameters, name: string): string | undefined {
  const value = parameters[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** A text parameter that the metadata requires; refuses when it is empty. */
export function requiredText(parameters: Parameters, name: string): string {
  const value = text(parameters, name);
  if (value === undefined) refuse(invalid(name));
  return value;
}

/** A whole number within limits, `fallback` when absent. */
export function integer(
  parameters: Parameters,
  name: string,
  limits: { readonly min: number; readonly max: number; readonly fallback: number },
): number {
  const value = text(parameters, name);
  if (value === undefined) return limits.fallback;
  const number = Number(value);
  if (number < limits.min || number > limits.max) refuse(invalid(name));
  return number;
}

/** Whether a boolean parameter is given and true. */
export function flag(parameters: Parameters, name: string): boolean {
  return text(parameters, name)?.toLowerCase() === "true";
}

/** Whether a request only asks what would become of it; an action without dry runs does what it is asked for. */
export function isDryRun(specs: ReadonlyArray<ParameterSpec>, flat: ReadonlyMap<string, string>): boolean {
  return specs.some(({ name }) => name === "DryRun") && flat.get("DryRun")?.toLowerCase() === "true";
}

/** A repeated text in its order; empty when absent. */
export function texts(parameters: Parameters, name: string): ReadonlyArray<string> {
  const value = parameters[name];
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

/** A repeated record in its order; empty when absent. */
export function records(parameters: Parameters, name: string): ReadonlyArray<Parameters> {
  const value = parameters[name];
  if (!Array.isArray(value)) return [];
  return value.filter((item): item is Parameters => typeof item === "object" && !Array.isArray(item));
}

/** A parameter that holds a JSON array of texts, for example InstanceIds; undefined when absent, refuses other JSON. */
export function jsonTexts(parameters: Parameters, name: string): ReadonlyArray<string> | undefined {
  const value = text(parameters, name);
  if (value === undefined) return undefined;
  try {
    const parsed: unknown = JSON.parse(value);
    if (Array.isArray(parsed) && parsed.every((item) => typeof item === "string")) return parsed;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  refuse({
    status: 400,
    code: `Invalid${name}.Malformed`,
    message: `The specified parameter ${name} is not a JSON array.`,
  });
}

/** The refusal of a value that the API does not take. */
export function invalid(name: string): { status: number; code: string; message: string } {
  return { status: 400, code: `Invalid${name}`, message: `Specified parameter ${name} is not valid.` };
}

interface Place {
  readonly spec: ParameterSpec;
  readonly path: ReadonlyArray<string | number>;
}

/** Finds the parameter that a flat name stands for: `Name`, `InstanceId.2`, `Filter.1.Value.3`. */
function locate(specs: ReadonlyArray<ParameterSpec>, flatName: string): Place | undefined {
  const exact = specs.find((spec) => spec.name === flatName);
  if (exact !== undefined && exact.type !== "RepeatList") return { spec: exact, path: [flatName] };
  if (exact?.json === true) return { spec: { ...exact, type: "String" }, path: [flatName] };
  const [, name = "", ordinal = "", rest] = /^([^.]+)\.(\d{1,4})(?:\.(.+))?$/.exec(flatName) ?? [];
  const list = specs.find((spec) => spec.name === name && spec.type === "RepeatList");
  const index = Number(ordinal) - 1;
  if (list === undefined || index < 0 || index >= REPEATS_MAX) return undefined;
  if (rest === undefined)
    return list.sub === undefined ? { spec: { ...list, type: "String" }, path: [name, index] } : undefined;
  const inner = locate(list.sub ?? [], rest);
  return inner === undefined ? undefined : { spec: inner.spec, path: [name, index, ...inner.path] };
}

function checkType(spec: ParameterSpec, name: string, value: string): void {
  if (value === "") return;
  const isWhole = spec.type === "Integer" || spec.type === "Long";
  if (isWhole && !/^-?\d{1,19}$/.test(value)) refuse(invalid(name));
  if (spec.type === "Boolean" && !/^(true|false)$/i.test(value)) refuse(invalid(name));
}

function put(target: Record<string, unknown> | unknown[], path: ReadonlyArray<string | number>, value: string): void {
  const [key, next, ...rest] = path;
  if (key === undefined) return;
  // A number is only ever the index of a list.
  const slots = target as Record<string | number, unknown>;
  if (next === undefined) {
    slots[key] = value;
    return;
  }
  slots[key] ??= typeof next === "number" ? [] : {};
  put(slots[key] as Record<string, unknown> | unknown[], [next, ...rest], value);
}

function refuseMissing(
  specs: ReadonlyArray<ParameterSpec>,
  given: Readonly<Record<string, unknown>>,
  facts: Facts,
  prefix: string,
): void {
  for (const spec of specs) {
    const value = given[spec.name];
    const name = `${prefix}${spec.name}`;
    if (spec.required === true && (value === undefined || value === "")) refuse(missing(name, facts));
    if (spec.sub === undefined || !Array.isArray(value)) continue;
    // `Array.from` fills the holes that skipped numbers leave.
    Array.from(value, (record: unknown, index) => {
      const fields = typeof record === "object" && record !== null ? (record as Record<string, unknown>) : {};
      refuseMissing(spec.sub ?? [], fields, facts, `${name}.${index + 1}.`);
    });
  }
}

function missing(name: string, facts: Facts): { status: number; code: string; message: string } {
  if (facts.answer("missing-parameter-code") === "Missing<Name>") {
    return { status: 400, code: `Missing${name}`, message: `${name} is mandatory for this action.` };
  }
  const message = `The input parameter "${name}" that is mandatory for processing this request is not supplied.`;
  return { status: 400, code: "MissingParameter", message };
}
