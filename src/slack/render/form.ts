/**
 * The request form. First the two VPCs and the reason; the rest appears once both networks have been read.
 *
 * Inputs that belong to a VPC carry its id in their block id, so that choosing another VPC starts them afresh; all others
 * keep what was typed, because Slack keeps an input whose ids stay the same.
 */
import type { types } from "@slack/bolt";
import { sizeFor } from "../../../machines/connections/sizes.ts";
import { CONNECTION_TYPES } from "../../../machines/connections/types.ts";
import { stops, type Check } from "../../../machines/network/checks.ts";
import {
  isOneRegion,
  type Instance,
  type NetworkFacts,
  type SecurityGroup,
  type SideFacts,
  type VSwitch,
} from "../../../machines/network/facts.ts";
import { proposeSide } from "../../../machines/network/propose.ts";
import {
  portRangeToText,
  REASON_LENGTH_MAX,
  type ConnectionId,
  type RequestValues,
} from "../../../machines/network/request.ts";
import { SECURITY_GROUPS_MAX } from "../../../machines/network/rules.ts";
import { opposite, SIDES, type Side } from "../../../machines/network/side.ts";
import type { Failure } from "../../../machines/peering/failure.ts";
import type { CatalogueVpc, Draft, ReadProgress } from "../../ports.ts";
import { FIELDS, VIEWS, type FieldName } from "../ids.ts";
import { checkLine, noTestableInstance } from "../texts/en/checks.ts";
import { failureFact, readingCure, SEND_AGAIN } from "../texts/en/failures.ts";
import * as say from "../texts/en/form.ts";
import { CONNECTION_WORDS } from "../texts/en/connections/words.ts";
import { regionName } from "../texts/en/regions.ts";
import { context, OPTION_TEXT_MAX, plain, section, sections } from "./blocks.ts";

export interface FormData {
  readonly draft: Draft;
  /** The chosen VPCs as the catalogue knows them. */
  readonly chosen: { readonly [S in Side]: CatalogueVpc | null };
  /** Null while the facts are being read, or when they could not be. */
  readonly checks: readonly Check[] | null;
  /** How far the reading is, where it takes long. */
  readonly progress?: ReadProgress;
  /** How an instance opts in to tests, as people write it. */
  readonly testTag: string;
  /** The connection types to choose from. */
  readonly connections: readonly ConnectionId[];
}

export function renderForm(form: FormData): types.ModalView {
  const { draft, chosen, checks, connections } = form;
  const { values } = draft;
  const isPairChosen = chosen.initiator !== null && chosen.acceptor !== null;
  const facts = isPairChosen ? draft.facts : null;
  return {
    type: "modal",
    callback_id: VIEWS.form,
    private_metadata: JSON.stringify({ draft: draft.id }),
    title: plain(say.TITLE, 24),
    submit: plain(say.SUBMIT, 24),
    close: plain(say.CANCEL, 24),
    blocks: [
      ...SIDES.map((side) => vpcInput(side, chosen[side])),
      ...(facts && values && values.sides === null ? [context(say.LOOK_OVER)] : []),
      ...(isPairChosen ? standing(draft.failure, facts, checks, form.progress) : []),
      ...(facts ? details(facts, values, form.testTag) : []),
      ...(connections.length > 1 ? [connectionInput(draft.connection, connections)] : []),
      ...sizeInputs(draft),
      reasonInput(values?.reason),
    ],
  };
}

/** Block id of an input: its name, its side, and the VPC it belongs to. */
export function fieldId(name: FieldName, side?: Side, vpcId?: string): string {
  return [name, side, vpcId].filter((part) => part !== undefined).join(":");
}

function standing(
  failure: Failure | null,
  facts: NetworkFacts | null,
  checks: readonly Check[] | null,
  progress: FormData["progress"],
): types.KnownBlock[] {
  if (failure)
    return [alert(say.UNREADABLE, "error"), section(`${failureFact(failure)}\n${readingCure(failure, SEND_AGAIN)}`)];
  if (!facts || !checks) return [context(progress ? say.readingNow(progress) : say.READING)];
  const stopped = stops(checks);
  if (stopped.length > 0)
    return [alert(say.CANNOT, "error"), ...sections(stopped.map((check) => `• ${checkLine(check)}`))];
  const ok = checks.filter(({ level }) => level === "ok").length;
  const toRead = checks.filter(({ level }) => level === "warn").map((check) => `• ${checkLine(check)}`);
  // Nobody has to read it before sending, and it is no promise either.
  const untested = checks.filter((check) => check.check === "permissions" && check.untested.length > 0);
  return [
    ...(toRead.length > 0 ? [alert(say.TO_READ, "warning"), ...sections(toRead)] : []),
    context([say.checked(ok), ...untested.map((check) => checkLine(check))].join(" ")),
  ];
}

