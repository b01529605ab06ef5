/**
 * Who people are and who leads, from Slack, kept in the store with its age. People are their ids; names are never asked.
 */
import type { webApi } from "@slack/bolt";
import { z } from "zod";
import type { Leads, Standing } from "../../machines/peering/authority.ts";
import type { Person } from "../../machines/peering/record.ts";
import { ChatFailure, isYoung, type Clock, type Directory, type Store } from "../ports.ts";
import { calling } from "./call.ts";
import type { Identity } from "./inbound/origin.ts";

/** People rarely change standing; a deactivated one must not stay for long. */
const PERSON_FRESH_MS = 5 * 60_000;

export interface DirectoryOptions {
  readonly client: webApi.WebClient;
  readonly identity: Identity;
  readonly store: Store;
  readonly clock: Clock;
  /** Slack user group of the network leads, or null. */
  readonly leadsGroup: string | null;
  /** Leads beside the group, user ids. */
  readonly leadsListed: readonly string[];
}

/** What Slack says of people whom this workspace does not know: https://docs.slack.dev/reference/methods/users.info (read 2026-11-23). */
const UNKNOWN_HERE = ["user_not_found", "user_not_visible"];

const NO_SUCH_GROUP = "no_such_subteam";

const Standings = z.enum(["member", "guest", "bot", "deactivated", "stranger"]);

export function createDirectory({
  client,
  identity,
  store,
  clock,
  leadsGroup,
  leadsListed,
}: DirectoryOptions): Directory {
  /** What is kept under `name` unless it is older than `maxAgeMs`; else looked up and kept. */
  async function kept<T>(name: string, schema: z.ZodType<T>, maxAgeMs: number, lookUp: () => Promise<T>): Promise<T> {
    const known = await store.remembered(name);
    if (known && isYoung(known.at, maxAgeMs, clock.now())) return schema.parse(known.value);
    const value = await lookUp();
    await store.remember(name, value, clock.now());
    return value;
  }

  async function standing({ teamId, userId }: Person): Promise<Standing> {
    if (teamId !== identity.teamId) return "stranger";
    return kept(`person/${userId}`, Standings, PERSON_FRESH_MS, async () => {
      try {
        return standingOf(await calling(client.users.info({ user: userId })), identity);
      } catch (error) {
        if (error instanceof ChatFailure && UNKNOWN_HERE.includes(error.code)) return "stranger";
        throw error;
      }
    });
  }

  async function members(group: string, maxAgeMs: number): Promise<readonly string[]> {
    return kept(`group/${group}`, z.array(z.string()), maxAgeMs, async () => {
      try {
        return (await calling(client.usergroups.users.list({ usergroup: group }))).users ?? [];
      } catch (error) {
        // Somebody deleted it: nobody is in it, and whoever asks is told that there are no leads.
        if (error instanceof ChatFailure && error.code === NO_SUCH_GROUP) return [];
        throw error;
      }
    });
  }

  return {
    actor: async (person) => ({ person, standing: await standing(person) }),
    async leads(maxAgeMs): Promise<Leads> {
      const inGroup = leadsGroup ? await members(leadsGroup, maxAgeMs) : [];
      return { userIds: [...new Set([...inGroup, ...leadsListed])], groupId: leadsGroup };
    },
    forgetLeads: async () => {
      if (leadsGroup) await store.remember(`group/${leadsGroup}`, [], 0);
    },
  };
}

/** Null when there is such a user group, else Slack's word for what is wrong with it. */
export async function groupProblem(client: webApi.WebClient, group: string): Promise<string | null> {
  try {
    await calling(client.usergroups.users.list({ usergroup: group }));
    return null;
  } catch (error) {
    if (error instanceof ChatFailure && error.code === NO_SUCH_GROUP) return error.code;
    throw error;
  }
}

/** Deny by default: whatever is not plainly a full member of this workspace is not one. */
function standingOf({ user }: webApi.UsersInfoResponse, identity: Identity): Standing {
  if (!user || user.id === "USLACKBOT") return "bot";
  if (user.is_bot === true) return "bot";
  if (user.deleted === true) return "deactivated";
  if (user.is_restricted === true || user.is_ultra_restricted === true) return "guest";
  const stranger = "is_stranger" in user && user.is_stranger;
  return stranger || user.team_id !== identity.teamId ? "stranger" : "member";
}
