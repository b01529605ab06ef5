/**
 * What the pings of the world print. The texts are written after the tools' own sources: iputils `ping_common.c`, BusyBox
 * `networking/ping.c`, inetutils `ping/ping.c` (read 2026-11-23); those of Windows as it prints them in each language.
 */
import { constantFrom, integer, property, string } from "fast-check";
import { describe, expect, test } from "vitest";
import { parsePing } from "../../machines/network/ping.ts";
import { holds } from "./seeded.ts";

const IPUTILS = `PING 172.16.1.10 (172.16.1.10) 56(84) bytes of data.
64 bytes from 172.16.1.10: icmp_seq=1 ttl=62 time=14.0 ms
64 bytes from 172.16.1.10: icmp_seq=2 ttl=62 time=11.9 ms

--- 172.16.1.10 ping statistics ---
10 packets transmitted, 10 received, 0% packet loss, time 9012ms
rtt min/avg/max/mdev = 11.901/12.405/14.027/0.611 ms
`;

const BUSYBOX = `PING 172.16.1.10 (172.16.1.10): 56 data bytes
64 bytes from 172.16.1.10: seq=0 ttl=62 time=11.904 ms

--- 172.16.1.10 ping statistics ---
10 packets transmitted, 10 packets received, 0% packet loss
round-trip min/avg/max = 11.904/12.411/14.020 ms
`;

const INETUTILS = `PING 172.16.1.10 (172.16.1.10): 56 data bytes
64 bytes from 172.16.1.10: icmp_seq=0 ttl=62 time=11.905 ms
--- 172.16.1.10 ping statistics ---
10 packets transmitted, 10 packets received, 0% packet loss
round-trip min/avg/max/stddev = 11.905/12.413/14.019/0.600 ms
`;

/** As it is shown, with lines that end in CR LF; the words are those of the Windows of each language. */
const windows = (text: string): string => text.replaceAll("\n", "\r\n");

const WINDOWS = {
  English: windows(`
Pinging 172.16.1.10 with 32 bytes of data:
Reply from 172.16.1.10: bytes=32 time=14ms TTL=126
Reply from 172.16.1.10: bytes=32 time=11ms TTL=126

Ping statistics for 172.16.1.10:
    Packets: Sent = 2, Received = 2, Lost = 0 (0% loss),
Approximate round trip times in milli-seconds:
    Minimum = 11ms, Maximum = 14ms, Average = 12ms
`),
  German: windows(`
Ping wird ausgeführt für 172.16.1.10 mit 32 Bytes Daten:
Antwort von 172.16.1.10: Bytes=32 Zeit=14ms TTL=126
Antwort von 172.16.1.10: Bytes=32 Zeit=11ms TTL=126

Ping-Statistik für 172.16.1.10:
    Pakete: Gesendet = 2, Empfangen = 2, Verloren = 0
    (0% Verlust),
Ca. Zeitangaben in Millisek.:
    Minimum = 11ms, Maximum = 14ms, Mittelwert = 12ms
`),
  Chinese: windows(`
正在 Ping 172.16.1.10 具有 32 字节的数据:
来自 172.16.1.10 的回复: 字节=32 时间=14ms TTL=126
来自 172.16.1.10 的回复: 字节=32 时间=11ms TTL=126

172.16.1.10 的 Ping 统计信息:
    数据包: 已发送 = 2，已接收 = 2，丢失 = 0 (0% 丢失)，
往返行程的估计时间(以毫秒为单位):
    最短 = 11ms，最长 = 14ms，平均 = 12ms
`),
  French: windows(`
Envoi d’une requête 'Ping'  172.16.1.10 avec 32 octets de données :
Réponse de 172.16.1.10 : octets=32 temps=14 ms TTL=126
Réponse de 172.16.1.10 : octets=32 temps=11 ms TTL=126

Statistiques Ping pour 172.16.1.10:
    Paquets : envoyés = 2, reçus = 2, perdus = 0 (perte 0%),
Durée approximative des boucles en millisecondes :
    Minimum = 11ms, Maximum = 14ms, Moyenne = 12ms
`),
  Russian: windows(`
Обмен пакетами с 172.16.1.10 по с 32 байтами данных:
Ответ от 172.16.1.10: число байт=32 время=14мс TTL=126
Ответ от 172.16.1.10: число байт=32 время=11мс TTL=126

Статистика Ping для 172.16.1.10:
    Пакетов: отправлено = 2, получено = 2, потеряно = 0
    (0% потерь)
Приблизительное время приема-передачи в мс:
    Минимальное = 11мсек, Максимальное = 14 мсек, Среднее = 12 мсек
`),
} as const;