function alert(text: string, level: "error" | "warning"): types.KnownBlock {
  return { type: "alert", level, text: { type: "plain_text", text } };
}

function vpcInput(side: Side, chosen: CatalogueVpc | null): types.InputBlock {
  const element: types.ExternalSelect = {
    type: "external_select",
    action_id: fieldId(FIELDS.vpc, side),
    placeholder: plain(say.VPC_PLACEHOLDER, 150),
    min_query_length: 0,
    ...(chosen ? { initial_option: vpcOption(chosen) } : {}),
  };
  return {
    type: "input",
    block_id: fieldId(FIELDS.vpc, side),
    dispatch_action: true,
    label: plain(say.VPC_LABELS[side], 2_000),
    hint: plain(say.VPC_HINTS[side], 2_000),
    element,
  };
}

/** `orders-prod · 192.168.0.0/16`, with the id under it. */
export function vpcOption({ regionId, id, name, cidrs }: CatalogueVpc): types.PlainTextOption {
  return {
    text: plain(`${name || id} · ${cidrs.join(" ")}`, OPTION_TEXT_MAX),
    description: plain(`${id} · ${regionName(regionId)}`, OPTION_TEXT_MAX),
    value: `${regionId}/${id}`,
  };
}

function details(facts: NetworkFacts, values: RequestValues | null, testTag: string): types.KnownBlock[] {
  return [
    ...SIDES.map((side) => testInstanceInput(side, facts[side], values, testTag)),
    ...SIDES.map((side) => securityGroupsInput(side, facts[side], values)),
    ...SIDES.map((side) => portsInput(opposite(side), facts[opposite(side)], values)),
    icmpInput(values?.icmp ?? true),
    ...SIDES.map((side) => vSwitchesInput(side, facts[side], values)),
  ];
}

function testInstanceInput(
  side: Side,
  facts: SideFacts,
  values: RequestValues | null,
  testTag: string,
): types.InputBlock {
  const filled = values?.sides?.[side];
  const proposed = filled
    ? facts.instances.find(({ id }) => id === filled.testInstanceId)
    : proposeSide(facts).testInstance;
  return {
    ...optionalInput(FIELDS.testInstance, side, facts, say.testInstanceLabel(nameOf(facts))),
    ...(proposeSide(facts).testInstance ? {} : { hint: plain(noTestableInstance(testTag), 2_000) }),
    element: {
      type: "external_select",
      action_id: fieldId(FIELDS.testInstance, side, facts.vpcId),
      placeholder: plain(say.NO_TEST_INSTANCE, 150),
      min_query_length: 0,
      ...(proposed ? { initial_option: instanceOption(proposed) } : {}),
    },
  };
}

function securityGroupsInput(side: Side, facts: SideFacts, values: RequestValues | null): types.InputBlock {
  const filled = values?.sides?.[side];
  const proposed = filled
    ? facts.securityGroups.filter(({ id }) => filled.securityGroupIds.includes(id))
    : proposeSide(facts).securityGroups;
  return {
    ...optionalInput(FIELDS.securityGroups, side, facts, say.securityGroupsLabel(nameOf(facts))),
    element: {
      type: "multi_external_select",
      action_id: fieldId(FIELDS.securityGroups, side, facts.vpcId),
      placeholder: plain(say.NO_GROUPS, 150),
      min_query_length: 0,
      max_selected_items: SECURITY_GROUPS_MAX,
      ...(proposed.length > 0 ? { initial_options: proposed.map(groupOption) } : {}),
    },
  };
}

function vSwitchesInput(side: Side, facts: SideFacts, values: RequestValues | null): types.InputBlock {
  const chosen = facts.vSwitches.filter(({ id }) => values?.sides?.[side].vSwitchIds.includes(id));
  return {
    ...optionalInput(FIELDS.vSwitches, side, facts, say.vSwitchesLabel(nameOf(facts))),
    element: {
      type: "multi_external_select",
      action_id: fieldId(FIELDS.vSwitches, side, facts.vpcId),
      placeholder: plain(say.WHOLE_VPC, 150),
      min_query_length: 0,
      ...(chosen.length > 0 ? { initial_options: chosen.map(vSwitchOption) } : {}),
    },
  };
}

