/**
 * From the answers in the form to a request, and from what is wrong with it to the field where it can be mended.
 */
import { sizeFor } from "../../../machines/connections/sizes.ts";
import { CONNECTION_IDS } from "../../../machines/connections/types.ts";
import type { Check } from "../../../machines/network/checks.ts";
import { isOneRegion, type VpcId } from "../../../machines/network/facts.ts";
import {
  parsePorts,
  type ConnectionId,
  type PortRange,
  type RequestValues,
} from "../../../machines/network/request.ts";
import { PORT_RANGES_MAX } from "../../../machines/network/rules.ts";
import { SIDES, type Side } from "../../../machines/network/side.ts";
import type { Draft, DraftPair } from "../../ports.ts";
import { FIELDS, type FieldName } from "../ids.ts";
import { fieldId, sizeId } from "../render/form.ts";
import { checkLine, portsProblem } from "../texts/en/checks.ts";
import { plainly } from "../texts/mrkdwn.ts";
import { REASON_MISSING } from "../texts/en/form.ts";
import type { StateValues } from "./payloads.ts";

/** Messages by block id, as Slack shows them under their fields. */
export type FieldErrors = Readonly<Record<string, string>>;

/** `cn-qingdao/vpc-m5e…` on each side, or null. */
export function chosenPair(values: StateValues): DraftPair {
  return { initiator: vpcIn(values, "initiator"), acceptor: vpcIn(values, "acceptor") };
}

function vpcIn(values: StateValues, side: Side): DraftPair[Side] {
  const id = fieldId(FIELDS.vpc, side);
  const match = /^([a-z0-9-]+)\/(vpc-[a-z0-9]+)$/.exec(values[id]?.[id]?.selected_option?.value ?? "");
  return match ? { regionId: match[1] ?? "", vpcId: match[2] as VpcId } : null;
}

/** Null where the form does not ask, because there is only one. */
export function chosenConnection(values: StateValues): ConnectionId | null {
  return CONNECTION_IDS.find((known) => known === one(values, FIELDS.connection)) ?? null;
}

/** What was filled in, or what is wrong with it. `sides` is null while the form does not show the fields of the sides. */
export function filledIn(
  values: StateValues,
  pair: DraftPair,
  connection: ConnectionId,
): { readonly values: RequestValues } | { readonly errors: FieldErrors } {
  const errors: Record<string, string> = {};
  const [initiator, acceptor] = SIDES.map((side) => sideValues(values, side, pair[side]?.vpcId, errors));
  const reason = text(values, FIELDS.reason).trim();
  if (reason === "") errors[fieldId(FIELDS.reason)] = REASON_MISSING;
  if (Object.keys(errors).length > 0) return { errors };
  const oneRegion =
    pair.initiator !== null &&
    pair.acceptor !== null &&
    isOneRegion({ initiator: pair.initiator, acceptor: pair.acceptor });
  const sides = initiator && acceptor ? { initiator, acceptor } : null;
  return {
    values: {
      connection,
      size: sizeFor(connection, oneRegion, one(values, sizeId(connection))),
      // On, unless somebody saw the box and cleared it.
      icmp: !(FIELDS.icmp in values) || many(values, FIELDS.icmp).includes("icmp"),
      reason,
      sides,
    },
  };
}

/** While the form does not show the fields of the sides, what was filled in there before still holds for the same pair. */
export function withEarlier(values: RequestValues, pair: DraftPair, draft: Draft): RequestValues {
  const earlier = isSamePair(pair, draft.pair) ? draft.values : null;
  return values.sides || !earlier?.sides ? values : { ...values, icmp: earlier.icmp, sides: earlier.sides };
}

export function isSamePair(a: DraftPair, b: DraftPair): boolean {
  return SIDES.every((side) => a[side]?.vpcId === b[side]?.vpcId);
}

type SideValues = NonNullable<RequestValues["sides"]>[Side];

