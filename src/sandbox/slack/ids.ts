import { createHash } from "node:crypto";

/** Makes the ids that a workspace hands out: the same order of asking gives the same ids. */
export interface Ids {
  /** `V0000000001`-like: the letter, zeros, a count in base 36. */
  readonly next: (letter: "V" | "F" | "D" | "Ev" | "E") => string;
  /** `1700000000123.1.5f2c…`, as trigger ids look. */
  readonly trigger: (now: number) => string;
  /** `1700000000.9f3a2b1c`, as a view's hash looks. */
  readonly viewHash: (now: number) => string;
  /** Letters and digits that nobody can guess from the outside of a test. */
  readonly secret: () => string;
}

const ID_DIGITS = 10;

export function createIds(seed = "sandbox"): Ids {
  let count = 0;
  const digest = (): string => {
    count += 1;
    return createHash("sha256").update(`${seed}/${count}`).digest("hex");
  };
  const counts = new Map<string, number>();
  return {
    next(letter) {
      const number = (counts.get(letter) ?? 0) + 1;
      counts.set(letter, number);
      return letter + number.toString(36).toUpperCase().padStart(ID_DIGITS, "0");
    },
    trigger: (now) => `${now}.${count + 1}.${digest().slice(0, 32)}`,
    viewHash: (now) => `${Math.floor(now / 1_000)}.${digest().slice(0, 8)}`,
    secret: () => digest().slice(0, 24),
  };
}
