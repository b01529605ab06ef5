/**
 * Tests a peering once more: a verified one by its own command, one that stopped at its test by retrying what failed.
 */
import type { Command, Request } from "../../../machines/peering/commands.ts";
import { currentRun, failedSteps, hasFailedTest, type Peering } from "../../../machines/peering/record.ts";
import { refusal } from "../texts/en/refusals.ts";
import { TEST_STARTED } from "../texts/en/runs.ts";
import type { InboundPorts } from "./handle.ts";
import type { InboundOf } from "./inbound.ts";
import { isPeeringId } from "./status.ts";

export async function testAgain(
  ports: InboundPorts,
  { by, cause, responseUrl }: InboundOf<"command">,
  peeringId: string,
): Promise<void> {
  const { store, door, directory, answers, clock } = ports;
  const stored = isPeeringId(peeringId) ? await store.peering(peeringId) : null;
  if (!stored) {
    await answers.whisper(responseUrl, { text: refusal({ reason: "unknownPeering", peeringId }, clock.now()) });
    return;
  }
  const { peering } = stored.snapshot;
  const actor = await directory.actor(by);
  for (const [index, asked] of commands(peering, { at: clock.now(), by }).entries()) {
    // Each has a cause of its own, so that a redelivery finds all of them done.
    const admitted = await door.command(peering.id, asked, actor, index === 0 ? cause : `${cause}/${index}`);
    if (admitted.kind === "refused") {
      await answers.whisper(responseUrl, { text: refusal(admitted.refusal, clock.now(), by) });
      return;
    }
  }
  await answers.whisper(responseUrl, { text: TEST_STARTED });
}

type Asked = Exclude<Command, Request>;

function commands(peering: Peering, who: Pick<Asked, "at" | "by">): readonly Asked[] {
  const run = currentRun(peering);
  if (!hasFailedTest(run) || run.kind === "test") return [{ ...who, type: "test" }];
  return failedSteps(run).map(({ id }) => ({ ...who, type: "retry", run: run.number, step: id }));
}
