/**
 * The Linux script in real shells, with their real `timeout` and `/dev/tcp`: against a real port that takes connections and
 * one that refuses them. Only `ping` is a double, because it needs rights and a network that not every machine has.
 */
import { spawn } from "node:child_process";
import { chmod, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseTestOutput } from "../../machines/network/test-output.ts";
import { linuxScript } from "../../src/cloud/test-script-linux.ts";

/** `testScript` goes nowhere near it; what it leads to is real here. */
const HOST = "127.0.0.1";
const TIMEOUT_MS = 20_000;

const PINGED = `PING ${HOST} 56(84) bytes of data.
64 bytes from ${HOST}: icmp_seq=1 ttl=62 time=11.9 ms

--- ${HOST} ping statistics ---
10 packets transmitted, 10 received, 0% packet loss, time 9012ms
rtt min/avg/max/mdev = 11.9/12.4/14.0/0.6 ms`;
const FIGURES = { sent: 10, received: 10, lossPercent: 0, rttMs: { min: 11.9, avg: 12.4, max: 14 } };

/** Lets through what is not larger than 1422 bytes without headers. */
const PING = `#!/bin/sh
case "$*" in
  *"-M do"*) for size in 1472 1464; do case "$*" in *" -s $size "*) exit 1 ;; esac; done ;;
  *) cat <<'end'
${PINGED}
end
esac
`;
const BUSYBOX_PING = `#!/bin/sh
case "$*" in *-M*) echo "ping: unrecognized option: M" >&2; exit 1 ;; esac
echo "10 packets transmitted, 10 packets received, 0% packet loss"
echo "round-trip min/avg/max = 11.9/12.4/14.0 ms"
`;

let home: string;
let server: Server;
let open: number;
let refused: number;

beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), "test-script-"));
  server = createServer().listen(0, HOST);
  await new Promise((listening) => server.once("listening", listening));
  open = portOf(server);
  const closed = createServer().listen(0, HOST);
  await new Promise((listening) => closed.once("listening", listening));
  refused = portOf(closed);
  await new Promise((ended) => closed.close(ended));
});
afterAll(async () => {
  server.close();
  await rm(home, { recursive: true });
});

function portOf(listening: Server): number {
  // It listens on a port, not on a path.
  return (listening.address() as AddressInfo).port;
}

/** Runs it with just these programs on its PATH: texts become scripts, paths are linked. */
async function run(shell: string, script: string, programs: Readonly<Record<string, string>>): Promise<string> {
  const bin = await mkdtemp(path.join(home, "bin-"));
  const all = { timeout: "/usr/bin/timeout", cat: "/bin/cat", sleep: "/bin/sleep", ...programs };
  for (const [name, program] of Object.entries(all)) {
    const file = path.join(bin, name);
    if (program.startsWith("#!")) {
      await writeFile(file, program);
      await chmod(file, 0o755);
    } else await symlink(program, file);
  }
  const child = spawn(shell, ["-c", script], { env: { PATH: bin }, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => void (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => void (output += `[stderr] ${chunk.toString()}`));
  const code = await new Promise((ended) => child.once("close", ended));
  expect(code).toBe(0);
  return output;
}

describe.each(["/bin/sh", "/bin/bash"])("in %s", (shell) => {
  test("ping, an open port, a refused one and the path MTU are found beside each other", async () => {
    const script = linuxScript(HOST, { ping: true, ports: [open, refused] });

    const output = await run(shell, script, { bash: "/bin/bash", ping: PING });

    expect(parseTestOutput(output)).toEqual({
      ping: FIGURES,
      ports: expect.arrayContaining([
        { port: open, verdict: "open" },
        { port: refused, verdict: "refused" },
      ]),
      mtu: 1_450,
    });
    expect(output).not.toContain("[stderr]");
  });

  test(
    "a port that stays silent is given up in time",
    async () => {
      const silent = "#!/bin/sh\nexec sleep 60\n";
      const begunAt = performance.now();

      const output = await run(shell, linuxScript(HOST, { ping: false, ports: [9] }), { bash: silent });

      expect(parseTestOutput(output)).toEqual({ ping: null, ports: [{ port: 9, verdict: "noAnswer" }], mtu: null });
      expect(performance.now() - begunAt).toBeLessThan(TIMEOUT_MS);
    },
    TIMEOUT_MS,
  );

  test("where there is no bash nc is asked, as BusyBox has it", async () => {
    const nc = `#!/bin/sh
case "$*" in
  *" ${open}") echo "${HOST} (${HOST}:${open}) open" >&2 ;;
  *) echo "nc: ${HOST} (${HOST}:${refused}): Connection refused" >&2; exit 1 ;;
esac
`;
    const script = linuxScript(HOST, { ping: true, ports: [open, refused] });

    expect(parseTestOutput(await run(shell, script, { nc, ping: BUSYBOX_PING }))).toEqual({
      ping: FIGURES,
      ports: expect.arrayContaining([
        { port: open, verdict: "open" },
        { port: refused, verdict: "refused" },
      ]),
      mtu: null,
    });
  });

  test("a ping alone is all that is found where no packet size is", async () => {
    const output = await run(shell, linuxScript(HOST, { ping: true, ports: [] }), { ping: BUSYBOX_PING });

    expect(parseTestOutput(output)).toEqual({ ping: FIGURES, ports: [], mtu: null });
  });

  test("without anything to try it with it says so", async () => {
    const output = await run(shell, linuxScript(HOST, { ping: true, ports: [open] }), {});

    expect(parseTestOutput(output)).toEqual({ ping: null, ports: [{ port: open, verdict: "unmeasured" }], mtu: null });
  });
});
