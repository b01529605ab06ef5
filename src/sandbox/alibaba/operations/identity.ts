import type { Operation } from "../simulation.ts";

/** Who the access key belongs to: the account itself. */
export const getCallerIdentity: Operation = {
  kind: "read",
  run: ({ world }) => ({
    body: {
      IdentityType: "Account",
      AccountId: world.accountId,
      PrincipalId: world.accountId,
      UserId: world.accountId,
      Arn: `acs:ram::${world.accountId}:root`,
    },
  }),
};
