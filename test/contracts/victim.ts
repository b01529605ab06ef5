/**
 * A process to kill: tells the story, or holds a step job for good. Says on standard output what it has done, a word a
 * line. Arguments: `story <parts>` or `hold`, then the place of the store as JSON.
 */
import { systemClock } from "../../src/clock.ts";
import { openStore, type StorePlace } from "../../src/store/open.ts";
import { quietLog } from "../quiet-log.ts";
import { handlers } from "./handlers.ts";
import { tellStory } from "./story.ts";

const [what, ...rest] = process.argv.slice(2);
// The tests write these arguments.
const place = JSON.parse(rest.at(-1) ?? "") as StorePlace;
const opened = await openStore(place, { clock: systemClock, log: quietLog });
const say = (word: string): boolean => process.stdout.write(`${word}\n`);

if (what === "hold") {
  const run = async (): Promise<void> => {
    say("holding");
    await new Promise(() => {});
  };
  await opened.queue.start(handlers({ step: { run } }));
} else {
  await tellStory(opened, Number(rest[0]), (part, moment) => moment === "after" && say(String(part)));
}
say("open");
