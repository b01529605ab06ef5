import type { Dials } from "../dials.ts";
import { isJsonObject, lengthOf, type JsonObject } from "../json.ts";

/** Where a set of blocks is shown. */
export type Surface = "message" | "modal" | "home";

/** Where a rule looks: JSON pointer, surface, and the answers chosen for what is not known for sure. */
export interface Place {
  readonly pointer: string;
  readonly surface: Surface;
  readonly dials: Dials;
}

/** One thing that Slack would refuse, in its words, with the JSON pointer to it. */
export interface Complaint {
  readonly pointer: string;
  readonly why: string;
}

/** Everything wrong with a value at a place; empty when Slack would take it. */
export type Rule = (value: unknown, at: Place) => readonly Complaint[];

export const OK: readonly Complaint[] = [];

export function complain(at: Place, why: string): readonly Complaint[] {
  return [{ pointer: at.pointer, why }];
}

export function inside(at: Place, key: string | number): Place {
  return { ...at, pointer: `${at.pointer}/${key}` };
}

export function string(limits: { min?: number; max?: number | ((dials: Dials) => number); like?: RegExp } = {}): Rule {
  return (value, at) => {
    if (typeof value !== "string") return complain(at, "must provide a string");
    const length = lengthOf(value);
    const { min = 1, max = Infinity, like } = limits;
    const longest = typeof max === "function" ? max(at.dials) : max;
    if (length < min) return complain(at, `must be more than ${min - 1} characters`);
    if (length > longest) return complain(at, `must be less than ${longest + 1} characters`);
    return like === undefined || like.test(value) ? OK : complain(at, "must match the expected pattern");
  };
}

export function integer(limits: { min: number; max?: number }): Rule {
  return (value, at) => {
    if (typeof value !== "number" || !Number.isInteger(value)) return complain(at, "must provide an integer");
    if (value < limits.min) return complain(at, `must be at least ${limits.min}`);
    return value > (limits.max ?? Infinity) ? complain(at, `must be at most ${limits.max}`) : OK;
  };
}

export const number: Rule = (value, at) => (typeof value === "number" ? OK : complain(at, "must provide a number"));

export const flag: Rule = (value, at) => (typeof value === "boolean" ? OK : complain(at, "must provide a boolean"));

export function oneOf(...allowed: readonly (string | number)[]): Rule {
  return (value, at) => (allowed.some((one) => one === value) ? OK : complain(at, "must be a valid enum value"));
}

export function list(of: Rule, limits: { min?: number; max?: number | ((dials: Dials) => number) } = {}): Rule {
  return (value, at) => {
    if (!Array.isArray(value)) return complain(at, "must provide an array");
    const { min = 1, max = Infinity } = limits;
    const most = typeof max === "function" ? max(at.dials) : max;
    if (value.length < min) return complain(at, `no fewer than ${min} items allowed`);
    if (value.length > most) return complain(at, `no more than ${most} items allowed`);
    return value.flatMap((item: unknown, index) => of(item, inside(at, index)));
  };
}

/** A key that must be there is `must(rule)`; any other key may be left out; a key not named is refused. */
export interface Required {
  readonly must: Rule;
}

export function must(rule: Rule): Required {
  return { must: rule };
}

export type Fields = Readonly<Record<string, Rule | Required>>;

/** An object with these fields and no others; `also` adds rules that look at several fields at once. */
export function object(fields: Fields, also?: (value: JsonObject, at: Place) => readonly Complaint[]): Rule {
  return (value, at) => {
    if (!isJsonObject(value)) return complain(at, "must provide an object");
    const missing = Object.entries(fields)
      .filter(([key, field]) => typeof field !== "function" && value[key] === undefined)
      .map(([key]) => ({ pointer: at.pointer, why: `missing required field: ${key}` }));
    const present = Object.entries(value).flatMap(([key, held]) => {
      const field = fields[key];
      if (held === undefined) return OK;
      if (field === undefined) return complain(at, `invalid additional property: ${key}`);
      return (typeof field === "function" ? field : field.must)(held, inside(at, key));
    });
    return [...missing, ...present, ...(also?.(value, at) ?? OK)];
  };
}

/** The rule for the object's `type`; a type that is not in the table is unsupported. */
export function byType(table: Readonly<Record<string, Rule>>): Rule {
  return (value, at) => {
    if (!isJsonObject(value)) return complain(at, "must provide an object");
    const type = value["type"];
    if (typeof type !== "string") return complain(at, "missing required field: type");
    const rule = Object.hasOwn(table, type) ? table[type] : undefined;
    return rule === undefined ? complain(inside(at, "type"), `unsupported type: ${type}`) : rule(value, at);
  };
}

export function exactlyOne(first: string, second: string) {
  return (value: JsonObject, at: Place): readonly Complaint[] =>
    (value[first] === undefined) === (value[second] === undefined)
      ? complain(at, `must provide exactly one of: ${first}, ${second}`)
      : OK;
}

export function atLeastOne(...keys: readonly string[]) {
  return (value: JsonObject, at: Place): readonly Complaint[] =>
    keys.every((key) => value[key] === undefined) ? complain(at, `must provide one of: ${keys.join(", ")}`) : OK;
}
