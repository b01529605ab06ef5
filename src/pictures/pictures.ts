/**
 * Pictures of peerings, from committed state: what is drawn, what it says in words, and the PNG of it.
 */
import { hashOf } from "../../machines/network/plan.ts";
import { topologyOf, type Topology } from "../../machines/peering/topology.ts";
import type { Log, Pictures } from "../ports.ts";
import { drawTopology } from "./draw.ts";
import { pngOf } from "./png.ts";
import type { PictureWords } from "./words.ts";

export function createPictures(words: PictureWords, inWords: (topology: Topology) => string, log: Log): Pictures {
  return {
    drawing(snapshot) {
      try {
        const topology = topologyOf(snapshot);
        const drawn = { svg: drawTopology(topology, words), altText: inWords(topology) };
        return { ...drawn, hash: hashOf(drawn) };
      } catch (error) {
        // A bug; card and thread must be told all the same.
        log.error("picture not drawn", { peeringId: snapshot.peering.id, cause: String(error) });
        return null;
      }
    },
    png: ({ svg }) => pngOf(svg),
  };
}
