import { Resvg } from "@resvg/resvg-js";
import { assert, property, string } from "fast-check";
import { describe, expect, test } from "vitest";
import type { DrawnSide, Look, Topology } from "../../machines/peering/topology.ts";
import { drawTopology, FAMILIES, WIDTH } from "../../src/pictures/draw.ts";
import { FONTS } from "../../src/pictures/fonts.ts";
import { pngOf } from "../../src/pictures/png.ts";
import { escapedXml, fitted, widthOf } from "../../src/pictures/shown-text.ts";
import { PICTURE_WORDS, pictureInWords } from "../../src/slack/texts/en/picture.ts";

const SIDE: DrawnSide = {
  regionId: "cn-qingdao",
  vpcId: "vpc-m5e1",
  name: "orders-prod",
  wholeVpc: true,
  cidrs: { first: ["192.168.0.0/16"], left: 0 },
  vSwitches: { first: [{ name: "orders-a", cidr: "192.168.1.0/24" }], left: 0 },
  routes: { first: [{ destination: "172.16.0.0/16", tables: 1, look: "new" }], left: 0 },
  opens: { first: [{ ping: true, ports: [], groups: 1, look: "new" }], left: 0 },
};

function topology(initiator: Partial<DrawnSide> = {}, change: Partial<Topology> = {}): Topology {
  return {
    peeringId: "P-4F7K2M9Q",
    status: "planned",
    connection: { kind: "router-interfaces", size: "Mini.2", look: "new" },
    initiator: { ...SIDE, ...initiator },
    acceptor: { ...SIDE, name: "shared-data", regionId: "cn-beijing" },
    ...change,
  };
}

const draw = (one: Topology) => drawTopology(one, PICTURE_WORDS);

type Pixels = ReturnType<typeof pixelsOf>;

/** RGBA of the picture of an SVG. */
function pixelsOf(svg: string): { readonly width: number; readonly height: number; readonly pixels: Buffer } {
  const { width, height, pixels } = new Resvg(svg, { font: FONTS, logLevel: "off" }).render();
  return { width, height, pixels };
}

/** How many pixels differ within a box. */
function inkIn(a: Pixels, b: Pixels, box: { x: number; y: number; width: number; height: number }): number {
  expect([a.width, a.height]).toEqual([b.width, b.height]);
  let differing = 0;
  for (let y = box.y; y < box.y + box.height; y += 1) {
    for (let x = box.x; x < box.x + box.width; x += 1) {
      const at = 4 * (y * a.width + x);
      if (!a.pixels.subarray(at, at + 4).equals(b.pixels.subarray(at, at + 4))) differing += 1;
    }
  }
  return differing;
}

/** Where the name of the first VPC stands. */
const NAME_BOX = { x: 52, y: 100, width: 420, height: 46 };

describe("text is really drawn", () => {
  test("there is ink where each text stands, and none where it is taken out", () => {
    const svg = draw(topology());
    const texts = [...svg.matchAll(/<text x="([\d.]+)" y="([\d.]+)" font-size="(\d+)"([^>]*)>[^<]+<\/text>/g)];

    expect(texts.length).toBeGreaterThan(20);
    const all = pixelsOf(svg);
    for (const [whole, x = "", y = "", size = "", rest = ""] of texts) {
      const height = Number(size);
      const left = rest.includes("end")
        ? Number(x) - height
        : rest.includes("middle")
          ? Number(x) - height / 2
          : Number(x);
      const box = { x: Math.floor(left), y: Number(y) - height, width: height, height: height + 4 };
      expect(inkIn(all, pixelsOf(svg.replace(whole, "")), box), whole).toBeGreaterThan(30);
    }
  });

  test("a Chinese name is drawn in its own shapes, not in those of characters that are missing", () => {
    const [one, other, none, tofu] = ["华北生产", "数据平台", "", "\u{13000}\u{13001}\u{13002}\u{13003}"].map((name) =>
      pixelsOf(draw(topology({ name }))),
    ) as [Pixels, Pixels, Pixels, Pixels];

    for (const another of [other, none, tofu]) expect(inkIn(one, another, NAME_BOX)).toBeGreaterThan(1_000);
  });

  test("bold is bolder", () => {
    const svg = draw(topology());
    const plain = svg.replace(
      'font-weight="600" fill="#16191d">orders-prod',
      'font-weight="400" fill="#16191d">orders-prod',
    );

    expect(plain).not.toBe(svg);
    expect(inkIn(pixelsOf(svg), pixelsOf(plain), NAME_BOX)).toBeGreaterThan(300);
  });
});

