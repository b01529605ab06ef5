/**
 * The cloud refuses what only a person can mend: the card says what stands, what was refused and who can mend it, and
 * both ways on lead to an end.
 */
import { describe, expect, onTestFinished, test } from "vitest";
import type { ConnectionId } from "../../machines/network/request.ts";
import {
  askFor,
  buttonsOf,
  cardSays,
  cloudState,
  expectBuilt,
  expectEveryWriteApproved,
  expectNothingLeft,
  newNetwork,
  newPair,
  peeringAt,
  press,
  readsThat,
  sharedFastWorld,
  type Pair,
} from "./stories.ts";
import { approve, type World } from "./world.ts";
import type { SeenMessage } from "../../src/sandbox/slack/reading/seen-message.ts";

interface Refusal {
  readonly what: string;
  /** Router interfaces when left out. */
  readonly connection?: ConnectionId;
  readonly action: string;
  readonly regionId?: string;
  readonly times?: number;
  readonly fault: { readonly code: string; readonly status: number; readonly message: string };
  /** What the card makes of it, when it is not a refusal by the cloud alone. */
  readonly says?: string;
  readonly cure: string;
  readonly now: string;
}

const REFUSALS: readonly Refusal[] = [
  {
    what: "the RAM policy does not allow it",
    action: "CreateRouterInterface",
    times: 2,
    fault: { code: "Forbidden.RAM", status: 403, message: "User not authorized to operate on the specified resource." },
    cure: "The operator must allow CreateRouterInterface in the bot's RAM policy",
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
  {
    what: "the RAM policy knows no peering connections",
    connection: "vpc-peer",
    action: "CreateVpcPeerConnection",
    fault: { code: "Forbidden.RAM", status: 403, message: "User not authorized to operate on the specified resource." },
    cure: "The operator must allow CreateVpcPeerConnection in the bot's RAM policy",
    now: "nothing was built; nothing is billed",
  },
  {
    what: "the VPC has all the peering connections that it may have",
    connection: "vpc-peer",
    action: "CreateVpcPeerConnection",
    fault: {
      code: "QuotaExceeded.CrossRegionVpcPeerCountPerVpc",
      status: 400,
      message: "The quota of vpcPeer is exceeded, usage 20/20.",
    },
    cure: "The operator can raise the quota or free a place",
    now: "nothing was built; nothing is billed",
  },
  {
    what: "the region has all the peering connections that the account may have there",
    connection: "vpc-peer",
    action: "CreateVpcPeerConnection",
    fault: {
      code: "QuotaExceeded.VpcPeerCountPerUserPerRegion",
      status: 400,
      message: "The quota of vpcPeer is exceeded, usage 20/20.",
    },
    cure: "The operator can raise the quota or free a place",
    now: "nothing was built; nothing is billed",
  },
  {
    what: "router interfaces join the two where nobody could see them",
    connection: "vpc-peer",
    action: "CreateVpcPeerConnection",
    fault: {
      code: "ResourceAlreadyExist.RouterInterface",
      status: 400,
      message: "The specified resource of RouterInterface already exists.",
    },
    says: "Something of others is in the way",
    cure: "Its owner must decide: free it and retry the step, or roll back",
    now: "nothing was built; nothing is billed",
  },
  {
    what: "the route table is full beside a peering connection",
    connection: "vpc-peer",
    action: "CreateRouteEntry",
    regionId: "cn-beijing",
    fault: {
      code: "QuotaExceeded",
      status: 400,
      message: "The number of route entries in the table exceeds the quota.",
    },
    cure: "The operator can raise the quota or free a place",
    now: "1 peering connection, 1 route entry and 0 rules exist; the VPCs are connected",
  },
];

const NOT_SOLD = {
  code: "OperationDenied.VpcToVpcNotSold",
  status: 400,
  message: "VPC-to-VPC router interfaces are no longer available for purchase.",
};

/** What bills traffic between regions, and one that goes there. */
const PAID_SERVICES = [
  {
    what: "Cloud Data Transfer",
    service: "cdt",
    code: "OperationFailed.CdtNotOpened",
    to: "cn-beijing",
  },
  {
    what: "Cloud Data Transfer across the border",
    service: "crossBorderCdt",
    code: "OperationFailed.CrossBorderCdtNotOpened",
    to: "ap-southeast-1",
  },
] as const;
type PaidService = (typeof PAID_SERVICES)[number]["service"];

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

  test("router interfaces are not sold to this account: no retry is offered, and asked for again the other kind ends verified", async () => {
    const world = shared();
    const pair = await newPair(world);
    const before = await cloudState(world);

    const stopped = await stoppedBy(world, pair, {
      what: "router interfaces are not sold",
      action: "CreateRouterInterface",
      times: 2,
      fault: NOT_SOLD,
      says: "Alibaba Cloud does not sell router interfaces to this account",
      cure: "Roll back, then ask again with the kind of connection VPC peering connection",
      now: "nothing was built; nothing is billed",
    });
    expect(buttonsOf(stopped)).toEqual(["Roll back", "Review plan"]);
    await press(world, stopped, "Roll back");
    await cardSays(world, stopped, "Rolled back, nothing is left");
    await expectNothingLeft(world, before);

    const card = await askFor(world, pair, {}, "vpc-peer");
    await approve(world, card);
    await cardSays(world, card, "Verified");
    await expectBuilt(world, before, await peeringAt(world, card));
  });

  test.each(PAID_SERVICES)(
    "$what is not opened: the card names who must open it, and once it is open a retry ends verified",
    async ({ service, code, to }) => {
      const world = shared();
      const pair = await pairTo(world, to);
      const before = await cloudState(world);

      const stopped = await stoppedWithout(world, pair, service, code);
      await setOpened(world, { [service]: true });
      await press(world, stopped, /^Retry step/);

      await cardSays(world, stopped, "Verified");
      await expectBuilt(world, before, await peeringAt(world, stopped));
    },
  );

  test.each(PAID_SERVICES)(
    "$what is not opened: rolled back, everything is as it was and it stays unopened",
    async ({ service, code, to }) => {
      const world = shared();
      const pair = await pairTo(world, to);
      const before = await cloudState(world);

      const stopped = await stoppedWithout(world, pair, service, code);
      await press(world, stopped, "Roll back");

      await cardSays(world, stopped, "Rolled back, nothing is left");
      await expectNothingLeft(world, before);
      expect(await opened(world)).toMatchObject({ [service]: false });
    },
  );

  test("Cloud Data Transfer opens by itself with a peering connection between regions: the card says so, and nothing is opened before the approval", async () => {
    const world = shared();
    await setOpened(world, { cdt: false });
    onTestFinished(() => setOpened(world, { cdt: true }));
    const near = await askFor(world, await newPair(world, { regionId: "cn-qingdao" }), {}, "vpc-peer");
    const far = await askFor(world, await newPair(world), {}, "vpc-peer");

    expect(JSON.stringify(near.blocks)).not.toContain("Cloud Data Transfer");
    expect(JSON.stringify(far.blocks)).toContain("Creating it may open Cloud Data Transfer, a paid service");
    await approve(world, near);
    await cardSays(world, near, "Verified");
    expect(await opened(world)).toMatchObject({ cdt: false });
    await approve(world, far);
    await cardSays(world, far, "Verified");
    expect(await opened(world)).toMatchObject({ cdt: true });
  });

  test("every write of these stories had an approval", async () => {
    await expectEveryWriteApproved(shared());
  });
});

