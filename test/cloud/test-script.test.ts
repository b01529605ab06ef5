import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TRIED_PORTS_MAX } from "../../machines/network/rules.ts";
import { testScript } from "../../src/cloud/test-script.ts";

const TRIES = { ping: true, ports: [5432, 8000] };
const SYSTEMS = ["linux", "windows"] as const;

/** Addresses that no instance has, or that no test may go to: first and last of each block. */
const FORBIDDEN = [
  ["0.0.0.0", "0.255.255.255"],
  ["100.64.0.0", "100.100.100.200", "100.127.255.255"],
  ["127.0.0.1", "127.255.255.255"],
  ["169.254.0.1", "169.254.169.254"],
  ["224.0.0.1", "239.255.255.255"],
  ["240.0.0.1", "255.255.255.255"],
].flat();

/** What a shell, or a program that reads addresses its own way, would make something else of. */
const TRICKS = [
  "",
  " ",
  "10.0.0.1 ",
  " 10.0.0.1",
  "10.0.0.1\n",
  "10.0.0.1\nreboot",
  "10.0.0.1;reboot",
  "10.0.0.1&",
  "$(reboot)",
  "`reboot`",
  "{{ip}}",
  "-f",
  "--help",
  "10.0.0",
  "10.0.0.1.1",
  "10.0.0.256",
  "010.0.0.1",
  "10.0.0.01",
  "0x0a.0.0.1",
  "10.0.0.1/32",
  "::1",
  "::ffff:10.0.0.1",
  "localhost",
  "example.com",
  "1e1.0.0.1",
  "+10.0.0.1",
  "10.0.0.-1",
  "１０.0.0.1",
];

describe.each(SYSTEMS)("the test script for %s", (osType) => {
  const scriptTo = (address: string) => testScript(osType, address, TRIES);

  it.each(TRICKS)("takes no %j", (text) => {
    expect(() => scriptTo(text)).toThrow("which is no IPv4 address");
  });

  it.each(FORBIDDEN)("goes nowhere near %s", (address) => {
    expect(() => scriptTo(address)).toThrow("which is no instance's address");
  });

  it.each(["100.63.255.255", "100.128.0.1", "128.0.0.1", "223.255.255.255", "1.0.0.0", "192.168.1.11"])(
    "reaches %s, which is next to what is forbidden or far from it",
    (address) => {
      expect(scriptTo(address)).toContain(` ${address}`);
    },
  );

  it.each([0, -1, 65_536, 1.5, Number.NaN, Infinity, "22", "22;reboot"])("takes no port %j", (port) => {
    // What a stored plan might hold that somebody has tampered with.
    expect(() => testScript(osType, "10.0.0.1", { ping: true, ports: [port as number] })).toThrow("no TCP ports");
  });

  it("tries no more ports than may be tried", () => {
    const ports = Array.from({ length: TRIED_PORTS_MAX + 1 }, (_, at) => at + 1);
    expect(() => testScript(osType, "10.0.0.1", { ping: true, ports })).toThrow(`at most ${TRIED_PORTS_MAX}`);
    expect(testScript(osType, "10.0.0.1", { ping: true, ports: ports.slice(1) })).toContain("10.0.0.1");
  });

  it("is the same text whatever the address, which is the one given", () => {
    const text = fc.oneof(
      fc.ipV4(),
      fc.string({ unit: "binary" }),
      fc.ipV4().chain((ip) => fc.string().map((rest) => `${ip}${rest}`)),
      fc.string({ unit: fc.constantFrom(..."0123456789.;$ \n-x".split("")), maxLength: 20 }),
    );
    const fixed = scriptTo("192.0.2.1").split("192.0.2.1");
    fc.assert(
      fc.property(text, (candidate) => {
        let script: string;
        try {
          script = scriptTo(candidate);
        } catch {
          return;
        }
        expect(script).toBe(fixed.join(candidate));
        expect(candidate.split(".").map((part) => String(Number(part)))).toEqual(candidate.split("."));
      }),
      { seed: 20_260_822, numRuns: 5_000 },
    );
  });

  it("holds nothing that Cloud Assistant would fill in", () => {
    expect(scriptTo("10.0.0.1")).not.toContain("{{");
  });
});

