/**
 * Pictures of peerings, from committed state: what is drawn, what it says in words, and the PNG of it.
 */
import { hashOf } from "../../machines/network/plan.ts";
import { approvedRun } from "../../machines/peering/record.ts";
import { topologyOf, type Topology } from "../../machines/peering/topology.ts";
import type { Pictures } from "../ports.ts";
import { drawTopology } from "./draw.ts";
import { pngOf } from "./png.ts";
import type { PictureWords } from "./words.ts";

export function createPictures(words: PictureWords, inWords: (topology: Topology) => string): Pictures {
  return {
    drawing(snapshot) {
      const topology = topologyOf(snapshot);
      const drawn = { svg: drawTopology(topology, words), altText: inWords(topology) };
      return { ...drawn, hash: hashOf(drawn), planHash: approvedRun(snapshot.peering).plan.hash };
    },
    png: ({ svg }) => pngOf(svg),
  };
}
