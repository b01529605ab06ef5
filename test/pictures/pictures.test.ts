import { expect, test } from "vitest";
import { createPictures } from "../../src/pictures/pictures.ts";
import { PICTURE_WORDS, pictureInWords } from "../../src/slack/texts/en/picture.ts";
import { approved, requested } from "../machines/peering-in.ts";
import { quietLog } from "../quiet-log.ts";

test("a drawing has a hash by what it looks like and says, and keeps it while nothing of that changes", () => {
  const pictures = createPictures(PICTURE_WORDS, pictureInWords, quietLog);
  const [creating, routed, verified] = (["creating", "routed", "verified"] as const).map((state) =>
    pictures.drawing(approved().until(state).next),
  );
  const planned = pictures.drawing(requested().next);

  expect(creating).toEqual(routed);
  expect(new Set([planned?.hash, creating?.hash, verified?.hash]).size).toBe(3);
  expect(planned?.altText).toMatch(/^Planned\. orders-prod in Qingdao/);
});

function wordless(): never {
  throw new Error("no words");
}

test("what cannot be drawn is logged and is no picture, so that card and thread are told all the same", () => {
  const logged: unknown[] = [];
  const log = { ...quietLog, error: (message: string, fields?: object) => void logged.push({ message, ...fields }) };
  const pictures = createPictures(PICTURE_WORDS, wordless, log);
  const { next } = requested();

  expect(pictures.drawing(next)).toBeNull();
  expect(logged).toEqual([{ message: "picture not drawn", peeringId: next.peering.id, cause: "Error: no words" }]);
});
