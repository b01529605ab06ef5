import type { TestTries } from "../../machines/network/test-output.ts";
import { PAYLOADS, PING_COUNT } from "./test-sizes.ts";

/** How long ping waits for the reply to its last request, s. */
const REPLY_WAIT_S = 2;

/** How long a TCP connection may take, s: time for three requests, which go out after 0, 1 and 3 s. */
const CONNECT_WAIT_S = 5;

/**
 * The test in the shell language that bash, dash and BusyBox have in common. The values are taken as they are; `testScript`
 * has looked at them. English whatever the instance's language.
 *
 * Everything runs beside the ping, so that it takes as long as that: ten seconds, twelve when nothing answers.
 *
 * A connection is tried by bash, which opens `/dev/tcp/…` by itself, else by nc; neither sends a byte. Refusal is told from
 * silence by what they say, since their exit codes are the same. BusyBox's ping knows no `-M`, so there no packet size is
 * found.
 */
export function linuxScript(target: string, { ping, ports }: TestTries): string {
  const beside = [...(ping ? ["packet"] : []), ...ports.map((port) => `tcp ${port}`)];
  return `exec 2>&1
export LC_ALL=C
tcp() {
  if command -v bash >/dev/null; then
    said=$(timeout ${CONNECT_WAIT_S} bash -c ": </dev/tcp/${target}/$1" 2>&1)
  else
    said=$(nc -v -v -z -w ${CONNECT_WAIT_S} ${target} $1 2>&1)
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
  ${packetSizes(target)}
  fi
}
${ping ? `ping -c ${PING_COUNT} -W ${REPLY_WAIT_S} ${target} &\n` : ""}found=$(${beside.map((one) => `${one} & `).join("")}wait)
wait
echo peer-vpcs-test $found
`;
}

/** The first that comes through whole, from the largest down. */
function packetSizes(target: string): string {
  return PAYLOADS.map(
    (payload) => `if ping -M do -c 3 -i 0.2 -W 1 -s ${payload} ${target} >/dev/null; then
    echo payload=${payload}`,
  ).join("\n  el");
}
