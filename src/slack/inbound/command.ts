/**
 * What people type after `/peer-vpcs`.
 */
import { closest } from "fastest-levenshtein";
import type { VpcId } from "../../../machines/network/facts.ts";
import type { PeeringFilter } from "../../ports.ts";
import { LIST_MAX, peeringList } from "../render/list.ts";
import { catalogueJob } from "../../jobs.ts";
import { unescaped } from "../texts/mrkdwn.ts";
import { HELP, ONE_VPC, unknownVpc, unknownWord, whichPeering } from "../texts/en/commands.ts";
import { WHY_HOW } from "../texts/en/reach.ts";
import { CATALOGUE_SLOT_MS, openForm } from "./form.ts";
import type { InboundPorts } from "./handle.ts";
import type { InboundOf } from "./inbound.ts";
import { tellStatus } from "./status.ts";
import { testAgain } from "./test-again.ts";
import { parseWhy, tellWhy, type WhyQuestion } from "./why.ts";

const WORDS = ["list", "status", "test", "why", "help"] as const;
const LIST_FILTERS = ["mine", "open", "all"] as const satisfies ReadonlyArray<PeeringFilter["show"]>;

type Typed =
  | { readonly wish: "form" }
  | { readonly wish: "formFor"; readonly initiator: VpcId; readonly acceptor: VpcId }
  | { readonly wish: "oneVpc" }
  | { readonly wish: "list"; readonly show: PeeringFilter["show"] }
  | { readonly wish: "status"; readonly peeringId: string }
  | { readonly wish: "test"; readonly peeringId: string }
  | { readonly wish: "why"; readonly question: WhyQuestion | null }
  | { readonly wish: "noId"; readonly word: "status" | "test" }
  | { readonly wish: "help" }
  | { readonly wish: "unknown"; readonly word: string; readonly nearest: string | null };

/**
 * Examples: `""`, `"vpc-m5e1 vpc-2ze1"`, `"Vpc-m5e1, vpc-2ze1"`, `"list"`, `"list mine"`, `"status P-4F7K2M9Q"`,
 * `"test P-4F7K2M9Q"`, `"why 192.168.1.10 172.16.1.10 5432"`, `"192.168.1.10 172.16.1.10"`, `"help"`; `"lst"` is unknown with `list` nearest. Phones begin with a capital letter.
 */
function parseCommand(text: string): Typed {
  const words = text
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean);
  const [first = "", second = ""] = words;
  if (first === "") return { wish: "form" };
  if (isVpcId(first)) {
    return isVpcId(second) ? { wish: "formFor", initiator: first, acceptor: second } : { wish: "oneVpc" };
  }
  const addresses = parseWhy(words);
  if (addresses) return { wish: "why", question: addresses };
  switch (first) {
    case "why":
      return { wish: "why", question: parseWhy(words.slice(1)) };
    case "list": {
      const show = LIST_FILTERS.find((filter) => filter === (second || "open"));
      return show
        ? { wish: "list", show }
        : { wish: "unknown", word: second, nearest: `list ${closest(second, LIST_FILTERS)}` };
    }
    case "status":
    case "test":
      return second === "" ? { wish: "noId", word: first } : { wish: first, peeringId: second.toUpperCase() };
    case "help":
      return { wish: "help" };
    default:
      return { wish: "unknown", word: first, nearest: nearestWord(first) };
  }
}

/** Only a word that was plainly meant is proposed. */
function nearestWord(word: string): string | null {
  const nearest = closest(word, WORDS);
  return nearest[0] === word[0] || word.includes(nearest) ? nearest : null;
}

function isVpcId(word: string): word is VpcId {
  return /^vpc-[a-z0-9]+$/.test(word);
}

export async function typedCommand(ports: InboundPorts, inbound: InboundOf<"command">): Promise<void> {
  const { store } = ports;
  const { by, channel, triggerId, responseUrl } = inbound;
  const typed = parseCommand(unescaped(inbound.text));
  const answer = async (message: Parameters<InboundPorts["answers"]["whisper"]>[1]) => {
    await ports.answers.whisper(responseUrl, message);
  };
  switch (typed.wish) {
    case "form":
      return openForm(ports, { by, channel, triggerId, responseUrl, pair: { initiator: null, acceptor: null } });
    case "formFor":
      return openFormFor(ports, inbound, typed);
    case "list": {
      const peerings = await store.peerings({ show: typed.show, person: by, limit: LIST_MAX + 1 });
      return answer(peeringList(peerings, typed.show));
    }
    case "status":
      return tellStatus(ports, { peeringId: typed.peeringId, responseUrl });
    case "test":
      return testAgain(ports, inbound, typed.peeringId);
    case "why":
      return typed.question ? tellWhy(ports, inbound, typed.question) : answer({ text: WHY_HOW });
    case "help":
      return answer({ text: HELP });
    case "noId":
      return answer({ text: whichPeering(typed.word) });
    case "oneVpc":
      return answer({ text: ONE_VPC });
    case "unknown":
      return answer({ text: unknownWord(typed.word, typed.nearest) });
  }
}

async function openFormFor(
  ports: InboundPorts,
  inbound: InboundOf<"command">,
  wanted: Extract<Typed, { wish: "formFor" }>,
): Promise<void> {
  const { catalogue, answers, queue, clock } = ports;
  const [initiator, acceptor] = await Promise.all([catalogue.find(wanted.initiator), catalogue.find(wanted.acceptor)]);
  if (!initiator || !acceptor) {
    const unknown = initiator ? wanted.acceptor : wanted.initiator;
    await queue.send([catalogueJob(clock.now(), 0, CATALOGUE_SLOT_MS)]);
    await answers.whisper(inbound.responseUrl, { text: unknownVpc(unknown, await catalogue.regions()) });
    return;
  }
  const pair = {
    initiator: { regionId: initiator.regionId, vpcId: initiator.id },
    acceptor: { regionId: acceptor.regionId, vpcId: acceptor.id },
  };
  return openForm(ports, { ...inbound, pair });
}
