/**
 * What the checks of the connectivity test say.
 */
import type { TestInstanceProblem } from "../../../../machines/network/checks.ts";
import { code } from "../mrkdwn.ts";
import type { Lines } from "./checks.ts";
import { some } from "./checks-vpcs.ts";

export const TEST_LINES: Lines<"testInstanceFits" | "testGetsThrough"> = {
  testInstanceFits: ({ problem, instanceId, side }, where) =>
    problem === null
      ? `${code(instanceId ?? "")} can run the test.`
      : testInstanceProblem(problem, instanceId, where(side)),

  testGetsThrough({ side, from, to, stopped }) {
    const path = `${code(from)} to ${code(to)}`;
    if (!stopped) return `The test gets from ${path}.`;
    const groups = some(stopped.securityGroupIds);
    if (!stopped.sure)
      return `Whether the test gets from ${path} cannot be seen: not all rules of ${groups} could be read. Look before deciding.`;
    const [who, does] = stopped.at === side ? [from, "out"] : [to, "in"];
    return `The test would not get from ${path}: ${groups} of ${code(who)} does not let it ${does}, and this request does not change that. Choose one of its groups, another instance, or none.`;
  },
};

function testInstanceProblem(problem: TestInstanceProblem, instanceId: string | null, where: string): string {
  const id = code(instanceId ?? "");
  switch (problem) {
    case "noneChosen":
      return `No instance to test with was chosen ${where}, so nothing can prove that it works.`;
    case "unknown":
      return `${id} is not in this VPC. Choose another instance.`;
    case "notRunning":
      return `${id} is not running. Start it, or choose another instance.`;
    case "notOptedIn":
      return `${id} has not opted in to tests. Its owner can tag it, or choose another instance.`;
    case "assistantOffline":
      return `Cloud Assistant is offline on ${id}. Start its agent, or choose another instance.`;
    case "outsideScope":
      return `${id} is outside the chosen vSwitches. Choose one inside them.`;
  }
}
