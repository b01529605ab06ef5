import { randomBytes } from "node:crypto";
import type { Ids } from "./ports.ts";

/** Crockford's base 32: no I, L, O or U, so that an id can be read aloud. */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** 32⁸ ids: a million drafts have a chance of one in two of a single collision, which the store refuses. */
const LENGTH = 8;

export const randomIds: Ids = {
  draft: () => `d_${[...randomBytes(LENGTH)].map((byte) => ALPHABET[byte % ALPHABET.length]).join("")}`,
};
