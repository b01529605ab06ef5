/**
 * What a plan opens and moves, in sentences: the numbers that a network lead decides by.
 */
import type { Impact, Move, SideImpact } from "../../../../machines/network/impact.ts";
import type { AboutSide, Plan } from "../../../../machines/network/plan.ts";
import { opposite, type Side } from "../../../../machines/network/side.ts";
import { bold, code, count, escaped, listed } from "../mrkdwn.ts";
import { portText } from "./names.ts";

/** The one who is asked for first. */
const READING_ORDER: readonly Side[] = ["acceptor", "initiator"];

const NAMED_MAX = 5;

/** `ping and TCP 5432 to 14 servers in *shared-data* from 9. One is tagged *pci*: `db-pay-01`.` and the like, side by side. */
export function opensText(plan: Plan): string {
  const { impact } = plan;
  const sides = READING_ORDER.flatMap((side) => sideText(side, plan) ?? []);
  const unguarded = impact ? READING_ORDER.flatMap((side) => unguardedText(impact[side], plan.about[side]) ?? []) : [];
  const nothing = impact ? OPENS_NOTHING : OPENS_NOTHING_ITSELF;
  return [sides.length > 0 ? sides.join(" And ") : nothing, ...unguarded].join(" ");
}

const OPENS_NOTHING = "nothing: no security group was chosen, and no older rule lets anything in.";
/** Of a plan from before older rules were looked at. */
const OPENS_NOTHING_ITSELF = "nothing: no security group was chosen, older rules decide.";

function sideText(side: Side, { opens, about, impact }: Plan): string | null {
  const here = opens.filter((opening) => opening.side === side);
  const found = impact?.[side];
  if (here.length === 0 && (!found || found.reachable + found.unknown === 0)) return null;
  const ports = here.map(({ protocol, portRange }) => portText(protocol, portRange));
  const what = ports.length > 0 ? listed(ports) : "what older rules let in";
  const [to, from] = [about[side], about[opposite(side)]];
  const [hosts, senders] = found ? [found.reachable, found.from] : [to.reachableHosts, from.hosts];
  const first = `${what} to ${count(hosts, "server", "servers")} in ${bold(to.vpcName || to.vpcId)} from ${senders}.`;
  return [first, ...(found ? [sensitiveText(found), olderText(found, here.length > 0), unknownText(found)] : [])]
    .filter(Boolean)
    .join(" ");
}

function sensitiveText({ sensitive }: SideImpact): string {
  if (sensitive.length === 0) return "";
  const named = sensitive.slice(0, NAMED_MAX).map(({ id, name }) => code(name || id));
  const more = sensitive.length > named.length ? [`${sensitive.length - named.length} more`] : [];
  const tags = listed([...new Set(sensitive.map(({ tag }) => bold(tag)))]);
  return `${sensitive.length === 1 ? "One is" : `${sensitive.length} are`} tagged ${tags}: ${listed([...named, ...more])}.`;
}

function olderText({ throughOlderRules, reachable }: SideImpact, isAsked: boolean): string {
  if (!isAsked || throughOlderRules === 0) return "";
  const share = throughOlderRules === reachable ? "All of them open" : `${throughOlderRules} of the ${reachable} open`;
  return `${share} through older rules.`;
}

function unknownText({ unknown }: SideImpact): string {
  return unknown > 0 ? `Of ${unknown} more it cannot be told: their rules could not be read in full.` : "";
}

function unguardedText({ unguarded }: SideImpact, { vpcName, vpcId }: AboutSide): string | null {
  const where = bold(vpcName || vpcId);
  if (unguarded === null) return `What is not behind security groups in ${where} could not be read.`;
  if (unguarded.length === 0) return null;
  return `Not behind security groups in ${where}: ${listed(unguarded.map(({ type, count: amount }) => `${amount} ${escaped(type)}`))}.`;
}

const MOVES_NAMED_MAX = 3;

export function movesText({ moves }: Impact): string {
  if (moves.length === 0) return "nothing.";
  const named = moves.slice(0, MOVES_NAMED_MAX).map(moveText);
  const more = moves.length > named.length ? [`${moves.length - named.length} more.`] : [];
  return [...named, ...more].join(" ");
}

/** Where traffic went until now. A way that led to nothing is no loss, but only its owner knows that. */
function moveText({ routeTableId, destination, was }: Move): string {
  const to = was.nextHopId ? `${escaped(was.nextHopType)} ${code(was.nextHopId)}` : escaped(was.nextHopType);
  return `Traffic to ${escaped(destination)} in ${code(routeTableId)} leaves the entry ${escaped(was.destination)} to ${to} and uses this peering.`;
}

/** `14 servers become reachable from 9, one tagged pci. `; plain text for a dialog, empty when nothing opens. */
export function reachesText({ impact, opens, about }: Plan): string {
  const sides = READING_ORDER.flatMap((side) => {
    const found = impact?.[side];
    const [to, from] = found
      ? [found.reachable, found.from]
      : [about[side].reachableHosts, about[opposite(side)].hosts];
    return to > 0 || opens.some((opening) => opening.side === side)
      ? [{ to, from, tagged: found?.sensitive ?? [] }]
      : [];
  });
  const [first, ...rest] = sides;
  if (!first) return "";
  const more = rest.map(({ to, from }) => `, and ${to} from ${from}`).join("");
  const tagged = sides.flatMap((side) => side.tagged);
  const sensitive =
    tagged.length > 0 ? `, ${tagged.length} tagged ${[...new Set(tagged.map(({ tag }) => tag))].join(", ")}` : "";
  return `${count(first.to, "server becomes", "servers become")} reachable from ${first.from}${more}${sensitive}. `;
}
