/** What people call a region. Ids that are not listed are shown as they are. */
const NAMES: Readonly<Record<string, string>> = {
  "cn-qingdao": "Qingdao",
  "cn-beijing": "Beijing",
  "cn-zhangjiakou": "Zhangjiakou",
  "cn-huhehaote": "Hohhot",
  "cn-wulanchabu": "Ulanqab",
  "cn-hangzhou": "Hangzhou",
  "cn-shanghai": "Shanghai",
  "cn-nanjing": "Nanjing",
  "cn-fuzhou": "Fuzhou",
  "cn-shenzhen": "Shenzhen",
  "cn-heyuan": "Heyuan",
  "cn-guangzhou": "Guangzhou",
  "cn-chengdu": "Chengdu",
  "cn-wuhan-lr": "Wuhan",
  "cn-hongkong": "Hong Kong",
  "ap-southeast-1": "Singapore",
  "ap-southeast-3": "Kuala Lumpur",
  "ap-southeast-5": "Jakarta",
  "ap-southeast-6": "Manila",
  "ap-southeast-7": "Bangkok",
  "ap-northeast-1": "Tokyo",
  "ap-northeast-2": "Seoul",
  "us-west-1": "Silicon Valley",
  "us-east-1": "Virginia",
  "eu-central-1": "Frankfurt",
  "eu-west-1": "London",
  "me-east-1": "Dubai",
  "me-central-1": "Riyadh",
};

/** `cn-qingdao` → `Qingdao`. */
export function regionName(regionId: string): string {
  return NAMES[regionId] ?? regionId;
}
