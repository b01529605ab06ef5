/** A person of the seeded workspace. */
export interface SeedPerson {
  readonly id: string;
  /** Handle, without the at sign. */
  readonly name: string;
  readonly realName: string;
  readonly title: string;
  readonly tz: string;
  readonly kind: "member" | "guest" | "stranger" | "bot";
  readonly deleted?: boolean;
}

interface SeedChannel {
  readonly id: string;
  readonly name: string;
  readonly kind: "public" | "private";
  readonly members: readonly string[];
  readonly hasBot: boolean;
  readonly isExtShared?: boolean;
}

interface SeedGroup {
  readonly id: string;
  readonly handle: string;
  readonly name: string;
  readonly members: readonly string[];
}

/** Everything a workspace starts with. */
export interface Seeds {
  readonly team: { readonly id: string; readonly name: string; readonly domain: string };
  /** The other organisation that strangers come from. */
  readonly otherTeamId: string;
  readonly app: {
    readonly id: string;
    readonly name: string;
    readonly botId: string;
    readonly botUserId: string;
    readonly botName: string;
    readonly botToken: string;
    readonly appToken: string;
    readonly signingSecret: string;
  };
  readonly people: readonly SeedPerson[];
  readonly channels: readonly SeedChannel[];
  readonly groups: readonly SeedGroup[];
}

const MEI = "U0MEILIN01";
const TOMEK = "U0TOMEK001";
const ARJUN = "U0ARJUN001";
const SOFIA = "U0SOFIA001";
const HANA = "U0HANA0001";
const PRIYA = "U0PRIYA001";
const KENJI = "U0KENJI001";
const LENA = "U0LENA0001";
const DEPLOYS = "U0DEPLOYS1";

/** The workspace of the demo: engineers, network leads, and everyone a bot has to refuse. */
export const SEEDS: Seeds = {
  team: { id: "T0HARBOUR1", name: "Harbour", domain: "harbour" },
  otherTeamId: "T0NORTHWND",
  app: {
    id: "A0PEERVPCS",
    name: "peer-vpcs",
    botId: "B0PEERVPCS",
    botUserId: "U0PEERVPCS",
    botName: "peer-vpcs",
    botToken: "xoxb-sandbox-not-a-real-token",
    appToken: "xapp-sandbox-not-a-real-token",
    signingSecret: "sandbox-signing-secret-not-a-real-one",
  },
  people: [
    { id: MEI, name: "mei.lin", realName: "Mei Lin", title: "Engineer, orders", tz: "Asia/Shanghai", kind: "member" },
    { id: TOMEK, name: "tomek", realName: "Tomek Baran", title: "Engineer", tz: "Europe/Warsaw", kind: "member" },
    { id: ARJUN, name: "arjun.rao", realName: "Arjun Rao", title: "Network lead", tz: "Asia/Kolkata", kind: "member" },
    { id: SOFIA, name: "sofia", realName: "Sofia Marti", title: "Network lead", tz: "Europe/Madrid", kind: "member" },
    { id: HANA, name: "hana", realName: "Hana Sato", title: "Data lead", tz: "Asia/Tokyo", kind: "member" },
    { id: PRIYA, name: "priya", realName: "Priya Nair", title: "Contractor", tz: "Asia/Kolkata", kind: "guest" },
    { id: KENJI, name: "kenji", realName: "Kenji Mori", title: "Northwind", tz: "Asia/Tokyo", kind: "stranger" },
    {
      id: LENA,
      name: "lena",
      realName: "Lena Vogt",
      title: "Left the company",
      tz: "Europe/Berlin",
      kind: "member",
      deleted: true,
    },
    { id: DEPLOYS, name: "deploys", realName: "Deploys", title: "", tz: "America/Los_Angeles", kind: "bot" },
  ],
  channels: [
    {
      id: "C0NETWORKS",
      name: "network-requests",
      kind: "public",
      members: [MEI, TOMEK, ARJUN, SOFIA, HANA, PRIYA, DEPLOYS],
      hasBot: true,
    },
    { id: "C0RANDOM01", name: "random", kind: "public", members: [MEI, TOMEK, ARJUN, SOFIA, HANA], hasBot: false },
    { id: "C0NETLEADS", name: "network-leads-only", kind: "private", members: [ARJUN, SOFIA], hasBot: false },
    {
      id: "C0PARTNERS",
      name: "northwind-project",
      kind: "public",
      members: [MEI, ARJUN, KENJI],
      hasBot: true,
      isExtShared: true,
    },
  ],
  groups: [
    { id: "S0NETLEADS", handle: "network-leads", name: "Network leads", members: [ARJUN, SOFIA] },
    { id: "S0DATALEAD", handle: "data-leads", name: "Data leads", members: [HANA] },
  ],
};
