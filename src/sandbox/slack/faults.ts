import { z } from "zod";

/** Something that goes wrong with calls of the Web API. */
export const FaultRequest = z.strictObject({
  /** A method, or `*` for all of them. */
  method: z.string().min(1),
  fault: z.union([
    z.enum(["ratelimited", "serverError", "slow", "resetBefore", "resetAfter"]),
    z.strictObject({ error: z.string().min(1) }),
  ]),
  /** Calls it happens to; 1 when neither this nor `forMs` is given. */
  times: z.int().min(1).optional(),
  /** Wire time it lasts. */
  forMs: z.int().min(1).optional(),
  /** Of `ratelimited`; 1 by default. */
  retryAfterSeconds: z.int().min(0).default(1),
  /** Wire time that `slow` takes; 5,000 by default. */
  ms: z.int().min(0).default(5_000),
});
export type FaultRequest = z.infer<typeof FaultRequest>;

export interface Fault extends FaultRequest {
  timesLeft: number;
  readonly until: number;
}

/** Faults that can wait at once; one more pushes the oldest out. */
const FAULTS_MAX = 100;

export function addFault(faults: Fault[], request: FaultRequest, now: number): void {
  const once = request.forMs === undefined ? 1 : Infinity;
  faults.push({ ...request, timesLeft: request.times ?? once, until: now + (request.forMs ?? Infinity) });
  if (faults.length > FAULTS_MAX) faults.shift();
}

/** The oldest fault that fits this call, counted as happened; undefined when nothing goes wrong. */
export function takeFault(faults: Fault[], method: string, now: number): Fault | undefined {
  const fault = faults.find(
    (one) => (one.method === "*" || one.method === method) && one.timesLeft > 0 && now < one.until,
  );
  if (fault !== undefined) fault.timesLeft -= 1;
  return fault;
}
