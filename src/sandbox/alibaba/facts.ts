import { VPC_PEER_FACTS } from "./vpc-peer-facts.ts";

/** One thing that nobody could confirm about the real service: what it says, and the answers it may turn out to have. */
export interface Fact {
  /** The question, in one sentence. */
  readonly sentence: string;
  /** Which part of the API it belongs to, in words. */
  readonly section: string;
  /** The first one is the default. */
  readonly answers: readonly [string, string, ...string[]];
}

/**
 * Every unsure fact that a caller can notice on the way from request to proof and back.
 *
 * A program that works must work with every answer, one changed at a time.
 */
export const FACTS = {
  "acceptor-passes-activating": {
    sentence: "Does the accepting interface show Activating between AcceptingConnecting and Active?",
    section: "router interfaces: statuses",
    answers: ["yes", "no"],
  },
  "bad-access-key-status": {
    sentence: "Which HTTP status comes with InvalidAccessKeyId.NotFound?",
    section: "errors and retry",
    answers: ["404", "400"],
  },
  "batch-destination-around-vswitch": {
    sentence: "May CreateRouteEntries write a destination that contains a vSwitch's block, as CreateRouteEntry may?",
    section: "route entries: batch",
    answers: ["refused", "accepted"],
  },
  "busy-vpc-code": {
    sentence: "Which code do route writes give while another entry of the VPC is on its way in or out?",
    section: "route entries: one change at a time",
    answers: ["TaskConflict", "IncorrectRouteEntryStatus"],
  },
  "cen-status-value": {
    sentence: "What does DescribeVpcs show as CenStatus for a VPC that is in a CEN?",
    section: "reading the world",
    answers: ["Attached", "Active"],
  },
  "charge-type-default": {
    sentence: "What is a router interface's charge type when InstanceChargeType is left out?",
    section: "router interfaces: creating",
    answers: ["PostPaid", "PrePaid"],
  },
  "client-token-retention": {
    sentence: "For how long does a ClientToken give the same answer again?",
    section: "errors and retry: idempotence",
    answers: ["one-day", "one-minute"],
  },
  "command-content-limit": {
    sentence: "How long may a command be after Base64?",
    section: "Cloud Assistant: calls",
    answers: ["24-KB", "16-KB"],
  },
  "command-instances-limit": {
    sentence: "On how many instances may one RunCommand run?",
    section: "Cloud Assistant: calls",
    answers: ["100", "50"],
  },
  "cross-border-connect": {
    sentence: "Is connecting a region inside mainland China with one outside refused without compliance approval?",
    section: "quotas and preflight",
    answers: ["refused", "accepted"],
  },
  "date-skew-window": {
    sentence: "By how much may the date of a request differ from the service's?",
    section: "signatures and dates",
    answers: ["15-minutes", "5-minutes"],
  },
  "deactivate-other-side": {
    sentence: "Does deactivating or activating one side change the status of the other side too?",
    section: "router interfaces: statuses",
    answers: ["unchanged", "follows"],
  },
  "deactivate-status-code": {
    sentence: "Which code does DeactivateRouterInterface give when the interface is not Active?",
    section: "router interfaces: error codes",
    answers: ["IncorrectStatus", "IncorrectRIStatus"],
  },
  "delete-referred-code": {
    sentence: "Which code does DeleteRouterInterface give while a route entry points to the interface?",
    section: "router interfaces: error codes",
    answers: [
      "RouterInterfaceReferredByRouteEntry",
      "ReferredByRouteEntry.RouterInterface",
      "DependencyViolation.RouterInterfaceReferedByRouteEntry",
    ],
  },
  "delete-status-code": {
    sentence: "Which code does DeleteRouterInterface give when the interface is neither Idle nor Inactive?",
    section: "router interfaces: error codes",
    answers: ["InvalidInstance.StatusError", "IncorrectStatus"],
  },
  "destination-inside-100-64": {
    sentence: "May CreateRouteEntry write a destination inside 100.64.0.0/10?",
    section: "route entries: creating",
    answers: ["refused", "accepted"],
  },
  "duplicate-destination-code": {
    sentence: "Which code does CreateRouteEntry give when the table has the destination already?",
    section: "route entries: errors",
    answers: [
      "RouterEntryConflict.Duplicated",
      "InvalidCIDRBlock.Duplicate",
      "InvalidRouteEntry.Duplicate",
      "RouteConflict.AlreadyExist",
      "Duplicated.VpcNextHop",
    ],
  },
  "idle-next-hop-code": {
    sentence: "Which code does CreateRouteEntry give when its next hop is a router interface that is not connected?",
    section: "route entries: errors",
    answers: ["IncorrectStatus.RouterInterface", "IncorrectStatus.MultiScopeRiRouteEntry"],
  },
  "interface-before-idle": {
    sentence: "How is a new router interface listed in the moments before it is Idle?",
    section: "router interfaces: statuses",
    answers: ["not-listed", "Creating"],
  },
  "interface-status-code": {
    sentence: "Which code do ConnectRouterInterface and ActivateRouterInterface give when the status is wrong?",
    section: "router interfaces: error codes",
    answers: ["IncorrectRIStatus", "IncorrectStatus"],
  },
  "interfaces-per-router": {
    sentence: "How many router interfaces may one router have?",
    section: "quotas and preflight",
    answers: ["5", "10"],
  },
  "missing-parameter-code": {
    sentence: "Is a missing required parameter reported by its name or as MissingParameter?",
    section: "errors and retry: common codes",
    answers: ["Missing<Name>", "MissingParameter"],
  },
  "modify-initiator-first": {
    sentence: "May the initiator be told its opposite interface before the acceptor points back?",
    section: "router interfaces: call sequence",
    answers: ["accepted", "refused"],
  },
  "opposite-ids-at-create": {
    sentence: "Does CreateRouterInterface keep the opposite router and interface it is given?",
    section: "router interfaces: call sequence",
    answers: ["kept", "ignored"],
  },
  "route-entry-before-available": {
    sentence: "Which status has a new route entry until it is Available?",
    section: "route entries: statuses",
    answers: ["Pending", "Creating"],
  },
  "rules-per-group": {
    sentence: "How many rules may a security group have?",
    section: "security groups: quotas",
    answers: ["200", "1000"],
  },
  "same-rule-priority": {
    sentence: "Is a rule that differs from an existing one only in priority the same rule, so that nothing is added?",
    section: "security groups: authorising",
    answers: ["different", "same"],
  },
  "source-group-across-vpcs": {
    sentence: "May a rule name a security group of another VPC in the same region as its source?",
    section: "security groups: authorising",
    answers: ["refused", "accepted"],
  },
  "spec-change-status": {
    sentence: "Which status does an interface have while its specification changes?",
    section: "router interfaces: the other calls",
    answers: ["Activating", "Modifying"],
  },
  "throttling-status": {
    sentence: "Which HTTP status comes with throttling?",
    section: "errors and retry: common codes",
    answers: ["400", "429", "503"],
  },
  "token-mismatch-code": {
    sentence: "Which code answers a ClientToken that comes again with other parameters?",
    section: "errors and retry: idempotence",
    answers: ["IdempotentParameterMismatch", "InvalidIdempotenceParameter.Mismatch"],
  },
  "unknown-interface-attribute": {
    sentence: "What does DescribeRouterInterfaceAttribute answer for an id that does not exist?",
    section: "router interfaces: the other calls",
    answers: ["empty-200", "not-found-404"],
  },
  "unknown-parameters": {
    sentence: "Are parameters that an action does not have refused or ignored?",
    section: "parameters",
    answers: ["refused", "ignored"],
  },
  "vpc-in-cen": {
    sentence: "May a VPC that is in a CEN get a router interface?",
    section: "status of VPC-to-VPC router interfaces",
    answers: ["refused", "accepted"],
  },
  "vpc-route-table-order": {
    sentence: "Where in a VPC's RouterTableIds does the system route table stand?",
    section: "VRouters, route tables: finding ids",
    answers: ["first", "last"],
  },
  ...VPC_PEER_FACTS,
} as const satisfies Record<string, Fact>;

