/**
 * The cloud refuses what only a person can mend: the card says what stands, what was refused and who can mend it, and
 * both ways on lead to an end.
 */
import { describe, expect, test } from "vitest";
import {
  askFor,
  buttonsOf,
  cardSays,
  cloudState,
  expectBuilt,
  expectEveryWriteApproved,
  expectNothingLeft,
  newPair,
  peeringAt,
  press,
  readsThat,
  sharedFastWorld,
  type Pair,
} from "./stories.ts";
import { approve, type World } from "./world.ts";
import type { SeenMessage } from "../../src/sandbox/slack/reading/seen-message.ts";

const REFUSALS = [
  {
    what: "the RAM policy does not allow it",
    action: "CreateRouterInterface",
    times: 2,
    fault: { code: "Forbidden.RAM", status: 403, message: "User not authorized to operate on the specified resource." },
    cure: "The operator must allow CreateRouterInterface in the bot's RAM policy",
    now: "nothing was built; nothing is billed",
  },
  {
    what: "router interfaces between VPCs are no longer sold",
    action: "CreateRouterInterface",
    times: 2,
    fault: {
      code: "OperationDenied.VpcToVpcNotSold",
      status: 400,
      message: "VPC-to-VPC router interfaces are no longer available for purchase.",
    },
    cure: "The operator can look the code up",
    now: "nothing was built; nothing is billed",
  },
  {
    what: "a bill is open",
    action: "ConnectRouterInterface",
    fault: { code: "Forbidden.BillsOutstanding", status: 400, message: "The account has an outstanding bill." },
    cure: "The account's owner must pay the open bill",
    now: "2 router interfaces, 0 route entries and 0 rules exist; the interfaces are not connected",
  },
  {
    what: "another connection joins the two",
    action: "ConnectRouterInterface",
    fault: {
      code: "Forbidden.OnlyOneConnection",
      status: 400,
      message: "The Specified routers have a connection already",
    },
    cure: "Another connection joins these VPCs",
    now: "2 router interfaces, 0 route entries and 0 rules exist; the interfaces are not connected",
  },
  {
    what: "the route table is full",
    action: "CreateRouteEntry",
    regionId: "cn-beijing",
    fault: {
      code: "QuotaExceeded",
      status: 400,
      message: "The number of route entries in the table exceeds the quota.",
    },
    cure: "The operator can raise the quota or free a place",
    now: "2 router interfaces, 1 route entry and 0 rules exist; the interfaces are connected",
  },
  {
    what: "the access key is gone midway",
    action: "AuthorizeSecurityGroup",
    times: 2,
    fault: { code: "InvalidAccessKeyId.NotFound", status: 404, message: "Specified access key is not found." },
    cure: "The operator must give the bot a valid access key and restart it",
    now: "2 router interfaces, 2 route entries and 0 rules exist; the interfaces are connected",
  },
] as const;

describe("only a person can mend it", () => {
  const shared = sharedFastWorld();

  test.each(REFUSALS)("$what: the card says so, and once it is mended a retry ends verified", async (refusal) => {
    const world = shared();
    const pair = await newPair(world);
    const before = await cloudState(world);

    const stopped = await stoppedBy(world, pair, refusal);
    await retryEach(world, stopped);

    await cardSays(world, stopped, "Verified");
    await expectBuilt(world, before, await peeringAt(world, stopped));
  });

  test.each(REFUSALS)("$what: rolled back, everything is as it was", async (refusal) => {
    const world = shared();
    const pair = await newPair(world);
    const before = await cloudState(world);

    const stopped = await stoppedBy(world, pair, refusal);
    await press(world, stopped, "Roll back");

    await cardSays(world, stopped, "Rolled back, nothing is left");
    await expectNothingLeft(world, before);
  });

  test("every write of these stories had an approval", async () => {
    await expectEveryWriteApproved(shared());
  });
});

/** Asks, approves, and reads on the stopped card what was refused, with the cloud's request id. */
async function stoppedBy(
  world: World,
  pair: Pair,
  { cure, now, what: _what, ...dial }: (typeof REFUSALS)[number],
): Promise<SeenMessage> {
  const card = await askFor(world, pair);
  await world.cloud("dials", dial);
  await approve(world, card);
  const stopped = await cardSays(world, card, "Stopped at step");
  const { requestId } = (await world.journal()).findLast(({ fault }) => fault === dial.fault.code) ?? {
    requestId: "?",
  };
  const text = await readsThat(world, /Stopped at step/, card.ts);
  expect(text).toContain(`Alibaba Cloud refused (${dial.fault.code}, request`);
  expect(text).toContain(requestId);
  expect(text).toContain(dial.fault.message);
  expect(text).toContain(cure);
  expect(text).toContain(`Now ${now}`);
  return stopped;
}

/** Presses one Retry after the other: while one step is tried, the card offers nothing. */
async function retryEach(world: World, stopped: SeenMessage): Promise<void> {
  for (const label of buttonsOf(stopped).filter((text) => text.startsWith("Retry step"))) {
    const card = await cardSays(
      world,
      stopped,
      "Stopped at step",
      (shown) => buttonsOf(shown).find((text) => text.startsWith("Retry")) === label,
    );
    await press(world, card, label);
  }
}