async function pairTo(world: World, regionId: string): Promise<Pair> {
  const initiator = await newNetwork(world, { regionId: "cn-qingdao" });
  return { initiator, acceptor: await newNetwork(world, { regionId }) };
}

/** Asks and approves while the service is neither opened nor opens by itself; it is as usual again when the test ends. */
async function stoppedWithout(world: World, pair: Pair, service: PaidService, code: string): Promise<SeenMessage> {
  const usual = await opened(world);
  await setOpened(world, { [service]: false });
  await world.cloud("facts", { name: "cdt-not-opened", answer: "refused" });
  onTestFinished(async () => {
    await setOpened(world, usual);
    await world.cloud("facts", { name: "cdt-not-opened", answer: "opens-it" });
  });
  const card = await askFor(world, pair, {}, "vpc-peer");
  await approve(world, card);
  const stopped = await cardSays(world, card, "Stopped at step 2 of 8: peering connection");
  const text = await readsThat(world, /Stopped at step/, card.ts);
  expect(text).toMatch(new RegExp(`Alibaba Cloud refused \\(${code}, request [\\w-]+\\): The operation failed`));
  expect(text).toContain(
    "The account's owner must open Cloud Data Transfer (CDT), which bills traffic between regions, then retry the step, or roll back.",
  );
  expect(text).toContain("Now nothing was built; nothing is billed");
  return stopped;
}

async function opened(world: World): Promise<Readonly<Record<PaidService, boolean>>> {
  const { openedServices } = (await world.cloud("state")) as {
    openedServices: Readonly<Record<PaidService, boolean>>;
  };
  return openedServices;
}

async function setOpened(world: World, services: Partial<Readonly<Record<PaidService, boolean>>>): Promise<void> {
  await world.cloud("edit", { kind: "openedServices", set: services });
}

/** Asks, approves, and reads on the stopped card what was refused, with the cloud's request id. */
async function stoppedBy(
  world: World,
  pair: Pair,
  { connection, says = "Alibaba Cloud refused", cure, now, what: _what, ...dial }: Refusal,
): Promise<SeenMessage> {
  const card = await askFor(world, pair, {}, connection);
  await world.cloud("dials", dial);
  await approve(world, card);
  const stopped = await cardSays(world, card, "Stopped at step");
  const { requestId } = (await world.journal()).findLast(({ fault }) => fault === dial.fault.code) ?? {
    requestId: "?",
  };
  const text = await readsThat(world, /Stopped at step/, card.ts);
  expect(text).toContain(`${says} (${dial.fault.code}, request`);
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
