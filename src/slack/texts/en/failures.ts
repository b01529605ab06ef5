/**
 * What the world refused, and who can mend it.
 */
import type { Missing } from "../../../../machines/network/test-verdict.ts";
import { isMendable } from "../../../../machines/network/mend.ts";
import type { Finding } from "../../../../machines/network/reachability.ts";
import type { Failure } from "../../../../machines/peering/failure.ts";
import type { Run } from "../../../../machines/peering/record.ts";
import { code, escaped, listed } from "../mrkdwn.ts";
import { checkLine } from "./checks.ts";
import { findingText } from "./reach.ts";
import { CONNECTION_WORDS } from "./connections/words.ts";

/** What the world said, in one sentence. */
export function failureFact(failure: Failure): string {
  const { finding } = failure;
  const said = [failure.code && code(failure.code), failure.requestId && `request ${code(failure.requestId)}`]
    .filter(Boolean)
    .join(", ");
  const source = said ? ` (${said})` : "";
  const message = escaped(failure.message, 300);
  switch (failure.kind) {
    case "throttled":
      return `Alibaba Cloud asks to slow down${source}.`;
    case "busy":
      return `Another change is under way there${source}.`;
    case "notReady":
      return `The other interface does not show its settings yet${source}.`;
    case "unknownResult":
      return `No answer that can be trusted came back${source}.`;
    case "ownerMustAct":
    case "refused":
      return `Alibaba Cloud refused${source}: ${message}`;
    case "notSold":
      return `Alibaba Cloud does not sell router interfaces to this account${source}: ${message}`;
    case "conflict":
      return `Something of others is in the way${source}: ${message}`;
    case "changedByHand":
      return `Something of this peering was changed or removed by hand${source}: ${message}`;
    case "tokenMismatch":
      return `An earlier attempt was sent with other parameters${source}.`;
    case "waitedTooLong":
      return `It did not get there in time: ${message}.`;
    case "noReply":
      return `${noReply(failure.missing ?? { ping: true, ports: [] })}${finding ? ` ${findingText(finding)}` : ""}`;
    case "testCouldNotRun":
      if (failure.missing) return `${code(failure.message)} has nothing to try it with: ${untried(failure.missing)}.`;
      return `The test could not run on ${code(failure.message)}${source}.`;
    case "planStopped":
      if (finding) return `The network changed and the fix would no longer be enough. ${findingText(finding)}`;
      return `The network changed and the plan is no longer possible: ${(failure.checks ?? []).map((check) => checkLine(check)).join(" ")}`;
    case "readOnly":
      return "The bot is installed read-only and writes nothing.";
    case "internal":
      return "The bot made a mistake here; its log has the details.";
  }
}

function noReply({ ping, ports }: Missing): string {
  const silent = ports.length > 0 ? `${listed(ports.map((port) => `TCP ${port}`))} did not answer` : "";
  if (!ping) return `${silent}.`;
  return silent ? `No ping came back, and ${silent}.` : "No ping came back: every packet was lost.";
}

function untried({ ping, ports }: Missing): string {
  const missing = [...(ping ? ["no ping"] : []), ...(ports.length > 0 ? ["none of bash, nc and PowerShell 3"] : [])];
  return listed(missing);
}

/**
 * What mends it, and who can do that. A rollback has no way back, so there a retry is offered for everything; what was verified
 * is tested again and stands meanwhile.
 */
export function failureCure({ kind, code: cloudCode, api, missing, finding }: Failure, run: Run["kind"]): string {
  const retry = run === "test" ? "test again" : "retry the step";
  const orRollBack = run === "test" ? "" : ", or roll back";
  switch (kind) {
    case "throttled":
    case "busy":
    case "notReady":
    case "unknownResult":
    case "waitedTooLong":
      return `Look at Alibaba Cloud's status for this region, then ${retry}.`;
    case "ownerMustAct":
      return `${whoMustAct(cloudCode, api)}, then ${retry}${orRollBack}.`;
    case "refused":
      return `The operator can look the code up; when it is mended, ${retry}${orRollBack}.`;
    case "notSold":
      return `Roll back, then ask again with the kind of connection *${CONNECTION_WORDS["vpc-peer"].name}*, which every account can have (the operator offers it with \`CONNECTIONS\`).`;
    case "conflict":
      return "Its owner must decide: free it and retry the step, or roll back.";
    case "changedByHand":
      return "Restore it by hand and retry the step, or roll back.";
    case "tokenMismatch":
      return run === "rollback"
        ? "Retry the step: it goes out as a new request."
        : "A retry would get the same answer. Roll back and ask again.";
    case "noReply":
      return noReplyCure(finding, `test again${orRollBack}`);
    case "testCouldNotRun":
      if (missing) return `Its owner can install what is missing; then test again${orRollBack}.`;
      return `Start the instance, its Cloud Assistant agent or its tag, then test again${orRollBack}.`;
    case "planStopped":
      return "Mend what stands in the way and retry the step, or roll back and ask again.";
    case "readOnly":
      return `The operator can set \`MODE=operate\`; then ${retry}.`;
    case "internal":
      return `Tell the operator; ${retry}${orRollBack}.`;
  }
}

function noReplyCure(finding: Finding | undefined, testAgain: string): string {
  if (!finding || finding.verdict === "unknown")
    return `Look at the host firewalls, network ACLs and security groups on both ends, then ${testAgain}.`;
  if (finding.verdict === "allowed")
    return `Look at the firewall of the host that is tested and at its own routes, then ${testAgain}.`;
  return isMendable(finding)
    ? `Propose a fix: it waits for a decision of the network leads, as the peering did. Or mend it by hand and ${testAgain}.`
    : `When that is mended, ${testAgain}.`;
}

/** What helps when the networks could not be read; `again` is what to do then, such as `ask again`. */
export function readingCure({ kind, code: cloudCode, api }: Failure, again: string): string {
  if (kind === "ownerMustAct") return `${whoMustAct(cloudCode, api)}, then ${again}.`;
  if (kind === "refused") return `Ask the operator to look the code up, then ${again}.`;
  return `Wait a minute, then ${again}.`;
}

export const SEND_AGAIN = "send the form again; what you filled in is kept";

function whoMustAct(cloudCode: string, api: string): string {
  if (/quota/i.test(cloudCode)) return "The operator can raise the quota or free a place";
  if (/Bills|FinancialLocked/.test(cloudCode)) return "The account's owner must pay the open bill";
  if (/AccessKey|SecurityToken|Signature/.test(cloudCode))
    return "The operator must give the bot a valid access key and restart it";
  if (/Forbidden\.RAM|NoPermission/.test(cloudCode))
    return `The operator must allow ${code(api)} in the bot's RAM policy`;
  if (/OnlyOneConnection/.test(cloudCode)) return "Another connection joins these VPCs. Its owner must remove it";
  if (/CdtNotOpened/.test(cloudCode))
    return "The account's owner must open Cloud Data Transfer (CDT), which bills traffic between regions";
  if (/CROSS_?BID|CrossBorder/i.test(cloudCode))
    return "These regions are on two sides of the border: the account needs a compliance approval for that first";
  return "The account's owner must act";
}
