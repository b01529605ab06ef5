/**
 * What the settings of the checks are read as.
 */
import { describe, expect, test } from "vitest";
import { readConfig } from "../src/config.ts";

const NEEDED = {
  SLACK_BOT_TOKEN: "xoxb-1",
  SLACK_APP_TOKEN: "xapp-1",
  SLACK_CHANNEL: "C0123456789",
};

describe("pairs of regions across the border", () => {
  test("carry their reference", () => {
    expect(
      read({ CROSS_BORDER_PAIRS: "cn-qingdao/ap-southeast-1=REF-2026-17, cn-hangzhou/us-east-1=REF-2026-18" }),
    ).toMatchObject({
      crossBorder: [
        { regions: ["cn-qingdao", "ap-southeast-1"], reference: "REF-2026-17" },
        { regions: ["cn-hangzhou", "us-east-1"], reference: "REF-2026-18" },
      ],
    });
  });

  test("are none unless somebody names them", () => {
    expect(read({})).toMatchObject({ crossBorder: [], routerInterfacesMax: 5 });
  });

  test.each(["cn-qingdao/ap-southeast-1", "cn-qingdao=REF-1", "cn-qingdao/ap-southeast-1=", "anything"])(
    "%s is none",
    (text) => {
      expect(read({ CROSS_BORDER_PAIRS: text })).toEqual([expect.stringContaining("CROSS_BORDER_PAIRS must be pairs")]);
    },
  );
});

describe("interfaces per router", () => {
  test("are what Quota Center says", () => {
    expect(read({ ROUTER_INTERFACES_MAX: "10" })).toMatchObject({ routerInterfacesMax: 10 });
  });

  test.each(["0", "many", "2.5", "101"])("%s is no number of them", (text) => {
    expect(read({ ROUTER_INTERFACES_MAX: text })).toEqual([expect.stringContaining("ROUTER_INTERFACES_MAX must be")]);
  });
});

function read(settings: Readonly<Record<string, string>>) {
  const result = readConfig({ ...NEEDED, ...settings });
  return "config" in result ? result.config : result.problems;
}
