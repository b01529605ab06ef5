/**
 * Type-ahead in the form: VPCs from the catalogue, everything else from the facts on the draft. From memory and one read
 * of the store, because Slack gives it the same 3 s as an ack and people give it less.
 */
import type { types } from "@slack/bolt";
import type { SideFacts } from "../../../machines/network/facts.ts";
import { testableInstances, wholeVpc } from "../../../machines/network/scope.ts";
import { SIDES } from "../../../machines/network/side.ts";
import { isSamePerson } from "../../../machines/peering/authority.ts";
import type { Person } from "../../../machines/peering/record.ts";
import type { Catalogue, CatalogueVpc, Draft, Store } from "../../ports.ts";
import { FIELDS } from "../ids.ts";
import { plain } from "../render/blocks.ts";
import { groupOption, instanceOption, vpcOption, vSwitchOption } from "../render/form.ts";
import { regionName } from "../texts/en/regions.ts";

/** https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element/ (read 2026-08-22). */
const OPTIONS_MAX = 100;

export interface SuggestPorts {
  readonly store: Store;
  readonly catalogue: Catalogue;
}

export type Suggestions =
  | { readonly options: types.PlainTextOption[] }
  | { readonly option_groups: Array<{ label: types.PlainTextElement; options: types.PlainTextOption[] }> };

/** Nothing for a draft that is not the asker's own. */
export async function suggest(
  ports: SuggestPorts,
  by: Person,
  draftId: string | null,
  actionId: string,
  query: string,
): Promise<Suggestions> {
  const [name = "", sideName] = actionId.split(":");
  const draft = draftId?.startsWith("d_") ? await ports.store.draft(draftId as Draft["id"]) : null;
  if (!draft || !isSamePerson(draft.owner, by)) return { options: [] };
  if (name === FIELDS.vpc) return byRegion(await ports.catalogue.search(query));
  const side = SIDES.find((candidate) => candidate === sideName);
  if (!draft.facts || !side) return { options: [] };
  return {
    options: sideOptions(name, draft.facts[side])
      .filter((option) => matches(option, query))
      .slice(0, OPTIONS_MAX),
  };
}

function sideOptions(name: string, facts: SideFacts): types.PlainTextOption[] {
  switch (name) {
    case FIELDS.testInstance:
      return testableInstances(wholeVpc(facts), facts).map(instanceOption);
    case FIELDS.securityGroups:
      return facts.securityGroups.filter(({ serviceManaged }) => !serviceManaged).map(groupOption);
    case FIELDS.vSwitches:
      return facts.vSwitches.map(vSwitchOption);
    default:
      return [];
  }
}

function matches({ text, description }: types.PlainTextOption, query: string): boolean {
  const shown = `${text.text} ${description?.text ?? ""}`.toLowerCase();
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => shown.includes(word));
}

function byRegion(vpcs: readonly CatalogueVpc[]): Suggestions {
  // An empty list of options is what Slack shows as no results.
  if (vpcs.length === 0) return { options: [] };
  const regions = [...new Set(vpcs.map(({ regionId }) => regionId))];
  return {
    option_groups: regions.map((regionId) => ({
      label: plain(`${regionName(regionId)} (${regionId})`, 75),
      options: vpcs.filter((vpc) => vpc.regionId === regionId).map(vpcOption),
    })),
  };
}
