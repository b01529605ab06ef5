/**
 * Blocks of addresses in the reviewed plan: all of them once, at its head, and by their number after that.
 */
import type { Cidr } from "../../../../machines/network/cidr.ts";
import type { AboutSide, Plan } from "../../../../machines/network/plan.ts";
import { SIDES } from "../../../../machines/network/side.ts";
import { bold, escaped, listed } from "../mrkdwn.ts";

const NAMED_MAX = 5;

/** Those of each side that has many, in lines that are never too long for Slack. */
export function manyBlocks({ about }: Plan): readonly string[] {
  return SIDES.flatMap((side) => {
    const { cidrs, vpcName, vpcId } = about[side];
    return cidrs.length > NAMED_MAX ? inLines(cidrs).map((part) => `${bold(vpcName || vpcId)}: ${part}`) : [];
  });
}

/** `all 30 blocks of *orders*`, or each by itself, in lines that are never too long for Slack. */
export function blockLines(some: readonly Cidr[], { cidrs, vpcName, vpcId }: AboutSide): readonly string[] {
  const isAll = cidrs.length > NAMED_MAX && cidrs.every((cidr) => some.includes(cidr));
  return isAll ? [`all ${cidrs.length} blocks of ${bold(vpcName || vpcId)}`] : inLines(some);
}

const LINE_BLOCKS_MAX = 50;

function inLines(cidrs: readonly Cidr[]): readonly string[] {
  return Array.from({ length: Math.ceil(cidrs.length / LINE_BLOCKS_MAX) }, (_, line) =>
    listed(cidrs.slice(line * LINE_BLOCKS_MAX, (line + 1) * LINE_BLOCKS_MAX).map((cidr) => escaped(cidr))),
  );
}
