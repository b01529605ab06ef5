/**
 * Draws a topology as SVG: the two VPCs one above the other, because most people decide on a phone, and what joins them
 * in between. Slack shows it half as large there, so nothing is written smaller than `SMALL`.
 */
import type { DrawnSide, Look, Topology } from "../../machines/peering/topology.ts";
import { escapedXml, fitted, widthOf, wrapped } from "./shown-text.ts";
import type { PictureWords } from "./words.ts";

/** Twice as wide as it is on a phone. */
export const WIDTH = 720;
const MARGIN = 24;
const PADDING = 28;
const LEFT = MARGIN + PADDING;
const RIGHT = WIDTH - LEFT;

const SMALL = 22;
const NORMAL = 26;
const LARGE = 34;

/** Every text reaches 7:1 on what it stands on (WCAG AAA); there is one colour for what the peering makes, and one for trouble. */
const INK = "#16191d";
const QUIET = "#4a515b";
const LINE = "#c6ccd4";
const PAGE = "#f4f6f8";
const PAPER = "#ffffff";
const CHIP = "#eef1f4";
const ACCENT = "#0a4fa0";
const ACCENT_TINT = "#e6effa";
const TROUBLE = "#9a1b14";
const TROUBLE_TINT = "#fbeae8";

/** The families in the order in which they are asked for a character's shape. */
export const FAMILIES = "Inter, Noto Sans S Chinese";

/** A part of the picture and how high it is. */
interface Drawn {
  readonly svg: string;
  readonly height: number;
}