function sideValues(
  values: StateValues,
  side: Side,
  vpcId: string | undefined,
  errors: Record<string, string>,
): SideValues | null {
  const field = (name: FieldName) => fieldId(name, side, vpcId);
  if (!vpcId || !(field(FIELDS.securityGroups) in values)) return null;
  return {
    vSwitchIds: many(values, field(FIELDS.vSwitches)).filter((id) => id.startsWith("vsw-")) as SideValues["vSwitchIds"],
    securityGroupIds: many(values, field(FIELDS.securityGroups)).filter((id) =>
      id.startsWith("sg-"),
    ) as SideValues["securityGroupIds"],
    testInstanceId: instanceIn(one(values, field(FIELDS.testInstance))),
    ports: portsIn(text(values, field(FIELDS.ports)), field(FIELDS.ports), errors),
  };
}

function instanceIn(value: string): SideValues["testInstanceId"] {
  return /^i-[a-z0-9]+$/.test(value) ? (value as `i-${string}`) : null;
}

function portsIn(typed: string, field: string, errors: Record<string, string>): readonly PortRange[] {
  const parsed = parsePorts(typed, PORT_RANGES_MAX);
  if ("ports" in parsed) return parsed.ports;
  Object.assign(errors, { [field]: portsProblem(parsed.problem) });
  return [];
}

function one(values: StateValues, id: string): string {
  return values[id]?.[id]?.selected_option?.value ?? "";
}

function many(values: StateValues, id: string): readonly string[] {
  return values[id]?.[id]?.selected_options?.map(({ value }) => value) ?? [];
}

function text(values: StateValues, id: string): string {
  return values[id]?.[id]?.value ?? "";
}

/** Each stop at the field that mends it; plain text, because Slack shows no markup there. */
export function errorsOf(stopped: readonly Check[], pair: DraftPair): FieldErrors {
  const errors: Record<string, string> = {};
  for (const check of stopped) {
    const field = fieldOf(check, pair);
    const line = plainly(checkLine(check));
    errors[field] = field in errors ? `${errors[field]} ${line}` : line;
  }
  return errors;
}

/** Where each check is mended: a field of its side, or one that belongs to the pair. */
const FIELD_OF: { readonly [Name in Check["check"]]: FieldName } = {
  vpcsDistinct: FIELDS.vpc,
  vpcExists: FIELDS.vpc,
  vpcAvailable: FIELDS.vpc,
  sameAccount: FIELDS.vpc,
  borderCrossing: FIELDS.vpc,
  cidrsApart: FIELDS.vpc,
  publicRangesKnown: FIELDS.vpc,
  dockerBridgeApart: FIELDS.vpc,
  destinationAllowed: FIELDS.vpc,
  destinationFree: FIELDS.vpc,
  noLongerPrefix: FIELDS.vpc,
  trafficStays: FIELDS.vpc,
  podRangesApart: FIELDS.vpc,
  routeTableRoom: FIELDS.vpc,
  networkAclsLetThrough: FIELDS.vpc,
  noExistingPair: FIELDS.vpc,
  fewConnections: FIELDS.vpc,
  notTerraformManaged: FIELDS.vpc,
  moreThanOneService: FIELDS.vpc,
  ipv4Only: FIELDS.vpc,
  outsideCen: FIELDS.vpc,
  connectionRoom: FIELDS.vpc,
  noOverdueInterface: FIELDS.vpc,
  connectionOffered: FIELDS.vpc,
  sizeOffered: FIELDS.vpc,
  cdtMayOpen: FIELDS.vpc,
  planFits: FIELDS.vpc,
  permissions: FIELDS.vpc,
  vSwitchesFit: FIELDS.vSwitches,
  securityGroupsFit: FIELDS.securityGroups,
  noDropWins: FIELDS.securityGroups,
  outboundOpen: FIELDS.securityGroups,
  securityGroupRoom: FIELDS.securityGroups,
  testInstanceFits: FIELDS.testInstance,
  testGetsThrough: FIELDS.testInstance,
};

/** What no side has to itself is said at the second VPC. The input of a VPC is the only one that does not begin afresh with it. */
function fieldOf(check: Check, pair: DraftPair): string {
  const name = FIELD_OF[check.check];
  const side = sideOf(check);
  return name === FIELDS.vpc ? fieldId(name, side) : fieldId(name, side, pair[side]?.vpcId);
}

function sideOf(check: Check): Side {
  if (check.check === "testGetsThrough" && check.stopped) return check.stopped.at;
  return "side" in check ? check.side : "acceptor";
}
