import type { ConstructorOptions } from "pg-boss";
import type { Db } from "./schema.ts";

/** The database that rows and jobs live in: all that differs between PGlite and PostgreSQL. */
export interface Home {
  readonly db: Db;
  /** How pg-boss gets at the same database. */
  readonly boss: ConstructorOptions;
  /** No other process can be at work here, so a job that looks active was left by a dead one. */
  readonly alone: boolean;
  close(): Promise<void>;
  /** Lets go at once, as a kill does: what is open does not commit, and what is being waited for never comes. */
  drop(): void;
}
