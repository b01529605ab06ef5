import { Config } from "@alicloud/credentials";
import { Credential } from "./sdk.ts";

/** An access key that is given and not looked for: a sandbox's, or a test's. */
export interface AccessKey {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
}

/**
 * Where the SDKs get their credentials from: the access key given, or the default chain of environment, OIDC, CLI
 * profile, credentials file, instance role and credentials URI.
 *
 * Asks once and alone before anybody else can: until its first success the chain of @alicloud/credentials 2.4.7 answers
 * a second caller from the provider it happens to be trying, and fails. Rejects when no provider has any.
 *
 * https://www.alibabacloud.com/help/en/sdk/developer-reference/v2-manage-node-js-access-credentials (read 2026-08-22)
 */
export async function warmUpCredentials(accessKey?: AccessKey): Promise<Credential> {
  const credential = accessKey ? new Credential(new Config({ type: "access_key", ...accessKey })) : new Credential();
  try {
    await credential.getCredential();
  } catch (error) {
    throw new Error("getting credentials for Alibaba Cloud", { cause: error });
  }
  return credential;
}
