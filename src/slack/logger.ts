import { LogLevel, type Logger } from "@slack/bolt";
import type { Log } from "../ports.ts";

/**
 * Bolt's logger over ours. Bolt's own messages can hold payloads, so only warnings and errors pass, cut short.
 */
export function createBoltLogger(log: Log): Logger {
  return {
    debug: () => {},
    info: () => {},
    warn: (...parts: unknown[]) => log.warn("slack client warns", { message: short(parts) }),
    error: (...parts: unknown[]) => log.error("slack client complains", { message: short(parts) }),
    setLevel: () => {},
    getLevel: () => LogLevel.WARN,
    setName: () => {},
  };
}

const MESSAGE_LENGTH_MAX = 300;

function short(parts: readonly unknown[]): string {
  const texts = parts.map((part) => (part instanceof Error ? part.message : String(part)));
  return texts.join(" ").slice(0, MESSAGE_LENGTH_MAX);
}
