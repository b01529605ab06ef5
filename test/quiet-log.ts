import type { Log } from "../src/ports.ts";

export const quietLog: Log = { debug() {}, info() {}, warn() {}, error() {} };
