/**
 * A list of peerings for one person.
 */
import { connectRun } from "../../../machines/peering/record.ts";
import type { PeeringFilter, StoredPeering } from "../../ports.ts";
import { LIST_EMPTY, LIST_TITLES, onlyNewest } from "../texts/en/commands.ts";
import { end } from "../texts/en/names.ts";
import { code, person } from "../texts/mrkdwn.ts";
import { titleOf } from "./card.ts";
import { context, linesWithin, MESSAGE_TEXT_MAX, section, sections, type Message } from "./blocks.ts";

/** As many as one message shows well. */
export const LIST_MAX = 20;

/** Characters for the title and what stands around the lines. */
const LIST_FRAME = 1_000;

export function peeringList(peerings: readonly StoredPeering[], show: PeeringFilter["show"]): Message {
  if (peerings.length === 0) return { text: LIST_EMPTY[show], blocks: [section(LIST_EMPTY[show])] };
  const lines = peerings.map(({ snapshot }) => {
    const { peering } = snapshot;
    const { initiator, acceptor } = connectRun(peering).plan.about;
    return `${code(peering.id)} *${titleOf(snapshot)}* · ${end(initiator)} → ${end(acceptor)} · ${person(peering.requester.userId)}`;
  });
  const { lines: shown } = linesWithin(lines.slice(0, LIST_MAX), MESSAGE_TEXT_MAX - LIST_FRAME);
  const more = shown.length < lines.length ? [context(onlyNewest(shown.length))] : [];
  return { text: LIST_TITLES[show], blocks: [section(`*${LIST_TITLES[show]}*`), ...sections(shown), ...more] };
}
