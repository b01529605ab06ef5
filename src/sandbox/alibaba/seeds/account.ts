/** The account that the access key belongs to, and that owns everything but the VPC `other-account`. */
export const ACCOUNT_ID = "1234567890123456";
