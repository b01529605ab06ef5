import { expect, test } from "vitest";
import type { NetworkAclEntry, SideFacts } from "../../machines/network/facts.ts";
import { judgeAcl } from "../../machines/network/network-acl-entries.ts";
import { replyTo, requestPacket } from "../../machines/network/packet.ts";
import { vSwitch } from "./networks.ts";
import { facts } from "./tutorial.ts";

const AT = { ...vSwitch("vsw-2ze1", "172.16.1.0/24", "vtb-2ze1"), networkAclId: "nacl-1" };
const REPLY = replyTo(requestPacket({ sourceIp: "192.168.1.10", destinationIp: "172.16.1.10" }, "TCP", 5432));

function sideWith(...egress: readonly NetworkAclEntry[]): SideFacts {
  const other = { id: "nacl-0", name: "", ingress: [], egress: [] };
  return { ...facts().acceptor, networkAcls: [other, { id: "nacl-1", name: "", ingress: [], egress }] };
}

function to(portRange: string, change: Partial<NetworkAclEntry> = {}): NetworkAclEntry {
  return {
    id: `nae-${portRange}`,
    policy: "accept",
    protocol: "TCP",
    portRange,
    peerCidr: "192.168.0.0/16",
    ...change,
  };
}

test("a reply gets out when each port that the client may have is let out, be it by several entries", () => {
  const both = sideWith(to("1/40000"), to("40001/65535"));

  expect(judgeAcl("egress", REPLY, both, AT)).toEqual({ judgement: "accept", entryId: "nae-1/40000" });
});

test.each([
  ["that no entry is about", [to("1/40000")], null],
  ["that an earlier entry drops", [to("50000/50000", { policy: "drop" }), to("1/65535")], "nae-50000/50000"],
])("a reply does not get out when the client may have a port %s", (_, entries, entryId) => {
  expect(judgeAcl("egress", REPLY, sideWith(...entries), AT)).toEqual({
    judgement: "drop",
    why: { cause: "aclDrops", direction: "egress", networkAclId: "nacl-1", entryId },
  });
});

test.each([
  ["were not read", null],
  ["do not have it", []],
])("what a network ACL does is unknown when those of the side %s", (_, networkAcls) => {
  expect(judgeAcl("egress", REPLY, { ...facts().acceptor, networkAcls }, AT)).toEqual({
    judgement: "unknown",
    why: { cause: "notRead", what: "networkAcl", id: "nacl-1" },
  });
});
