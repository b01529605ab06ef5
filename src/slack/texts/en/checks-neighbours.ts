/**
 * What the checks of everything around the two VPCs say: other connections, CENs, quotas, and who looks after them.
 */
import { code, escaped } from "../mrkdwn.ts";
import type { Lines } from "./checks.ts";
import { some } from "./checks-vpcs.ts";
import { CONNECTION_WORDS } from "./connections/words.ts";

export const NEIGHBOUR_LINES: Lines<
  | "noExistingPair"
  | "fewConnections"
  | "notTerraformManaged"
  | "moreThanOneService"
  | "outsideCen"
  | "connectionRoom"
  | "noOverdueInterface"
> = {
  noExistingPair: ({ existing }) =>
    existing === null
      ? "Nothing joins these VPCs yet."
      : `${code(existing.id)} already joins these VPCs (${escaped(existing.status)}); a pair of VPCs can have one. Use it, or have its owner remove it first.`,

  fewConnections: ({ level, vpcId, others }) =>
    level === "ok"
      ? `${code(vpcId)} has few connections.`
      : `${code(vpcId)} is connected to ${others} other VPCs, and none of them passes traffic on. Consider CEN, where one attachment reaches all.`,

  notTerraformManaged({ resources: [resource], total }) {
    if (!resource) return "No tag says that Terraform manages this.";
    const more = total > 1 ? ` and ${total - 1} more` : "";
    return `Terraform seems to manage ${code(resource.id)} (${code(resource.tag)})${more}. Tell its owner: what this adds to route tables and groups must be taken over there, or Terraform may remove it.`;
  },

  moreThanOneService: ({ port }) =>
    `All that opens is TCP ${port} on one side. PrivateLink would offer that service without joining the networks.`,

  outsideCen({ level, vpcId, cenIds }) {
    if (cenIds === null) return `Whether ${code(vpcId)} is in a CEN could not be read. Look before deciding.`;
    if (level === "ok") return `${code(vpcId)} is in no CEN.`;
    return level === "stop"
      ? `${code(vpcId)} is in ${some(cenIds)}, and a VPC in a CEN takes no router interfaces. Choose a VPC peering connection, or join the other VPC to the CEN.`
      : `${code(vpcId)} is in ${some(cenIds)}, which brings route entries of its own. Ask its owner whether the other VPC should join it instead.`;
  },

  connectionRoom({ level, connection, vpcId, existing, max }) {
    const has = `${code(vpcId)} has ${existing} of ${max} (${CONNECTION_WORDS[connection].name})`;
    if (level === "ok") return `${has}.`;
    return level === "warn"
      ? `${has}; this is the last one. Raise the quota before the next.`
      : `${has}. Remove one or raise the quota, and tell the operator where it is more.`;
  },

  noOverdueInterface: ({ overdue: [first] }) =>
    first
      ? `${code(first.id)} is ${escaped(first.businessStatus)}, and no new interface is sold as long as a bill is open. Ask who pays.`
      : "No router interface is overdue.",
};
