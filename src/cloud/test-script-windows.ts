import type { TestTries } from "../../machines/network/test-output.ts";
import { PAYLOADS, PING_COUNT } from "./test-sizes.ts";

/** How long to wait for each reply, ms. */
const REPLY_WAIT_MS = 1_000;

/** Without a ping to wait for, s: time for two requests and, when refused, for the three that Windows sends half a second apart. */
const CONNECT_WAIT_S = 5;

/**
 * The test in Windows PowerShell, from 3.0 on, a statement a line. The values are taken as they are; `testScript` has looked
 * at them.
 *
 * Connections are begun before the ping and looked at after it, so that all of it takes as long as the ping and, where packets
 * are not let through whole, a few seconds more. Of what ping prints only `TTL=` is read, which is in every reply and in
 * nothing else, whatever the language.
 */
export function windowsScript(target: string, { ping, ports }: TestTries): string {
  const begin = ports.flatMap((port) => [
    `$client${port} = New-Object System.Net.Sockets.TcpClient`,
    `$try${port} = $client${port}.ConnectAsync('${target}', ${port})`,
  ]);
  const wait = ping
    ? `ping.exe -n ${PING_COUNT} -w ${REPLY_WAIT_MS} ${target}`
    : `Start-Sleep -Seconds ${CONNECT_WAIT_S}`;
  const look = ports.flatMap((port) => [
    `$verdict = 'unmeasured'`,
    `if ($try${port}) { $verdict = 'noAnswer' }`,
    `if ($try${port}.Status -eq 'RanToCompletion') { $verdict = 'open' }`,
    `if ($try${port}.Exception.InnerException.SocketErrorCode -eq 'ConnectionRefused') { $verdict = 'refused' }`,
    `"TCP ${port}: $verdict"`,
    `$found += " tcp${port}=$verdict"`,
  ]);
  const packet = PAYLOADS.map(
    (payload, index) =>
      `${index === 0 ? "if" : "elseif"} ((ping.exe -f -n 2 -w ${REPLY_WAIT_MS} -l ${payload} ${target}) -match 'TTL=') { $found += ' payload=${payload}' }`,
  );
  return [`$found = 'peer-vpcs-test'`, ...begin, wait, ...look, ...(ping ? packet : []), "$found", ""].join("\n");
}
