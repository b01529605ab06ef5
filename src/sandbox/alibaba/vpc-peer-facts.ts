import type { Fact } from "./facts.ts";

/** The unsure facts about VPC peering connections. */
export const VPC_PEER_FACTS = {
  "cdt-not-opened": {
    sentence: "What does CreateVpcPeerConnection do between two regions while Cloud Data Transfer is not opened?",
    section: "VPC peering connections: paid services",
    answers: ["opens-it", "refused"],
  },
  "cross-border-cdt-not-opened": {
    sentence:
      "What does CreateVpcPeerConnection do across the border while cross-border Cloud Data Transfer is not opened?",
    section: "VPC peering connections: paid services",
    answers: ["refused", "opens-it"],
  },
  "deleted-peering-connection": {
    sentence: "How is a VPC peering connection shown in the minute after it was deleted?",
    section: "VPC peering connections: statuses",
    answers: ["not-found", "Deleted"],
  },
  "interface-beside-peering-connection-code": {
    sentence:
      "Which code do CreateRouterInterface and ConnectRouterInterface give while a VPC peering connection joins the two VPCs?",
    section: "VPC peering connections: beside router interfaces",
    answers: ["ResourceAlreadyExist.VpcPeer", "Forbidden.OnlyOneConnection"],
  },
  "peering-connection-busy-code": {
    sentence: "Which code does CreateVpcPeerConnection give while another connection of the VPC is being created?",
    section: "VPC peering connections: one at a time",
    answers: ["OperationConflict", "TaskConflict", "IncorrectStatus.Vpc"],
  },
  "peering-connection-quota-code": {
    sentence: "Which code does CreateVpcPeerConnection give when a VPC has as many connections as it may?",
    section: "VPC peering connections: quotas",
    answers: ["QuotaExceeded.<Kind>VpcPeerCountPerVpc", "QuotaExceeded.VpcPeerCountPerVpc"],
  },
  "peering-connection-region": {
    sentence: "From which of its two regions is a VPC peering connection seen by a call that names a region?",
    section: "VPC peering connections: reading",
    answers: ["both-ends", "requester-only"],
  },
} as const satisfies Record<string, Fact>;
