import type { Facts } from "./facts.ts";
import type { Refusal } from "./refusal.ts";

/** What can be made to go wrong with a request. */
type Fault = "throttle" | "unavailable" | "slow" | "resetBefore" | "resetAfter" | "notJson" | "notJsonAfter" | Refusal;

/** A fault that is set up and waits for requests. */
export interface Dial {
  /** An action's name, or `*` for every action. */
  readonly action: string;
  readonly regionId?: string | undefined;
  /** Flat parameters that the request must have, for example `{ "RouterInterfaceId": "ri-…" }`. */
  readonly when?: Readonly<Record<string, string>> | undefined;
  readonly fault: Fault;
  /** `slow`: how long the answer is held back, in ms of wire time. `throttle`: sent as x-acs-retry-after. */
  readonly ms?: number | undefined;
  /** How many more requests it takes; undefined: any number. */
  times: number | undefined;
  /** Wire time after which it is gone; undefined: never. */
  readonly untilWireMs: number | undefined;
}

/** What a dial is matched against. */
interface DialledRequest {
  readonly action: string;
  readonly regionId: string;
  readonly parameters: ReadonlyMap<string, string>;
  readonly isDryRun: boolean;
}

/** The dials that are set. */
export interface Dials {
  set(dial: Dial): void;
  clear(): void;
  list(wireMs: number): ReadonlyArray<Dial>;
  /** The first dial that fits, one of its times used up; undefined when none fits. */
  take(request: DialledRequest, wireMs: number): Dial | undefined;
}

/** No dials. */
export function createDials(): Dials {
  let dials: ReadonlyArray<Dial> = [];
  function current(wireMs: number): ReadonlyArray<Dial> {
    dials = dials.filter((dial) => dial.times !== 0 && wireMs <= (dial.untilWireMs ?? Infinity));
    return dials;
  }
  return {
    set(dial) {
      dials = [...dials, dial];
    },
    clear() {
      dials = [];
    },
    list: current,
    take(request, wireMs) {
      const fitting = current(wireMs).find((dial) => fits(dial, request));
      if (fitting?.times !== undefined) fitting.times -= 1;
      return fitting;
    },
  };
}

/** What a fault refuses a request with; undefined for faults that let it be done, or that only spoil the answer. */
export function refusalOfFault(fault: Fault | undefined, facts: Facts): Refusal | undefined {
  if (typeof fault === "object") return fault;
  if (fault === "throttle") {
    const status = Number(facts.answer("throttling-status"));
    return { status, code: "Throttling.User", message: "Request was denied due to user flow control." };
  }
  if (fault === "unavailable") {
    const message = "The request has failed due to a temporary failure of the server.";
    return { status: 503, code: "ServiceUnavailable", message };
  }
  return undefined;
}

function fits(dial: Dial, request: DialledRequest): boolean {
  return (
    (dial.action === "*" || (dial.action === request.action && isMeant(dial, request))) &&
    (dial.regionId === undefined || dial.regionId === request.regionId) &&
    Object.entries(dial.when ?? {}).every(([name, value]) => request.parameters.get(name) === value)
  );
}

/** A dial that names an action is for what is really done; it strikes dry runs when it asks for the parameter. */
function isMeant({ when }: Dial, { isDryRun }: DialledRequest): boolean {
  return !isDryRun || when?.["DryRun"] !== undefined;
}