/** Facts are called by kebab-case ids. */
export type FactName = keyof typeof FACTS;
type AnswerTo<Name extends FactName> = (typeof FACTS)[Name]["answers"][number];

/** The answers that hold at present. */
export interface Facts {
  answer<Name extends FactName>(name: Name): AnswerTo<Name>;
  /** Undefined when done; otherwise a sentence that says what is wrong with the name or the answer. */
  set(name: string, answer: string): string | undefined;
  list(): ReadonlyArray<Fact & { readonly name: string; readonly default: string; readonly answer: string }>;
}

/** All facts at their defaults. */
export function createFacts(): Facts {
  const given = new Map<string, string>();
  return {
    // Only answers of the fact's own list are ever stored.
    answer: <Name extends FactName>(name: Name) => (given.get(name) ?? FACTS[name].answers[0]) as AnswerTo<Name>,
    set(name, answer) {
      const fact = isFactName(name) ? FACTS[name] : undefined;
      if (fact === undefined) return `There is no fact ${name}; GET /_sandbox/facts lists them.`;
      if (!fact.answers.some((known) => known === answer)) {
        return `${name} can be answered with ${fact.answers.join(", ")}.`;
      }
      given.set(name, answer);
      return undefined;
    },
    list: () =>
      Object.entries(FACTS).map(([name, fact]) => ({
        name,
        ...fact,
        default: fact.answers[0],
        answer: given.get(name) ?? fact.answers[0],
      })),
  };
}

function isFactName(name: string): name is FactName {
  return Object.hasOwn(FACTS, name);
}
