/**
 * The command line: `start` runs the bot, `sandbox` and `demo` run it against a local Slack and a simulated Alibaba Cloud.
 */
import packageJson from "../package.json" with { type: "json" };
import { demo } from "./sandbox/demo/demo.ts";
import { sandbox } from "./sandbox/sandbox.ts";
import { start } from "./start.ts";

const USAGE = `Usage: npm start | npm run demo | npm run sandbox`;

// Whoever read the lines is gone: that ends nothing here.
process.stdout.on("error", () => {});

const [command = "", ...words] = process.argv.slice(2);
process.exitCode = await run(command, words);
// Everything of the bot is closed now; a connection that somebody else keeps open must not keep the process.
if (command === "start") process.exit();

async function run(wanted: string, options: readonly string[]): Promise<number> {
  switch (wanted) {
    case "start":
      return start(environment(), packageJson.version);
    case "demo":
      return demo(options);
    case "sandbox":
      return sandbox(options);
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
