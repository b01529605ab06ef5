/** The rows of peerings, and the pairs of VPCs they claim. */
import type { VpcId } from "../../machines/network/facts.ts";
import { isEnded, MACHINE_VERSION } from "../../machines/peering/machine.ts";
import type { PeeringId } from "../../machines/peering/record.ts";
import { upgraded } from "../../machines/peering/upgrade.ts";
import type { PeeringFilter, StoredPeering } from "../ports.ts";
import { toJson, type Database, type Db } from "./schema.ts";

const STORED = [
  "snapshot",
  "version",
  "headHash",
  "machineVersion",
  "timers",
  "createdAt",
  "updatedAt",
] as const satisfies ReadonlyArray<keyof Database["peering"]>;

/** As it was when last committed; null when there is none. */
export async function findPeering(db: Db, id: PeeringId): Promise<StoredPeering | null> {
  return fromRow(await db.selectFrom("peering").select(STORED).where("id", "=", id).executeTakeFirst());
}

/** Nobody else changes the peering until the transaction ends; null when there is none. */
export async function lockPeering(trx: Db, id: PeeringId): Promise<StoredPeering | null> {
  return fromRow(await trx.selectFrom("peering").select(STORED).where("id", "=", id).forUpdate().executeTakeFirst());
}

/** Empty when the last of the page before is not there. */
export async function listPeerings(
  db: Db,
  { show, person, limit, before }: PeeringFilter,
): Promise<readonly StoredPeering[]> {
  let page = db.selectFrom("peering").select(STORED).orderBy("createdAt", "desc").orderBy("id", "desc").limit(limit);
  if (show === "mine")
    page = page.where("requesterTeamId", "=", person.teamId).where("requesterUserId", "=", person.userId);
  if (show === "open") page = page.where("open", "is", true);
  if (before !== undefined) {
    page = page.where((eb) =>
      eb(
        eb.refTuple("createdAt", "id"),
        "<",
        eb
          .selectFrom("peering as last")
          .select(["last.createdAt", "last.id"])
          .where("last.id", "=", before)
          .$asTuple("createdAt", "id"),
      ),
    );
  }
  return (await page.execute()).map(current);
}

/** Rejects when there is one with its id. */
export async function insertPeering(trx: Db, peering: StoredPeering): Promise<void> {
  await trx.insertInto("peering").values(toRow(peering)).execute();
}

/** Rejects when it was never inserted. */
export async function updatePeering(trx: Db, peering: StoredPeering): Promise<void> {
  const { id, ...row } = toRow(peering);
  const { numUpdatedRows } = await trx.updateTable("peering").set(row).where("id", "=", id).executeTakeFirstOrThrow();
  if (numUpdatedRows === 0n) throw new Error(`updating peering ${id}: it is not in the store`);
}

function fromRow(row: StoredPeering | undefined): StoredPeering | null {
  return row ? current(row) : null;
}

/** What an older bot stored, as this one would have. */
function current(row: StoredPeering): StoredPeering {
  return { ...row, snapshot: upgraded(row.snapshot, row.machineVersion), machineVersion: MACHINE_VERSION };
}

function toRow({ snapshot, timers, ...rest }: StoredPeering) {
  const { id, requester } = snapshot.peering;
  return {
    ...rest,
    id,
    requesterTeamId: requester.teamId,
    requesterUserId: requester.userId,
    state: snapshot.state,
    open: !isEnded(snapshot.state),
    snapshot: toJson(snapshot),
    timers: toJson(timers),
  };
}

/** Answers with who has the pair once this returns. Waits for a transaction that is about to take it. */
export async function claimPair(trx: Db, [one, other]: readonly [VpcId, VpcId], id: PeeringId): Promise<PeeringId> {
  const vpcPair = [one, other].toSorted().join(" ");
  const claim = await trx
    .insertInto("claim")
    .values({ vpcPair, peeringId: id })
    // An update that changes nothing, since only a row that was written is returned.
    .onConflict((conflict) => conflict.column("vpcPair").doUpdateSet({ vpcPair }))
    .returning("peeringId")
    .executeTakeFirstOrThrow();
  return claim.peeringId;
}

/** Frees whatever the peering has claimed. */
export async function freePair(trx: Db, id: PeeringId): Promise<void> {
  await trx.deleteFrom("claim").where("peeringId", "=", id).execute();
}
