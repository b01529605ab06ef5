/**
 * `/peer-vpcs why <a> <b> [port]`: whether a gets to b, and what stops it, by what the cloud says of both networks. It
 * reads and nothing else; what people type is compared with what was read and goes nowhere.
 */
import { z } from "zod";
import { contains } from "../../../machines/network/cidr.ts";
import type { NetworkFacts, VpcId } from "../../../machines/network/facts.ts";
import { walk, type Verdict } from "../../../machines/network/reachability.ts";
import type { Side } from "../../../machines/network/side.ts";
import { CloudFailure, type CatalogueVpc } from "../../ports.ts";
import { BUTTONS } from "../ids.ts";
import { BUTTON_TEXT_MAX, plain, sections } from "../render/blocks.ts";
import { unknownVpc } from "../texts/en/commands.ts";
import { failureFact, readingCure } from "../texts/en/failures.ts";
import * as say from "../texts/en/reach.ts";
import { openForm } from "./form.ts";
import type { InboundPorts } from "./handle.ts";
import type { InboundOf } from "./inbound.ts";
import { parsed } from "./payloads.ts";

export interface WhyQuestion {
  readonly ends: readonly [WhyEnd, WhyEnd];
  /** As it was typed; null asks about ping. */
  readonly port: string | null;
}

/** An address, and the VPC where it was named. */
interface WhyEnd {
  readonly ip: string;
  readonly vpcId: string | null;
}

/**
 * Examples: `["192.168.1.10", "172.16.1.10"]`, `["vpc-m5e1/10.0.0.5", "172.16.1.10", "5432"]`; null when it is no question
 * about two addresses.
 */
export function parseWhy(words: readonly string[]): WhyQuestion | null {
  const [a, b] = [parseEnd(words[0]), parseEnd(words[1])];
  return a && b && words.length <= 3 ? { ends: [a, b], port: words[2] ?? null } : null;
}

function parseEnd(word = ""): WhyEnd | null {
  const match = /^(?:(vpc-[a-z0-9]+)\/)?(\d{1,3}(?:\.\d{1,3}){3})$/.exec(word);
  const ip = match?.[2] ?? "";
  return z.ipv4().safeParse(ip).success ? { ip, vpcId: match?.[1] ?? null } : null;
}

export async function tellWhy(
  ports: InboundPorts,
  { responseUrl }: Pick<InboundOf<"command">, "responseUrl">,
  question: WhyQuestion,
): Promise<void> {
  const answer = async (text: string, missing: Missing | null = null): Promise<void> => {
    await ports.answers.whisper(responseUrl, { text, blocks: [...sections(text.split("\n")), ...buttonFor(missing)] });
  };
  const port = question.port === null ? null : Number(question.port);
  if (port !== null && !(Number.isInteger(port) && port >= 1 && port <= 65_535))
    return answer(say.notAPort(question.port ?? ""));
  const [from, to] = await Promise.all([placeOf(ports, question.ends[0]), placeOf(ports, question.ends[1])]);
  if (typeof from === "string") return answer(from);
  if (typeof to === "string") return answer(to);
  await ports.answers.whisper(responseUrl, { text: say.LOOKING });
  try {
    const { text, missing } = await explained(ports, question, [from, to], port);
    await answer(text, missing);
  } catch (error) {
    if (!(error instanceof CloudFailure)) throw error;
    await answer(`${failureFact(error.failure)}\n${readingCure(error.failure, "ask again")}`);
  }
}

/** The one VPC that has the address, or why there is not just one. */
async function placeOf({ catalogue }: InboundPorts, { ip, vpcId }: WhyEnd): Promise<CatalogueVpc | string> {
  const having = (await catalogue.search(ip)).filter(
    ({ id, cidrs }) => (vpcId === null || id === vpcId) && cidrs.some((cidr) => contains(cidr, `${ip}/32`)),
  );
  const [one, ...others] = having;
  if (!one) return say.noVpcHas(ip);
  return others.length === 0 ? one : say.severalHave(ip, having);
}

