/**
 * Foreign text in a picture: made harmless, cut to its place, and written with characters that the fonts have.
 */

/** Latin, Greek, Cyrillic, signs, Chinese and Japanese. Of the rest the fonts have no shape, or one wider than its place. */
const DRAWABLE =
  /[\u0020-\u007e\u00a0-\u0148\u014a-\u01c3\u0370-\u0377\u037a-\u037f\u0384-\u03a1\u03a3-\u03d7\u0400-\u0408\u040b-\u045f\u2010-\u2027\u2032-\u2046\u20a0-\u20a7\u20a9-\u20ae\u3000-\u3029\u3030-\u303f\u3041-\u3096\u309b-\u30ff\u3400-\u4db5\u4e00-\u9fd0\uff01-\uffbe\u2192\u00d7\u25a1]/u;

/** Stands for a character without a shape. */
const NO_SHAPE = "□";

/**
 * One line, without what nobody sees: such characters can turn the order of the others around, and XML knows no control
 * characters.
 */
function oneLine(text: string): string {
  return text
    .toWellFormed()
    .normalize("NFC")
    .replaceAll(/[\s\p{Cc}\p{Cf}\p{Cn}\p{Co}]+/gu, " ")
    .trim();
}

/** As much of the text as fits into `width` at this size, with an ellipsis where it was cut. */
export function fitted(text: string, { size, width }: { readonly size: number; readonly width: number }): string {
  const shown = Array.from(oneLine(text), (character) => (DRAWABLE.test(character) ? character : NO_SHAPE));
  if (widthOf(shown.join(""), size) <= width) return shown.join("");
  let room = width - widthOf("…", size);
  const over = shown.findIndex((character) => (room -= widthOf(character, size)) < 0);
  return `${shown.slice(0, over).join("").trimEnd()}…`;
}

/** In lines of this width, broken at spaces but not at those that are not to be broken at. */
export function wrapped(text: string, { size, width }: { readonly size: number; readonly width: number }): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const longer = `${lines.at(-1) ?? ""} ${word}`;
    if (lines.length > 0 && widthOf(longer, size) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** Widths from space to tilde, in thousandths of the font size: of the three faces the one that is widest there. */
const ASCII_WIDTHS = [
  282, 343, 523, 644, 651, 1005, 705, 326, 374, 374, 540, 673, 319, 466, 319, 390, 660, 570, 624, 637, 667, 613, 640,
  577, 641, 640, 319, 330, 673, 673, 673, 544, 1000, 728, 667, 737, 723, 606, 591, 750, 746, 309, 580, 704, 566, 923,
  760, 769, 647, 773, 655, 651, 661, 745, 728, 1021, 720, 714, 653, 374, 390, 374, 570, 562, 614, 575, 629, 583, 630,
  592, 389, 626, 621, 287, 288, 575, 298, 942, 624, 614, 630, 630, 409, 550, 396, 620, 587, 840, 569, 589, 566, 455,
  359, 455, 673,
];
const WIDTH_OF_THE_REST = 1_050;
/** Some pairs are set apart a little. */
const KERNING = 1.025;

/** No less than the width it takes when drawn, and little more for Latin text. */
export function widthOf(text: string, size: number): number {
  let thousandths = 0;
  for (const character of text) thousandths += ASCII_WIDTHS[(character.codePointAt(0) ?? 0) - 32] ?? WIDTH_OF_THE_REST;
  return (thousandths * KERNING * size) / 1_000;
}

/** For text and for attribute values: XML 1.0, https://www.w3.org/TR/xml/#syntax. */
export function escapedXml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&apos;");
}
