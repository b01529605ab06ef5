import { ruleContent, type RuleContent } from "../build.ts";
import { parseCidr } from "../cidr.ts";
import { invalid, type Parameters, records, text } from "../parameters.ts";
import { refuse } from "../refusal.ts";

/** Rules in one call. */
const PERMISSIONS_MAX = 100;

const PROTOCOLS: ReadonlyArray<RuleContent["ipProtocol"]> = ["TCP", "UDP", "ICMP", "ICMPV6", "GRE", "ALL"];

/** Top-level parameters that say what the older form's one rule is; any of them is that form. */
const OLD_FORM = ["IpProtocol", "PortRange", "SourceCidrIp", "DestCidrIp", "SourceGroupId", "DestGroupId"];

/**
 * The rules that a call names, as `Permissions.N` or in the older form with one rule in top-level parameters.
 *
 * https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-authorizesecuritygroup (read 2026-08-22)
 */
export function readPermissions(
  parameters: Parameters,
  direction: RuleContent["direction"],
): ReadonlyArray<RuleContent> {
  const permissions = records(parameters, "Permissions");
  const isOldForm = OLD_FORM.some((name) => text(parameters, name) !== undefined);
  if (permissions.length > 0 && isOldForm) refuseConflict();
  if (permissions.length > PERMISSIONS_MAX) refuse(invalid("Permissions"));
  if (permissions.length > 0) return permissions.map((permission) => readRule(permission, direction));
  if (isOldForm) return [readRule(parameters, direction)];
  refuse({ status: 400, code: "MissingParameter", message: "Permissions is mandatory for this action." });
}

/** The refusal of a call that says the same thing in two ways. The code is spelt like this in the API. */
export function refuseConflict(): never {
  const message = "The specified parameters are conflicted.";
  refuse({ status: 403, code: "InvalidParamter.Conflict", message });
}

function readRule(given: Parameters, direction: RuleContent["direction"]): RuleContent {
  const nicType = text(given, "NicType") ?? "intranet";
  if (nicType !== "intranet") {
    const message = "The specified NicType is not supported in a VPC.";
    refuse({ status: 400, code: "InvalidNicType.ValueNotSupported", message });
  }
  const ipProtocol = readProtocol(given);
  const content = ruleContent({
    direction,
    policy: readPolicy(given),
    priority: readPriority(given),
    ipProtocol,
    portRange: readPortRange(given, ipProtocol),
    sourcePortRange: text(given, "SourcePortRange") ?? "",
    description: text(given, "Description") ?? "",
    sourceCidrIp: readCidr(given, "SourceCidrIp"),
    destCidrIp: readCidr(given, "DestCidrIp"),
    ipv6SourceCidrIp: text(given, "Ipv6SourceCidrIp") ?? "",
    ipv6DestCidrIp: text(given, "Ipv6DestCidrIp") ?? "",
  });
  return { ...content, ...readPeer(given, content) };
}

/** Who is at the other end; a CIDR block wins over a group, and one of them must be given. */
function readPeer(given: Parameters, content: RuleContent): Partial<RuleContent> {
  const isIngress = content.direction === "ingress";
  const block = isIngress
    ? content.sourceCidrIp + content.ipv6SourceCidrIp
    : content.destCidrIp + content.ipv6DestCidrIp;
  if (block !== "") return {};
  const group = text(given, isIngress ? "SourceGroupId" : "DestGroupId");
  if (group !== undefined) return isIngress ? { sourceGroupId: group } : { destGroupId: group };
  const list = text(given, isIngress ? "SourcePrefixListId" : "DestPrefixListId");
  if (list !== undefined) return isIngress ? { sourcePrefixListId: list } : { destPrefixListId: list };
  const code = isIngress ? "MissingParameter.Source" : "MissingParameter.Dest";
  refuse({ status: 400, code, message: "One of the parameters for the other end of the rule must be specified." });
}

function readPolicy(given: Parameters): RuleContent["policy"] {
  const policy = (text(given, "Policy") ?? "accept").toLowerCase();
  if (policy === "accept" || policy === "drop") return policy;
  refuse({ status: 400, code: "InvalidPolicy.Malformed", message: "The specified parameter Policy is not valid." });
}

function readPriority(given: Parameters): number {
  const priority = Number(text(given, "Priority") ?? "1");
  if (Number.isInteger(priority) && priority >= 1 && priority <= 100) return priority;
  const message = "The specified parameter Priority is not valid.";
  refuse({ status: 400, code: "InvalidPriority.ValueNotSupported", message });
}

function readProtocol(given: Parameters): RuleContent["ipProtocol"] {
  const name = text(given, "IpProtocol")?.toUpperCase();
  const protocol = PROTOCOLS.find((known) => known === name);
  if (protocol !== undefined) return protocol;
  const message = "The specified parameter IpProtocol is not supported.";
  refuse({ status: 400, code: "InvalidIpProtocol.ValueNotSupported", message });
}

function readPortRange(given: Parameters, ipProtocol: RuleContent["ipProtocol"]): string {
  const range = text(given, "PortRange") ?? "";
  const hasPorts = ipProtocol === "TCP" || ipProtocol === "UDP";
  const [, low = "", high = ""] = /^(\d{1,5})\/(\d{1,5})$/.exec(range) ?? [];
  const isRange = low !== "" && Number(low) >= 1 && Number(low) <= Number(high) && Number(high) <= 65_535;
  if (hasPorts ? isRange : range === "-1/-1") return range;
  const message = "The specified parameter PortRange is not valid for the protocol.";
  refuse({ status: 400, code: "InvalidPortRange.Malformed", message });
}

function readCidr(given: Parameters, name: "SourceCidrIp" | "DestCidrIp"): string {
  const value = text(given, name) ?? "";
  if (value === "" || parseCidr(value) !== undefined) return value;
  refuse({ status: 400, code: `Invalid${name}.Malformed`, message: `The specified parameter ${name} is not valid.` });
}