test("the same peering gives the same bytes", async () => {
  const [one, other] = await Promise.all([pngOf(draw(topology())), pngOf(draw(topology()))]);

  expect(Buffer.from(one).equals(Buffer.from(other))).toBe(true);
  expect(Buffer.from(one).subarray(1, 4).toString()).toBe("PNG");
});

test("what is no picture is a rejection, and nothing waits for it", async () => {
  await expect(pngOf("<svg")).rejects.toThrow(/SVG/);
});

/** Each with its place and its looks, without what is written in it. */
function elementsOf(svg: string): readonly string[] {
  return [...svg.matchAll(/<(\w+) [^>]*>/g)].map(([whole]) => whole);
}

describe("foreign names", () => {
  const foreign = string({ unit: "binary", maxLength: 80 });

  test("are text, whatever is in them, and neither leave their place nor break the picture", () => {
    assert(
      property(foreign, foreign, (name, vSwitch) => {
        const svg = draw(topology({ name, vSwitches: { first: [{ name: vSwitch, cidr: "10.0.0.0/24" }], left: 0 } }));
        const plain = draw(
          topology({ name: "a", vSwitches: { first: [{ name: "b", cidr: "10.0.0.0/24" }], left: 0 } }),
        );
        // The same elements in the same places: the names have added none.
        expect(elementsOf(svg)).toEqual(elementsOf(plain));
        expect(new Resvg(svg, { font: FONTS, logLevel: "off" }).width).toBe(WIDTH);
      }),
      { numRuns: 25 },
    );
  });

  test.each([
    '"><script>alert(1)</script>',
    '</text><rect width="720" height="9"/><text>',
    "&amp;&#x26;&lt;b&gt;",
    "]]><!-- --><?xml?>",
    "&undefined; \u0000\uFFFE\uD800",
  ])("are shown as they are written: %j", (name) => {
    const svg = draw(topology({ name }));
    expect(elementsOf(svg)).toEqual(elementsOf(draw(topology({ name: "a" }))));
    const begins = fitted(name, { size: 34, width: 300 }).replace("…", "");
    expect(svg).toContain(`>${escapedXml(begins)}`);
    expect(inkIn(pixelsOf(svg), pixelsOf(draw(topology({ name: "" }))), NAME_BOX)).toBeGreaterThan(500);
  });

  test("end with an ellipsis where there is no room for more", () => {
    const size = 34;
    const long = "a-very-long-name-".repeat(10);

    expect(fitted(long, { size, width: 300 })).toMatch(/^a-very.*…$/);
    expect(widthOf(fitted(long, { size, width: 300 }), size)).toBeLessThanOrEqual(300);
    expect(fitted("short", { size, width: 300 })).toBe("short");
  });

  test("lose what nobody sees, and show a box for what the fonts do not have", () => {
    expect(fitted("a\u202Eb\u200Bc\n\u0007d \u{1F525} e", { size: 22, width: 400 })).toBe("a b c d □ e");
  });
});