describe("a ping that came through", () => {
  test.each([
    ["iputils", IPUTILS, { min: 11.901, avg: 12.405, max: 14.027 }],
    ["BusyBox", BUSYBOX, { min: 11.904, avg: 12.411, max: 14.02 }],
    ["inetutils", INETUTILS, { min: 11.905, avg: 12.413, max: 14.019 }],
  ])("of %s", (_, output, rttMs) => {
    expect(parsePing(output)).toEqual({ sent: 10, received: 10, lossPercent: 0, rttMs });
  });

  test("with lines that end as on Windows", () => {
    expect(parsePing(IPUTILS.replaceAll("\n", "\r\n"))).toEqual(parsePing(IPUTILS));
  });

  const onWindows = { sent: 2, received: 2, lossPercent: 0, rttMs: { min: 11, avg: 12, max: 14 } };

  test.each(Object.entries(WINDOWS))("of Windows in %s", (_, output) => {
    expect(parsePing(output)).toEqual(onWindows);
  });

  test("of Windows, in a code page that was read as another", () => {
    const garbled = WINDOWS.Chinese.replaceAll(/[^ -~\r\n]+/g, "\uFFFD\uFFFD");

    expect(parsePing(garbled)).toEqual(onWindows);
  });

  test("with a pipe behind the times", () => {
    const output = IPUTILS.replace("0.611 ms", "0.611 ms, pipe 3");

    expect(parsePing(output)).toEqual(parsePing(IPUTILS));
  });

  test("of a single packet", () => {
    const output = "1 packets transmitted, 1 received, 0% packet loss, time 0ms\nrtt min/avg/max/mdev = 1/1/1/0 ms\n";

    expect(parsePing(output)).toEqual({ sent: 1, received: 1, lossPercent: 0, rttMs: { min: 1, avg: 1, max: 1 } });
  });

  test("whose head the cloud cut off, because the summary is at the end", () => {
    expect(parsePing(IPUTILS.slice(IPUTILS.indexOf("statistics")))).toEqual(parsePing(IPUTILS));
  });
});

describe("a ping with trouble", () => {
  test.each([
    ["iputils", "10 packets transmitted, 10 received, +2 duplicates, 0% packet loss, time 9013ms"],
    ["BusyBox", "10 packets transmitted, 10 packets received, 2 duplicates, 0% packet loss"],
    ["inetutils", "10 packets transmitted, 10 packets received, +2 duplicates, 0% packet loss"],
  ])("duplicates of %s are not counted as replies", (_, summary) => {
    expect(parsePing(summary)).toMatchObject({ sent: 10, received: 10, lossPercent: 0 });
  });

  test("errors on the way are no replies", () => {
    const output = [
      "From 192.168.1.1 icmp_seq=1 Destination Host Unreachable",
      "From 192.168.1.1 icmp_seq=2 Destination Host Unreachable",
      "--- 172.16.1.10 ping statistics ---",
      "10 packets transmitted, 0 received, +2 errors, 100% packet loss, time 9203ms",
      "pipe 4",
    ].join("\n");

    expect(parsePing(output)).toEqual({ sent: 10, received: 0, lossPercent: 100, rttMs: null });
  });

  test("Windows counts what a router says as received; only lines with TTL= are replies", () => {
    const output = windows(`
Pinging 172.16.1.10 with 32 bytes of data:
Reply from 192.168.1.1: Destination host unreachable.
Request timed out.
Reply from 192.168.1.1: Destination host unreachable.

Ping statistics for 172.16.1.10:
    Packets: Sent = 3, Received = 2, Lost = 1 (33% loss),
`);

    expect(parsePing(output)).toEqual({ sent: 3, received: 0, lossPercent: 100, rttMs: null });
  });

  test("a Windows whose head was cut off has as many replies as are left, never more than it counted", () => {
    const cut = WINDOWS.English.slice(WINDOWS.English.indexOf("time=11ms"));
    const twice = WINDOWS.English.replaceAll("TTL=126", "TTL=126 TTL=126");

    expect(parsePing(cut)).toMatchObject({ sent: 2, received: 1, lossPercent: 50 });
    expect(parsePing(twice)).toMatchObject({ sent: 2, received: 2 });
  });

  test.each([
    ["10 packets transmitted, 7 received, 30% packet loss, time 9100ms", 30],
    ["10 packets transmitted, 7 received, +1 corrupted, +2 errors, 30% packet loss, time 9100ms", 30],
    ["3 packets transmitted, 2 received, 33.3333% packet loss, time 2003ms", 33],
    ["3 packets transmitted, 2 packets received, 33% packet loss", 33],
  ])("partial loss is a figure: %s", (summary, lossPercent) => {
    expect(parsePing(summary)).toMatchObject({ lossPercent });
  });

  test.each([
    "iputils: 10 packets transmitted, 0 received, 100% packet loss, time 9199ms",
    "10 packets transmitted, 0 packets received, 100% packet loss",
  ])("losing everything is a result without times: %s", (summary) => {
    expect(parsePing(summary)).toEqual({ sent: 10, received: 0, lossPercent: 100, rttMs: null });
  });
});

