import { pino } from "pino";
import type { Log } from "./ports.ts";

/**
 * One JSON line per fact on standard output.
 *
 * Not by pino's own way out: when whoever reads it is gone, that one tries again for ever and the process never ends
 * (sonic-boom 4.2.1, `flushSync`).
 */
export function createLog(level: "debug" | "info" | "warn" | "error"): Log {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  const logger = pino(options, { write: (line) => void process.stdout.write(line) });
  return {
    debug: (message, fields = {}) => logger.debug(fields, message),
    info: (message, fields = {}) => logger.info(fields, message),
    warn: (message, fields = {}) => logger.warn(fields, message),
    error: (message, fields = {}) => logger.error(fields, message),
  };
}
