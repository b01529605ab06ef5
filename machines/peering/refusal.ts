/**
 * Every way a person can be told no, with the data that the sentence needs. A refusal is theirs to mend or to know; it
 * is a value, never an exception.
 */
import type { Check } from "../network/checks.ts";
import type { Leads, Standing } from "./authority.ts";
import type { Command } from "./commands.ts";
import type { PeeringState } from "./machine.ts";
import type { Person, PeeringId } from "./record.ts";

export type Refusal =
  | { readonly reason: "notAMember"; readonly standing: Standing }
  | { readonly reason: "readOnly" }
  /** Nobody could decide it. `onlyYou`: the asker is the one lead there is. */
  | { readonly reason: "noLeads"; readonly onlyYou: boolean }
  | { readonly reason: "notALead"; readonly leads: Leads }
  | { readonly reason: "ownRequest"; readonly what: "peering" | "fix"; readonly leads: Leads }
  | { readonly reason: "notTheRequester" }
  | { readonly reason: "neitherRequesterNorLead"; readonly leads: Leads }
  /** Somebody was first. */
  | {
      readonly reason: "alreadyDecided";
      readonly how: "approved" | "rejected" | "withdrawn" | "expired";
      readonly by: Person | null;
      readonly at: number;
      readonly planHash: string;
      readonly state: PeeringState;
    }
  /** The button was for another plan than the one that stands now. */
  | { readonly reason: "planChanged"; readonly planHash: string }
  /** The command makes no sense in this state. */
  | { readonly reason: "notNow"; readonly command: Command["type"]; readonly state: PeeringState }
  /** It was accepted as it was, without instances to test with. */
  | { readonly reason: "nothingToTest" }
  /** One open peering per pair of VPCs. */
  | { readonly reason: "pairTaken"; readonly peeringId: PeeringId }
  | { readonly reason: "checksStop"; readonly checks: readonly Check[] }
  | { readonly reason: "unknownPeering"; readonly peeringId: string };
