/**
 * What came from Slack, as it waits in the store between its ack and its handling. Only ids, texts and answers: a name
 * or an address is never kept, because none identifies anybody.
 */
import { z } from "zod";
import { CONNECTION_IDS } from "../../../machines/connections/types.ts";

const Person = z.object({ teamId: z.string(), userId: z.string() });
const VpcChoice = z.object({ regionId: z.string(), vpcId: z.templateLiteral(["vpc-", z.string()]) }).nullable();
const PortRange = z.object({ from: z.number(), to: z.number() });
const SideValues = z.object({
  vSwitchIds: z.array(z.templateLiteral(["vsw-", z.string()])).readonly(),
  securityGroupIds: z.array(z.templateLiteral(["sg-", z.string()])).readonly(),
  ports: z.array(PortRange).readonly(),
  testInstanceId: z.templateLiteral(["i-", z.string()]).nullable(),
});
const Connection = z.enum(CONNECTION_IDS);

/** Everything in common. `cause` is the trigger id, or the event id: equal for redeliveries on either transport. */
const Common = z.object({ cause: z.string(), by: Person, triggerId: z.string() });

const DraftId = z.templateLiteral(["d_", z.string()]);

export const Inbound = z.discriminatedUnion("kind", [
  Common.extend({ kind: z.literal("command"), text: z.string(), channel: z.string(), responseUrl: z.string() }),
  Common.extend({ kind: z.literal("newPeering") }),
  Common.extend({ kind: z.literal("statusOfMessage"), peeringId: z.string().nullable(), responseUrl: z.string() }),
  Common.extend({
    kind: z.literal("button"),
    button: z.string(),
    value: z.string(),
    channel: z.string(),
    ts: z.string(),
    responseUrl: z.string(),
  }),
  Common.extend({
    kind: z.literal("pairChosen"),
    draftId: DraftId,
    viewId: z.string(),
    initiator: VpcChoice,
    acceptor: VpcChoice,
    /** Null where the form does not ask. */
    connection: Connection.nullable(),
  }),
  Common.extend({
    kind: z.literal("formSent"),
    draftId: DraftId,
    viewId: z.string(),
    initiator: VpcChoice,
    acceptor: VpcChoice,
    values: z.object({
      connection: Connection,
      size: z.string(),
      icmp: z.boolean(),
      reason: z.string(),
      sides: z.object({ initiator: SideValues, acceptor: SideValues }).nullable(),
    }),
  }),
  Common.extend({
    kind: z.literal("reasonGiven"),
    command: z.enum(["reject", "acceptUntested"]),
    peeringId: z.string(),
    run: z.number(),
    reason: z.string(),
  }),
  Common.extend({ kind: z.literal("groupChanged"), groupId: z.string() }),
]);

export type Inbound = z.infer<typeof Inbound>;
type InboundKind = Inbound["kind"];
export type InboundOf<K extends InboundKind> = Extract<Inbound, { kind: K }>;

/** Puts what came into the store, so that it survives whatever happens next; resolves when it may be acked. */
export type Commit = (inbound: Inbound) => Promise<void>;
