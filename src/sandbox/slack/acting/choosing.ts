import type { Option } from "../block-kit/shape.ts";
import type { JsonObject } from "../json.ts";
import { heldIn } from "../view-state.ts";
import type { Person, Workspace } from "../workspace.ts";
import { cannot, type Cannot, type Slack } from "./acted.ts";
import type { ActOf } from "./acts.ts";
import { channelCalled, findPerson, isCannot, plainly, type Spot } from "./finding.ts";
import { allOptions, isExternal, suggestedKey, suggestionsFor } from "./suggest.ts";

interface Chosen {
  readonly ok: true;
  /** The field of the state value, filled: `{ selected_option: … }`, `{ selected_users: […] }`, … */
  readonly held: JsonObject;
}

/** The state value for what a person chose; a refusal when it is not on offer. */
export async function chosenValue(
  slack: Slack,
  person: Person,
  spot: Spot,
  act: ActOf<"choose">,
): Promise<Chosen | Cannot> {
  const { element } = spot;
  const field = element.type === "overflow" ? "selected_option" : heldIn(element.type);
  const wanted = [act.value ?? act.text ?? []].flat();
  if (field === null || field === "value" || field === "rich_text_value" || field === "files") {
    return cannot(`${element.action_id} is a ${element.type}: nothing to choose`);
  }
  const most = field.endsWith("s") ? (element.max_selected_items ?? Infinity) : 1;
  if (wanted.length > most) return cannot(`${element.action_id} takes ${most}`);

  const found = field.startsWith("selected_option")
    ? await optionsFor(slack, person, spot, act, wanted)
    : plainValues(slack.workspace, field, wanted);
  if (isCannot(found)) return found;
  return { ok: true, held: { [field]: field.endsWith("s") ? found : (found[0] ?? null) } };
}

async function optionsFor(
  slack: Slack,
  person: Person,
  spot: Spot,
  act: ActOf<"choose">,
  wanted: readonly string[],
): Promise<readonly Option[] | Cannot> {
  const offered = isExternal(spot.element)
    ? await loadedOptions(slack, person, spot, act.query ?? wanted[0] ?? "", wanted)
    : allOptions(spot.element);
  if (isCannot(offered)) return offered;
  const found = wanted.map((one) => optionCalled(offered, one, act.value !== undefined));
  const missing = wanted.find((_, index) => found[index] === undefined);
  if (missing === undefined) return found.filter((option) => option !== undefined);
  const texts = offered.map((option) => option.text.text).join(", ");
  return cannot(`${missing} is not on offer; there is: ${texts || "nothing"}`);
}

/** Options a person can see in a select that loads them: those already chosen or seen, else those for the query. */
async function loadedOptions(
  slack: Slack,
  person: Person,
  spot: Spot,
  query: string,
  wanted: readonly string[],
): Promise<readonly Option[] | Cannot> {
  if (wanted.length === 0) return [];
  const key = suggestedKey(person, spot.block.block_id, spot.element.action_id);
  const seen = slack.workspace.suggested.get(key) ?? [];
  if (wanted.every((one) => seen.some((option) => isCalled(option, one)))) return seen;
  const asked = await suggestionsFor(slack, person, spot, query);
  if (isCannot(asked)) return asked;
  return asked.says === null ? allOptions(asked) : cannot([asked.says, asked.because ?? ""].join(" ").trim());
}

function optionCalled(options: readonly Option[], name: string, byValue: boolean): Option | undefined {
  return byValue
    ? options.find((option) => option.value === name)
    : options.find((option) => plainly(option.text.text) === plainly(name));
}

function isCalled(option: Option, name: string): boolean {
  return option.value === name || plainly(option.text.text) === plainly(name);
}

function plainValues(workspace: Workspace, field: string, wanted: readonly string[]): readonly unknown[] | Cannot {
  const values = wanted.map((one) => plainValue(workspace, field, one));
  return values.find((value): value is Cannot => typeof value === "object") ?? values;
}

function plainValue(workspace: Workspace, field: string, one: string): string | number | Cannot {
  switch (field) {
    case "selected_user":
    case "selected_users": {
      const person = findPerson(workspace, one);
      return isCannot(person) ? person : person.id;
    }
    case "selected_date":
      return /^\d{4}-\d{2}-\d{2}$/.test(one) ? one : cannot(`${one} is not a date like 2026-11-30`);
    case "selected_time":
      return /^\d{2}:\d{2}$/.test(one) ? one : cannot(`${one} is not a time like 09:30`);
    case "selected_date_time":
      return /^\d{10}$/.test(one) ? Number(one) : cannot(`${one} is not a time in seconds since 1970`);
    default: {
      return channelCalled(workspace, one)?.id ?? cannot(`there is no channel ${one}`);
    }
  }
}
