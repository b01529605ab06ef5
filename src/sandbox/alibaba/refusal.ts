/** What the API says no with: the HTTP status and the fields of its error body that say why. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  /** Fields beside Code and Message, for example AccessDeniedDetail. */
  readonly extra?: Readonly<Record<string, unknown>>;
}

/** Ends the operation at hand with a refusal; the core turns it into the API's error body. */
export function refuse(refusal: Refusal): never {
  throw Object.assign(new Error(`${refusal.code}: ${refusal.message}`), { refusal });
}

/** The refusal that `refuse` threw; undefined for anything else, which is then a bug of the simulation. */
export function refusalOf(thrown: unknown): Refusal | undefined {
  if (!(thrown instanceof Error) || !("refusal" in thrown)) return undefined;
  // Only `refuse` sets this property.
  return thrown.refusal as Refusal;
}

/** What an action is refused with; undefined when it went through. Anything else that it throws is thrown on. */
export function refusedBy(action: () => void): Refusal | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === undefined) throw error;
    return refusal;
  }
}
