/**
 * The request form and the views around it. Modal titles hold 24 characters, labels and hints are plain text.
 */
import type { Side } from "../../../../machines/network/side.ts";
import { code } from "../mrkdwn.ts";

export const TITLE = "Peer two VPCs";
export const SUBMIT = "Send request";
export const CANCEL = "Cancel";
export const CLOSE = "Close";

export const VPC_LABELS = { initiator: "From", acceptor: "To" } as const satisfies Record<Side, string>;
export const VPC_HINTS = {
  initiator: "Asks for the connection and pays for it. Type a name, id, address block, IP or region.",
  acceptor: "The VPC it should reach.",
} as const satisfies Record<Side, string>;
export const VPC_PLACEHOLDER = "Choose a VPC";

export const REASON_LABEL = "Why should they talk?";
export const REASON_PLACEHOLDER = "orders reads the ledger replica";
export const CONNECTION_LABEL = "Kind of connection";
export const SIZE_LABEL = "Bandwidth";
export const ICMP_LABEL = "Ping";
export const ICMP_OPTION = "Let ping through both ways, to prove that it works";

export function testInstanceLabel(vpc: string): string {
  return `Test with, in ${vpc}`;
}

export function securityGroupsLabel(vpc: string): string {
  return `Security groups to open, in ${vpc}`;
}

export function portsLabel(vpc: string): string {
  return `TCP ports to open in ${vpc}`;
}

export const PORTS_PLACEHOLDER = "5432, 8000-8010";

export function vSwitchesLabel(vpc: string): string {
  return `Only these vSwitches of ${vpc}`;
}

export const WHOLE_VPC = "The whole VPC";
export const NO_TEST_INSTANCE = "No test";
export const NO_GROUPS = "Leave the rules as they are";

export const READING = "Reading both networks…";

/** While a large network is read. */
export function readingNow({ done, total }: { readonly done: number; readonly total: number }): string {
  return `Reading both networks… ${done} of ${total} reads`;
}

export function checked(ok: number): string {
  return `${ok} checks are ok.`;
}

export const CANNOT = "These two cannot be peered as they are. What you change below is checked when you send it.";
export const TO_READ = "Worth reading before you send it:";
export const UNREADABLE = "The networks could not be read.";

export const CHECKING_TITLE = "Checking…";
export const CHECKING =
  "Reading both networks once more before it goes out. This takes a few seconds; you can close this, the request goes on.";
/** Sent before there was anything to look over. */
export const READING_FIRST =
  "Reading both networks first. Stay a moment: then you can look over what is proposed and send it.";
export const LOOK_OVER = "Both networks are read now. Look over what is proposed, then send it.";
export const FORM_TOO_OLD_TITLE = "This form is too old";
export const FORM_TOO_OLD = "It was opened more than a day ago, so nothing was sent. Open a new one with `/peer-vpcs`.";
export const SENDING_TITLE = "Sending…";
export const SENDING = "Sending it to the network leads. You can close this.";

export const SENT_TITLE = "Request sent";

export function sent(peeringId: string, channel: string): string {
  return `${code(peeringId)} waits for a decision in <#${channel}>. The card there shows how it goes, and the thread under it what happens.`;
}

export const NOT_SENT_TITLE = "Not sent";

/** For a message where the form is gone. */
export function notSent(why: string): string {
  return `Your peering request was not sent.\n${why}`;
}

export const REASON_TITLES = { reject: "Reject", acceptUntested: "Accept untested" } as const;
export const REASON_QUESTIONS = {
  reject: "Why? The person who asked reads this.",
  acceptUntested: "Why is it fine without a test? This goes on record.",
} as const;
export const REASON_SUBMITS = { reject: "Reject", acceptUntested: "Accept" } as const;
export const REASON_MISSING = "Write a few words.";

export const PLAN_TITLE = "The plan";

export function moreSteps(left: number): string {
  return `… and ${left} more of the same kinds than fit here.`;
}
