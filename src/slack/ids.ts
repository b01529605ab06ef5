/**
 * Every id that ties what we show in Slack to what comes back from it. A test holds manifest, renderers and listeners
 * to these.
 */

export const COMMAND = "/peer-vpcs";

export const SHORTCUTS = {
  newPeering: "peer_vpcs_new",
  statusFromMessage: "peer_vpcs_status_from_message",
} as const;

/** Buttons on the card. */
export const BUTTONS = {
  approve: "approve",
  reject: "reject",
  withdraw: "withdraw",
  reviewPlan: "review_plan",
  retry: "retry_step",
  rollBack: "roll_back",
  acceptUntested: "accept_untested",
  test: "test_again",
  proposeFix: "propose_fix",
  requestMissing: "request_missing",
} as const;

export type ButtonId = (typeof BUTTONS)[keyof typeof BUTTONS];

/** Views that can be submitted. */
export const VIEWS = {
  form: "request_form",
  reason: "reason",
} as const;

/** Inputs of the request form. Those that depend on the VPC carry its id behind the name: see `fieldId`. */
export const FIELDS = {
  vpc: "vpc",
  vSwitches: "vswitches",
  securityGroups: "security_groups",
  ports: "ports",
  testInstance: "test_instance",
  connection: "connection",
  size: "size",
  icmp: "icmp",
  reason: "reason",
} as const;

export type FieldName = (typeof FIELDS)[keyof typeof FIELDS];
