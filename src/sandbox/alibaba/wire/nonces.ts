/** Nonces seen within the time in which their request would still be accepted. */
export interface Nonces {
  /** False when the nonce was used before; remembers it otherwise. */
  use(nonce: string, wireMs: number, skewMs: number): boolean;
  size(): number;
}

/** Past this many the oldest are forgotten, whatever their age. */
export const NONCES_MAX = 100_000;

/** A memory that forgets a nonce when its date has left the window on both sides. */
export function createNonces(): Nonces {
  const seenAt = new Map<string, number>();
  return {
    use(nonce, wireMs, skewMs) {
      // A Map lists in order of insertion, and wire time does not go back in practice: the oldest come first.
      for (const [old, at] of seenAt) {
        if (at > wireMs - 2 * skewMs && seenAt.size < NONCES_MAX) break;
        seenAt.delete(old);
      }
      if (seenAt.has(nonce)) return false;
      seenAt.set(nonce, wireMs);
      return true;
    },
    size: () => seenAt.size,
  };
}