/** The same topology and words give the same text. */
export function drawTopology(topology: Topology, words: PictureWords): string {
  const head = drawHead(topology, words);
  const initiator = drawSide(topology.initiator, head.height, words);
  const linkTop = head.height + initiator.height;
  const link = drawLink(topology, linkTop, words);
  const acceptorTop = linkTop + link.height;
  const acceptor = drawSide(topology.acceptor, acceptorTop, words);
  const height = acceptorTop + acceptor.height + MARGIN;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="${FAMILIES}">`,
    box({ x: 0, y: 0, width: WIDTH, height, radius: 0, fill: PAGE }),
    // The line runs behind the cards and ends at their borders.
    link.svg,
    head.svg,
    initiator.svg,
    acceptor.svg,
    "</svg>",
  ].join("\n");
}

function drawHead({ status, peeringId }: Topology, words: PictureWords): Drawn {
  const word = words.status[status];
  const ink = status === "stopped" ? TROUBLE : INK;
  const dot = `<circle cx="${MARGIN + 12}" cy="42" r="9" ${status === "connected" ? `fill="${ACCENT}"` : `fill="${PAGE}" stroke="${ink}" stroke-width="4"`}/>`;
  const svg = [
    dot,
    text(word, { x: MARGIN + 34, y: 52, size: LARGE - 4, ink, bold: true, width: 360 }),
    text(peeringId, { x: WIDTH - MARGIN, y: 51, size: SMALL, ink: QUIET, end: true, width: 250 }),
  ];
  return { svg: svg.join("\n"), height: 76 };
}

function drawSide(side: DrawnSide, top: number, words: PictureWords): Drawn {
  const parts = [
    (y: number) => drawNames(side, y, words),
    (y: number) => drawVSwitches(side, y, words),
    (y: number) => drawMade(side, y, words),
  ];
  const inside = stacked(parts, top + 16);
  const height = 16 + inside.height + 14;
  const card = box({ x: MARGIN, y: top, width: WIDTH - 2 * MARGIN, height, radius: 20, fill: PAPER, stroke: LINE });
  return { svg: [card, inside.svg].join("\n"), height };
}

function drawNames(side: DrawnSide, top: number, words: PictureWords): Drawn {
  const region = words.regionName(side.regionId);
  const scope = side.wholeVpc ? words.wholeVpc : words.chosenVSwitches;
  const room = RIGHT - LEFT - 20;
  const blocks = asManyAsFit(
    side.cidrs.first,
    (shown, left) => words.blocks(shown, left + side.cidrs.left),
    (said) => widthOf(said, NORMAL) <= room - widthOf(scope, SMALL),
  );
  const svg = [
    text(side.name, { x: LEFT, y: top + 42, size: LARGE, ink: INK, bold: true, width: room - widthOf(region, NORMAL) }),
    text(region, { x: RIGHT, y: top + 41, size: NORMAL, ink: QUIET, end: true, width: 240 }),
    text(blocks, { x: LEFT, y: top + 84, size: NORMAL, ink: INK, width: room - widthOf(scope, SMALL) }),
    text(scope, { x: RIGHT, y: top + 84, size: SMALL, ink: QUIET, end: true, width: 240 }),
  ];
  return { svg: svg.join("\n"), height: 100 };
}

const CHIP_GAP = 12;
const CHIP_HEIGHT = 72;

/** Two beside each other; a single one takes the whole width. */
function drawVSwitches({ vSwitches }: DrawnSide, top: number, words: PictureWords): Drawn {
  const { first, left } = vSwitches;
  const width = first.length === 1 ? RIGHT - LEFT : (RIGHT - LEFT - CHIP_GAP) / 2;
  const chips = first.map(({ name, cidr }, index) => {
    const x = LEFT + (index % 2) * (width + CHIP_GAP);
    const y = top + 6 + Math.floor(index / 2) * (CHIP_HEIGHT + CHIP_GAP);
    const inside = width - 32;
    return [
      box({ x, y, width, height: CHIP_HEIGHT, radius: 10, fill: CHIP }),
      text(name, { x: x + 16, y: y + 30, size: SMALL, ink: INK, bold: true, width: inside }),
      text(cidr, { x: x + 16, y: y + 58, size: SMALL, ink: QUIET, width: inside }),
    ].join("\n");
  });
  const rows = Math.ceil(first.length / 2);
  const below = rows * (CHIP_HEIGHT + CHIP_GAP);
  if (left === 0) return { svg: chips.join("\n"), height: below + (rows > 0 ? 6 : 0) };
  const more = text(words.moreVSwitches(left), { x: LEFT, y: top + below + 28, size: SMALL, ink: QUIET, width: 400 });
  return { svg: [...chips, more].join("\n"), height: below + 46 };
}

/** Something that the peering makes. */
interface Row {
  /** In lines of this width. */
  readonly what: (width: number) => readonly string[];
  readonly where: string;
  readonly look: Look;
  readonly sign: typeof arrow;
}

function drawMade({ routes, opens }: DrawnSide, top: number, words: PictureWords): Drawn {
  const routeRows = routes.first.map(({ destination, tables, look }): Row => ({
    what: () => [words.routeTo(destination)],
    where: words.tables(tables),
    look,
    sign: arrow,
  }));
  const openRows = opens.first.map(({ ping, ports, groups, look }): Row => ({
    what: (width) => portLines(ports, (shown, left) => words.letsIn(ping, shown, left), width),
    where: words.groups(groups),
    look,
    sign: door,
  }));
  const parts = [
    ...routeRows.map((row) => (y: number) => drawRow(row, y, words)),
    (y: number) => drawMore(words.moreRoutes(routes.left), routes.left, y),
    ...openRows.map((row) => (y: number) => drawRow(row, y, words)),
    (y: number) => drawMore(words.moreOpens(opens.left), opens.left, y),
  ];
  return stacked(parts, top);
}

const ROW_LEFT = LEFT + 56;
const ROW_HEIGHT = 72;
const ROW_LINE = 32;

function drawRow({ what, where, look, sign }: Row, top: number, words: PictureWords): Drawn {
  const { ink } = styleOf(look);
  const width = RIGHT - ROW_LEFT - widthOfLabel(look, words);
  const lines = what(width);
  const further = (lines.length - 1) * ROW_LINE;
  const svg = [
    `<path d="M ${LEFT} ${top} H ${RIGHT}" stroke="${CHIP}" stroke-width="2"/>`,
    sign(LEFT, top + 36, ink),
    ...lines.map((line, index) =>
      text(line, { x: ROW_LEFT, y: top + 32 + index * ROW_LINE, size: NORMAL, ink, bold: true, width }),
    ),
    text(where, { x: ROW_LEFT, y: top + 60 + further, size: SMALL, ink: QUIET, width }),
    drawLabel(look, { right: RIGHT, middle: top + 36 }, words),
  ];
  return { svg: svg.join("\n"), height: ROW_HEIGHT + further };
}

function drawMore(said: string, left: number, top: number): Drawn {
  if (left === 0) return { svg: "", height: 0 };
  return {
    svg: text(said, { x: ROW_LEFT, y: top + 22, size: SMALL, ink: QUIET, width: RIGHT - ROW_LEFT }),
    height: 38,
  };
}

/** One under the other. */
function stacked(parts: ReadonlyArray<(top: number) => Drawn>, top: number): Drawn {
  let y = top;
  const drawn = parts.map((part) => {
    const one = part(y);
    y += one.height;
    return one.svg;
  });
  return { svg: drawn.join("\n"), height: y - top };
}

const PORT_LINES_MAX = 3;

/** As many ports as there is room for: what opens is what people decide on. */
function portLines(
  ports: readonly string[],
  say: (shown: readonly string[], left: number) => string,
  width: number,
): readonly string[] {
  const lines = (said: string) => wrapped(said, { size: NORMAL, width });
  return lines(asManyAsFit(ports, say, (said) => lines(said).length <= PORT_LINES_MAX));
}

/** The text with as many of these in it, from the first, as fit; with none where not even one does. */
function asManyAsFit(
  all: readonly string[],
  say: (shown: readonly string[], left: number) => string,
  fits: (said: string) => boolean,
): string {
  for (let shown = all.length; shown > 0; shown -= 1) {
    const said = say(all.slice(0, shown), all.length - shown);
    if (fits(said)) return said;
  }
  return say([], all.length);
}

const SIGN = `fill="none" stroke-width="4" stroke-linejoin="round" stroke-linecap="round"`;

/** What traffic takes to the other side. */
function arrow(x: number, y: number, ink: string): string {
  return `<path d="M ${x + 2} ${y} H ${x + 36} M ${x + 25} ${y - 11} L ${x + 36} ${y} L ${x + 25} ${y + 11}" ${SIGN} stroke="${ink}"/>`;
}

/** What traffic from the other side passes. */
function door(x: number, y: number, ink: string): string {
  return `<path d="M ${x + 18} ${y - 16} H ${x + 36} V ${y + 16} H ${x + 18} M ${x + 2} ${y} H ${x + 24} M ${x + 15} ${y - 9} L ${x + 24} ${y} L ${x + 15} ${y + 9}" ${SIGN} stroke="${ink}"/>`;
}

const LINK_GAP = 34;
const LINK_BOX = { width: 520, height: 96 };

function drawLink({ connection }: Topology, top: number, words: PictureWords): Drawn {
  const { look } = connection;
  const { ink, stroke, tint } = styleOf(look);
  const height = LINK_BOX.height + 2 * LINK_GAP;
  const middle = WIDTH / 2;
  const x = middle - LINK_BOX.width / 2;
  const y = top + LINK_GAP;
  const room = LINK_BOX.width - 52 - widthOfLabel(look, words);
  const svg = [
    `<path d="M ${middle} ${top} V ${y} M ${middle} ${y + LINK_BOX.height} V ${top + height}" fill="none" stroke-width="6" ${stroke}/>`,
    box({ x, y, ...LINK_BOX, radius: 18, fill: tint, stroke: "none" }),
    `<rect x="${x}" y="${y}" width="${LINK_BOX.width}" height="${LINK_BOX.height}" rx="18" fill="none" stroke-width="4" ${stroke}/>`,
    text(words.connectionName(connection), { x: x + 26, y: y + 42, size: NORMAL, ink, bold: true, width: room }),
    text(words.connectionSize(connection), { x: x + 26, y: y + 74, size: SMALL, ink: QUIET, width: room }),
    drawLabel(look, { right: x + LINK_BOX.width - 22, middle: y + LINK_BOX.height / 2 }, words),
  ];
  return { svg: svg.join("\n"), height };
}

/** Dashed is what is not there. */
function styleOf(look: Look): { readonly ink: string; readonly stroke: string; readonly tint: string } {
  switch (look) {
    case "standing":
      return { ink: ACCENT, stroke: `stroke="${ACCENT}"`, tint: ACCENT_TINT };
    case "new":
      return { ink: ACCENT, stroke: `stroke="${ACCENT}" stroke-dasharray="9 6"`, tint: ACCENT_TINT };
    case "missing":
      return { ink: TROUBLE, stroke: `stroke="${TROUBLE}" stroke-dasharray="9 6"`, tint: TROUBLE_TINT };
    case "leaving":
    case "removed":
    case "notBuilt":
      return { ink: QUIET, stroke: `stroke="${QUIET}" stroke-dasharray="3 7"`, tint: CHIP };
  }
}

const LABEL_PADDING = 14;
const LABEL_HEIGHT = 34;

/** With the gap before it; 0 where nothing needs to be said. */
function widthOfLabel(look: Look, words: PictureWords): number {
  const word = words.look[look];
  return word === "" ? 0 : widthOf(word, SMALL) + 3 * LABEL_PADDING;
}

/** A word on a pill where somebody must look; quietly what is over. */
function drawLabel(
  look: Look,
  { right, middle }: { readonly right: number; readonly middle: number },
  words: PictureWords,
): string {
  const word = words.look[look];
  if (word === "") return "";
  const inside = Math.ceil(widthOf(word, SMALL));
  const style = { y: middle + 8, size: SMALL, bold: true, width: inside };
  if (look !== "new" && look !== "missing") return text(word, { ...style, x: right, end: true, ink: QUIET });
  const width = inside + 2 * LABEL_PADDING;
  const fill = look === "missing" ? TROUBLE : ACCENT;
  const pill = {
    x: right - width,
    y: middle - LABEL_HEIGHT / 2,
    width,
    height: LABEL_HEIGHT,
    radius: LABEL_HEIGHT / 2,
  };
  return [box({ ...pill, fill }), text(word, { ...style, x: right - width / 2, middle: true, ink: PAPER })].join("\n");
}

interface TextStyle {
  readonly x: number;
  /** Of the line that the letters stand on. */
  readonly y: number;
  readonly size: number;
  readonly ink: string;
  readonly bold?: boolean;
  /** It ends at `x`, or has its middle there; else it begins there. */
  readonly end?: boolean;
  readonly middle?: boolean;
  /** It is cut where it would be wider. */
  readonly width: number;
}

function text(words: string, { x, y, size, ink, bold = false, end, middle, width }: TextStyle): string {
  const shown = fitted(words, { size, width });
  const anchor = end ? ` text-anchor="end"` : middle ? ` text-anchor="middle"` : "";
  return `<text x="${x}" y="${y}" font-size="${size}" font-weight="${bold ? 600 : 400}" fill="${ink}"${anchor}>${escapedXml(shown)}</text>`;
}

function box({
  x,
  y,
  width,
  height,
  radius,
  fill,
  stroke = "none",
}: {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly radius: number;
  readonly fill: string;
  readonly stroke?: string;
}): string {
  const border = stroke === "none" ? "" : ` stroke="${stroke}" stroke-width="2"`;
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${radius}" fill="${fill}"${border}/>`;
}