function placeIn({ regionId, id }: CatalogueVpc): Missing[Side] {
  return { regionId, vpcId: id };
}

type Missing = Readonly<Record<Side, { readonly regionId: string; readonly vpcId: VpcId }>>;

async function explained(
  { reader }: InboundPorts,
  { ends: [a, b] }: WhyQuestion,
  [from, to]: readonly [CatalogueVpc, CatalogueVpc],
  port: number | null,
): Promise<{ readonly text: string; readonly missing: Missing | null }> {
  const pair = { initiator: placeIn(from), acceptor: placeIn(to) };
  const facts = await reader.networkFacts(pair);
  const toSide = from.id === to.id ? "initiator" : "acceptor";
  const verdict = walk(facts, {
    from: { side: "initiator", ip: a.ip },
    to: { side: toSide, ip: b.ip },
    protocol: port === null ? "ICMP" : "TCP",
    port,
  });
  const ends = [asked(from, "initiator", a.ip, facts), asked(to, toSide, b.ip, facts)] as const;
  const text = say.reachAnswer({ verdict, ends, port, readAt: facts.readAt });
  const isApart = from.id !== to.id && lacksConnection(verdict) && !isConnected(facts);
  return isApart ? { text: `${text}\n${say.MISSING_HINT}`, missing: pair } : { text, missing: null };
}

function asked({ id, name }: CatalogueVpc, side: Side, ip: string, facts: NetworkFacts): say.AskedEnd {
  const instance = facts[side].instances.find(({ privateIp }) => privateIp === ip);
  return { ip, instanceName: instance ? instance.name || instance.id : "", vpcName: name || id };
}

function lacksConnection(verdict: Verdict): boolean {
  return verdict.verdict === "dropped" && ["noRoute", "routeElsewhere"].includes(verdict.why.cause);
}

function isConnected({ initiator, acceptor }: NetworkFacts): boolean {
  return (
    initiator.routerInterfaces.some(({ oppositeRouterId }) => oppositeRouterId === acceptor.vpc?.vRouterId) ||
    initiator.vpcPeerConnections.some(({ vpcId, acceptingVpcId }) => [vpcId, acceptingVpcId].includes(acceptor.vpcId))
  );
}

function buttonFor(missing: Missing | null) {
  if (!missing) return [];
  const text = plain(say.REQUEST_MISSING, BUTTON_TEXT_MAX);
  const button = { type: "button", action_id: BUTTONS.requestMissing, text, value: JSON.stringify(missing) } as const;
  return [{ type: "actions", elements: [button] } as const];
}

const Place = z.object({ vpcId: z.templateLiteral(["vpc-", z.string()]) });
const MissingValue = z.object({ initiator: Place, acceptor: Place });

/** The form opens with the two VPCs; the button is believed in nothing but their ids. */
export async function requestMissing(ports: InboundPorts, inbound: InboundOf<"button">): Promise<void> {
  const { by, triggerId, responseUrl, channel } = inbound;
  const pair = MissingValue.safeParse(parsed(inbound.value)).data;
  if (!pair) {
    ports.log.warn("button with a value that is not ours", { button: inbound.button });
    return;
  }
  const [initiator, acceptor] = await Promise.all([
    ports.catalogue.find(pair.initiator.vpcId),
    ports.catalogue.find(pair.acceptor.vpcId),
  ]);
  if (!initiator || !acceptor) {
    const { vpcId } = initiator ? pair.acceptor : pair.initiator;
    await ports.answers.whisper(responseUrl, { text: unknownVpc(vpcId, await ports.catalogue.regions()) });
    return;
  }
  const known = { initiator: placeIn(initiator), acceptor: placeIn(acceptor) };
  await openForm(ports, { by, triggerId, responseUrl, channel, pair: known });
}