it("reads as this on Linux", () => {
  expect(testScript("linux", "172.16.1.11", TRIES)).toMatchInlineSnapshot(`
    "exec 2>&1
    export LC_ALL=C
    tcp() {
      if command -v bash >/dev/null; then
        said=$(timeout 5 bash -c ": </dev/tcp/172.16.1.11/$1" 2>&1)
      else
        said=$(nc -v -v -z -w 5 172.16.1.11 $1 2>&1)
      fi
      case "$?:$said" in
        0:*) verdict=open ;;
        *"onnection refused"*) verdict=refused ;;
        124:* | 143:* | *"imed out"* | *"o route to host"* | *"nreachable"*) verdict=noAnswer ;;
        *) verdict=unmeasured ;;
      esac
      echo "TCP $1: $verdict. $said" >&2
      echo "tcp$1=$verdict"
    }
    packet() {
      if ping -M do -c 3 -i 0.2 -W 1 -s 1472 172.16.1.11 >/dev/null; then
        echo payload=1472
      elif ping -M do -c 3 -i 0.2 -W 1 -s 1464 172.16.1.11 >/dev/null; then
        echo payload=1464
      elif ping -M do -c 3 -i 0.2 -W 1 -s 1422 172.16.1.11 >/dev/null; then
        echo payload=1422
      elif ping -M do -c 3 -i 0.2 -W 1 -s 1372 172.16.1.11 >/dev/null; then
        echo payload=1372
      elif ping -M do -c 3 -i 0.2 -W 1 -s 1252 172.16.1.11 >/dev/null; then
        echo payload=1252
      fi
    }
    ping -c 10 -W 2 172.16.1.11 &
    found=$(packet & tcp 5432 & tcp 8000 & wait)
    wait
    echo peer-vpcs-test $found
    "
  `);
});

it("goes by the ports alone where ping is not let through", () => {
  expect(testScript("linux", "172.16.1.11", { ...TRIES, ping: false })).not.toContain("ping -c");
  expect(testScript("windows", "172.16.1.11", { ...TRIES, ping: false })).not.toContain("ping.exe");
});

it("reads as this on Windows", () => {
  expect(testScript("windows", "172.16.1.11", { ping: true, ports: [3389] })).toMatchInlineSnapshot(`
    "$found = 'peer-vpcs-test'
    $client3389 = New-Object System.Net.Sockets.TcpClient
    $try3389 = $client3389.ConnectAsync('172.16.1.11', 3389)
    ping.exe -n 10 -w 1000 172.16.1.11
    $verdict = 'unmeasured'
    if ($try3389) { $verdict = 'noAnswer' }
    if ($try3389.Status -eq 'RanToCompletion') { $verdict = 'open' }
    if ($try3389.Exception.InnerException.SocketErrorCode -eq 'ConnectionRefused') { $verdict = 'refused' }
    "TCP 3389: $verdict"
    $found += " tcp3389=$verdict"
    if ((ping.exe -f -n 2 -w 1000 -l 1472 172.16.1.11) -match 'TTL=') { $found += ' payload=1472' }
    elseif ((ping.exe -f -n 2 -w 1000 -l 1464 172.16.1.11) -match 'TTL=') { $found += ' payload=1464' }
    elseif ((ping.exe -f -n 2 -w 1000 -l 1422 172.16.1.11) -match 'TTL=') { $found += ' payload=1422' }
    elseif ((ping.exe -f -n 2 -w 1000 -l 1372 172.16.1.11) -match 'TTL=') { $found += ' payload=1372' }
    elseif ((ping.exe -f -n 2 -w 1000 -l 1252 172.16.1.11) -match 'TTL=') { $found += ' payload=1252' }
    $found
    "
  `);
});
