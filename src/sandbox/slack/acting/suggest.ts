import { remember } from "../bounded-map.ts";
import { suggestions } from "../block-kit/texts.ts";
import type { Element, Option, OptionGroup } from "../block-kit/shape.ts";
import type { JsonObject } from "../json.ts";
import { blockSuggestionPayload } from "../payloads/elements.ts";
import type { Person } from "../workspace.ts";
import { cannot, QUIET, type Cannot, type Done, type Slack } from "./acted.ts";
import type { ActOf } from "./acts.ts";
import { findSpot, isCannot, type Spot } from "./finding.ts";
import { answerOf, troubleWith } from "./sending.ts";

/** Characters a person types before Slack asks the app: https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element */
const MIN_QUERY_LENGTH_DEFAULT = 3;

/** Selects whose last options are kept. */
const SUGGESTED_MAX = 1_000;

export const isExternal = (element: Element): boolean => element.type.endsWith("external_select");

/** Types into a select that loads from the app. */
export async function actSuggest(slack: Slack, person: Person, act: ActOf<"suggest">): Promise<Done | Cannot> {
  const spot = findSpot(slack.workspace, person, act);
  if (isCannot(spot)) return spot;
  return await suggestionsFor(slack, person, spot, act.query);
}

/** What the app offers for a query; no options and a word from Slack when it does not answer, or answers wrong. */
export async function suggestionsFor(
  slack: Slack,
  person: Person,
  { surrounding, block, element }: Spot,
  query: string,
): Promise<Done | Cannot> {
  if (!isExternal(element)) return cannot(`${element.action_id} is a ${element.type}, which has its options in it`);
  const shortest = element.min_query_length ?? MIN_QUERY_LENGTH_DEFAULT;
  if (query.length < shortest) return { ...QUIET, options: [], says: `Type at least ${shortest} characters.` };

  const about = { person, surrounding, block, element, query };
  const delivered = await slack.send(blockSuggestionPayload(slack.workspace, about));
  const trouble = troubleWith(delivered);
  if (trouble !== null) return { ...QUIET, options: [], says: `Couldn't load results. ${trouble}` };

  const answer = answerOf(delivered) ?? {};
  const place = { pointer: "", surface: "modal", dials: slack.workspace.dials } as const;
  const [complaint] = suggestions(answer, place);
  if (complaint !== undefined) {
    const because = `the options were refused: ${complaint.why} [json-pointer:${complaint.pointer}]`;
    return { ...QUIET, options: [], says: "Couldn't load results.", because };
  }
  const offer = offered(answer);
  const key = suggestedKey(person, block.block_id, element.action_id);
  remember(slack.workspace.suggested, key, allOptions(offer), SUGGESTED_MAX);
  return { ...QUIET, ...offer };
}

/** Under which the options that a person saw last are kept. */
export function suggestedKey(person: Person, blockId: string, actionId: string): string {
  return `${person.id}\n${blockId}\n${actionId}`;
}

function offered(answer: JsonObject): Pick<Done, "options" | "option_groups"> {
  // The check saw to the shape of both.
  const groups = answer["option_groups"] as readonly OptionGroup[] | undefined;
  const options = (answer["options"] ?? []) as readonly Option[];
  return groups === undefined ? { options } : { option_groups: groups };
}

/** All options of a menu or an answer, groups flattened. */
export function allOptions(from: Pick<Element, "options" | "option_groups">): readonly Option[] {
  return [...(from.options ?? []), ...(from.option_groups ?? []).flatMap((group) => group.options)];
}