function portsInput(side: Side, facts: SideFacts, values: RequestValues | null): types.InputBlock {
  const ports = values?.sides?.[side].ports.map(portRangeToText).join(", ");
  return {
    ...optionalInput(FIELDS.ports, side, facts, say.portsLabel(nameOf(facts))),
    element: {
      type: "plain_text_input",
      action_id: fieldId(FIELDS.ports, side, facts.vpcId),
      placeholder: plain(say.PORTS_PLACEHOLDER, 150),
      max_length: 200,
      ...(ports ? { initial_value: ports } : {}),
    },
  };
}

function optionalInput(
  name: FieldName,
  side: Side,
  facts: SideFacts,
  label: string,
): Omit<types.InputBlock, "element"> {
  return { type: "input", block_id: fieldId(name, side, facts.vpcId), optional: true, label: plain(label, 2_000) };
}

function icmpInput(checked: boolean): types.InputBlock {
  const option: types.PlainTextOption = { text: plain(say.ICMP_OPTION, OPTION_TEXT_MAX), value: "icmp" };
  return {
    type: "input",
    block_id: FIELDS.icmp,
    optional: true,
    label: plain(say.ICMP_LABEL, 2_000),
    element: {
      type: "checkboxes",
      action_id: FIELDS.icmp,
      options: [option],
      ...(checked ? { initial_options: [option] } : {}),
    },
  };
}

/** Changing it asks the bot, since what else there is to choose depends on it. */
function connectionInput(chosen: ConnectionId, connections: readonly ConnectionId[]): types.InputBlock {
  const options = connections.map(connectionOption);
  const initial = options.find(({ value }) => value === chosen);
  return {
    type: "input",
    block_id: FIELDS.connection,
    dispatch_action: true,
    label: plain(say.CONNECTION_LABEL, 2_000),
    element: {
      type: "static_select",
      action_id: FIELDS.connection,
      options,
      ...(initial ? { initial_option: initial } : {}),
    },
  };
}

function connectionOption(id: ConnectionId): types.PlainTextOption {
  const { name, when } = CONNECTION_WORDS[id];
  return { text: plain(name, OPTION_TEXT_MAX), description: plain(when, OPTION_TEXT_MAX), value: id };
}

/** Block id of the size: each connection type has sizes of its own. */
export function sizeId(connection: ConnectionId): string {
  return `${FIELDS.size}:${connection}`;
}

/** None where the cloud leaves no choice. */
function sizeInputs({ connection, pair, values }: Draft): types.InputBlock[] {
  const { initiator, acceptor } = pair;
  const oneRegion = initiator !== null && acceptor !== null && isOneRegion({ initiator, acceptor });
  const sizes = CONNECTION_TYPES[connection].sizes(oneRegion);
  if (sizes.length === 0) return [];
  const option = (size: string): types.PlainTextOption => ({
    text: plain(CONNECTION_WORDS[connection].size(size), OPTION_TEXT_MAX),
    value: size,
  });
  return [
    {
      type: "input",
      block_id: sizeId(connection),
      label: plain(say.SIZE_LABEL, 2_000),
      element: {
        type: "static_select",
        action_id: sizeId(connection),
        options: sizes.map(option),
        initial_option: option(sizeFor(connection, oneRegion, values?.size)),
      },
    },
  ];
}

function reasonInput(reason: string | undefined): types.InputBlock {
  return {
    type: "input",
    block_id: FIELDS.reason,
    label: plain(say.REASON_LABEL, 2_000),
    element: {
      type: "plain_text_input",
      action_id: FIELDS.reason,
      multiline: true,
      max_length: REASON_LENGTH_MAX,
      placeholder: plain(say.REASON_PLACEHOLDER, 150),
      ...(reason ? { initial_value: reason } : {}),
    },
  };
}

export function instanceOption({ id, name, privateIp }: Instance): types.PlainTextOption {
  return {
    text: plain(`${name || id} · ${privateIp}`, OPTION_TEXT_MAX),
    description: plain(id, OPTION_TEXT_MAX),
    value: id,
  };
}

export function groupOption({ id, name, type }: SecurityGroup): types.PlainTextOption {
  const kind = type === "enterprise" ? " · enterprise" : "";
  return { text: plain(`${name || id}${kind}`, OPTION_TEXT_MAX), description: plain(id, OPTION_TEXT_MAX), value: id };
}

export function vSwitchOption({ id, name, cidr, zoneId }: VSwitch): types.PlainTextOption {
  return {
    text: plain(`${name || id} · ${cidr}`, OPTION_TEXT_MAX),
    description: plain(`${id} · ${zoneId}`, OPTION_TEXT_MAX),
    value: id,
  };
}

function nameOf({ vpc, vpcId }: SideFacts): string {
  return vpc?.name || vpcId;
}
