/**
 * The command line: `start` runs the bot, `sandbox` and `demo` run it against a local Slack and a simulated Alibaba Cloud.
 */
import packageJson from "../package.json" with { type: "json" };
import { demo } from "./sandbox/demo/demo.ts";
import { sandbox } from "./sandbox/sandbox.ts";
import { start } from "./start.ts";

const USAGE = `Usage: npm start | npm run demo | npm run sandbox`;

process.exitCode = await run(process.argv[2] ?? "", process.argv.slice(3));

async function run(command: string, words: readonly string[]): Promise<number> {
  switch (command) {
    case "start":
      return start(environment(), packageJson.version);
    case "demo":
      return demo(words);
    case "sandbox":
      return sandbox(words);
    default:
      process.stderr.write(`${USAGE}\n`);
      return 2;
  }
}

/** Settings may stand in a file `.env` beside package.json; what the environment says goes first. */
function environment(): NodeJS.ProcessEnv {
  try {
    process.loadEnvFile();
  } catch {
    // There is none, which is fine.
  }
  return process.env;
}