/** In px at a size of 30. */
function drawnWidth(text: string): number {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="3000" height="60" font-family="${FAMILIES}"><text x="20" y="40" font-size="30" font-weight="600">${escapedXml(text)}</text></svg>`;
  return new Resvg(svg, { font: FONTS, logLevel: "off" }).getBBox()?.width ?? 0;
}

describe("no text is drawn wider than it was thought to be", () => {
  const ascii = Array.from({ length: 94 }, (_, index) => String.fromCodePoint(33 + index));

  test("ASCII, character by character", () => {
    for (const character of ascii) {
      const text = character.repeat(20);
      expect(drawnWidth(text), text).toBeGreaterThan(100);
      expect(widthOf(text, 30), text).toBeGreaterThanOrEqual(drawnWidth(text));
    }
  });

  test("ASCII in any order", () => {
    assert(
      property(string({ minLength: 5, maxLength: 40 }), (text) => {
        const shown = fitted(text, { size: 30, width: 3_000 });
        expect(widthOf(shown, 30)).toBeGreaterThanOrEqual(drawnWidth(shown));
      }),
      { numRuns: 200 },
    );
  });

  test("ASCII in Chinese company, where it has the shapes of the other font", () => {
    for (let at = 0; at < ascii.length; at += 12) {
      const text = `名${ascii.slice(at, at + 12).join("")}`;
      expect(widthOf(text, 30), text).toBeGreaterThanOrEqual(drawnWidth(text));
    }
  });

  test.each(["华北二·生产", "Zürich ÄÖÜ", "Привет ШЩЮ Ωμέγα", "データ", "€ → □ …", "全角ＷＷＷ"])("%s", (text) => {
    expect(drawnWidth(text)).toBeGreaterThan(60);
    expect(widthOf(text, 30)).toBeGreaterThanOrEqual(drawnWidth(text));
  });

  test("and names are thought a seventh too wide at most", () => {
    for (const name of ["orders-prod", "192.168.100.128/25", "Router interfaces", "shared-data-staging-2"])
      expect(widthOf(name, 30) / drawnWidth(name), name).toBeLessThan(1.143);
  });
});

describe("the largest peering there can be", () => {
  const many = topology({
    name: "名".repeat(128),
    cidrs: { first: Array.from({ length: 6 }, (_, index) => `192.168.${100 + index}.128/25`), left: 44 },
    vSwitches: {
      first: Array.from({ length: 4 }, () => ({ name: "v".repeat(128), cidr: "192.168.100.128/25" })),
      left: 46,
    },
    routes: {
      first: Array.from({ length: 3 }, (_, index) => ({
        destination: `172.16.${100 + index}.128/25`,
        tables: 200,
        look: "new" as const,
      })),
      left: 47,
    },
    opens: {
      first: Array.from({ length: 3 }, () => ({
        ping: true,
        ports: Array.from({ length: 10 }, (_, index) => `${50_000 + 100 * index}-${50_050 + 100 * index}`),
        groups: 10,
        look: "new",
      })),
      left: 6,
    },
  });

  test("is a picture of bounded size that says how much it leaves out", () => {
    const svg = draw(many);

    expect(svg.length).toBeLessThan(20_000);
    expect(Number(/height="(\d+)"/.exec(svg)?.[1])).toBeLessThan(1_800);
    for (const said of ["+ 46 more vSwitches", "+ 47 more routes", "+ 49 more", "+ 6 more openings"])
      expect(svg).toContain(said);
  });

  test("is told in words that Slack takes as alternative text", () => {
    expect(pictureInWords(many).length).toBeLessThanOrEqual(2_000);
    expect(pictureInWords(many)).toContain("46 more");
    expect(pictureInWords(many)).toContain("50900-50950");
  });
});

test("what is new, missing or removed says so in a word, in the picture and in the text", () => {
  const looks: ReadonlyArray<readonly [Look, string]> = [
    ["new", "new"],
    ["missing", "missing"],
    ["leaving", "being removed"],
    ["removed", "removed"],
    ["notBuilt", "not built"],
  ];
  for (const [look, word] of looks) {
    const one = topology({ routes: { first: [{ destination: "172.16.0.0/16", tables: 1, look }], left: 0 } });
    const standing = topology({
      routes: { first: [{ destination: "172.16.0.0/16", tables: 1, look: "standing" }], left: 0 },
    });
    const labels = (of: Topology) => draw(of).split(`>${word}<`).length;
    expect(labels(one)).toBe(labels(standing) + 1);
    expect(pictureInWords(one)).toContain(`172.16.0.0/16 in 1 route table (${word})`);
  }
});

test("every text reaches a contrast of 7:1 on what it stands on", () => {
  const inks = ["#16191d", "#4a515b", "#0a4fa0", "#9a1b14"];
  const papers = ["#ffffff", "#f4f6f8"];
  const svgs = (["planned", "stopped", "rolledBack"] as const).map((status) => draw(topology({}, { status }))).join("");
  for (const [, fill] of svgs.matchAll(/<text [^>]*fill="(#\w+)"/g)) expect([...inks, "#ffffff"]).toContain(fill);
  for (const ink of inks) for (const paper of papers) expect(contrast(ink, paper)).toBeGreaterThan(7);
  expect(contrast("#4a515b", "#eef1f4")).toBeGreaterThan(7);
  expect(contrast("#0a4fa0", "#e6effa")).toBeGreaterThan(6.5);
});

/** https://www.w3.org/TR/WCAG21/#dfn-contrast-ratio */
function contrast(one: string, other: string): number {
  const [bright = 0, dark = 0] = [luminance(one), luminance(other)].toSorted((a, b) => b - a);
  return (bright + 0.05) / (dark + 0.05);
}

function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