describe("no ping", () => {
  test.each([
    ["", "nothing"],
    ["sh: ping: not found", "ping is missing"],
    ["bash: line 1: exec: ping: not found", "ping is missing, as bash says it"],
    ["ping: socket: Operation not permitted", "no right to ping"],
    ["ping: permission denied (are you root?)", "BusyBox without root"],
    ["ping: orders.internal: Name or service not known", "no such host"],
    ["10 Pakete übertragen, 10 empfangen, 0% Paketverlust, Zeit 9012ms", "German"],
    ["已发送 10 个包， 已接收 10 个包, 0% packet loss, time 9012ms", "Chinese"],
    ["10 paquets transmis, 10 reçus, 0% packet loss, time 9012ms", "French"],
    ["    Packets: Sent = 2, Received = 2, Lo", "Windows, cut off within the summary"],
    ["Ping request could not find host ledger. Please check the name and try again.", "Windows, no such host"],
    [
      "PING 172.16.1.10 (172.16.1.10) 56(84) bytes of data.\n64 bytes from 172.16.1.10: icmp_seq=1 ttl=62",
      "ended before the summary",
    ],
    ["--- 172.16.1.10 ping statistics ---\n10 packets transmitted, 1", "cut off within the summary"],
    ["\u0000\u0007\uFFFD", "bytes that are no text"],
  ])("%j is none: %s", (output) => {
    expect(parsePing(output)).toBeNull();
  });
});

describe("hostile text", () => {
  test("a summary that something printed before ping's own does not count", () => {
    const output = `Welcome! 1 packets transmitted, 1 received\nrtt min/avg/max/mdev = 0.1/0.1/0.1/0.1 ms
--- 172.16.1.10 ping statistics ---
10 packets transmitted, 0 received, 100% packet loss, time 9199ms`;

    expect(parsePing(output)).toEqual({ sent: 10, received: 0, lossPercent: 100, rttMs: null });
  });

  test.each([
    "10 packets transmitted, 11 received",
    "0 packets transmitted, 10 received",
    "0 packets transmitted, 1 packets received",
  ])("more replies than questions are no figures: %s", (summary) => {
    expect(parsePing(summary)).toBeNull();
  });

  test("numbers too long for a number are no figures", () => {
    expect(parsePing(`${"9".repeat(400)} packets transmitted, 1 received`)).toBeNull();
    expect(parsePing(`1${"0".repeat(20)} packets transmitted, 0 received`)).toBeNull();
  });

  test("times of no reply are left out", () => {
    const figures = parsePing("10 packets transmitted, 0 received\nrtt min/avg/max/mdev = 0.0/0.0/0.0/0.0 ms");

    expect(figures).toEqual({ sent: 10, received: 0, lossPercent: 100, rttMs: null });
  });

  test("times that are no numbers are left out", () => {
    const figures = parsePing("10 packets transmitted, 10 received\nrtt min/avg/max/mdev = 1.2.3/./9 ms");

    expect(figures).toEqual({ sent: 10, received: 10, lossPercent: 0, rttMs: null });
  });

  test("a long text without a summary is read in no time", () => {
    const output = `${"1".repeat(24_000)} ${"packets transmitted, ".repeat(1_000)}`;

    expect(parsePing(output)).toBeNull();
  });

  test("whatever is printed, the figures are null or numbers that can be", () => {
    const numbers = constantFrom("0", "1", "9", "10", "11", "999999", "9".repeat(400), "-1", "1.5", "NaN", "1.2.3");
    const noise = string({
      unit: constantFrom(" ", "1", "/", ".", "=", "\n", "packets transmitted, ", "received"),
      maxLength: 4,
    });
    holds(
      property(numbers, numbers, numbers, noise, (sent, received, time, around) => {
        const output = `${around}${sent} packets transmitted, ${received} received${around}\nmin/avg/max = ${time}/${sent}/${received}${around}`;
        const figures = parsePing(output);

        if (figures === null) return;
        expect(figures.received).toBeLessThanOrEqual(figures.sent);
        expect(figures.lossPercent >= 0 && figures.lossPercent <= 100).toBe(true);
        expect(Object.values(figures.rttMs ?? {}).every(Number.isFinite)).toBe(true);
      }),
      1_000,
    );
  });

  test("the figures of a ping come through, whatever stands around them", () => {
    holds(
      property(integer({ min: 1, max: 9_999 }), integer({ min: 0, max: 9_999 }), string(), (sent, lost, around) => {
        const received = Math.max(0, sent - lost);

        expect(parsePing(`${around}\n${sent} packets transmitted, ${received} received\n${around}`)).toMatchObject({
          sent,
          received,
        });
      }),
    );
  });
});
