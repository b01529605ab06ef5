import { LINUX_IMAGE } from "../build.ts";
import type { Image } from "../world.ts";

/** What runs on seeded instances. */
export const IMAGES = {
  linux: LINUX_IMAGE,
  alpine: {
    imageId: "alpine_3_22_x64_20G_alibase_20260615.vhd",
    osName: "Alpine Linux 3.22 64位",
    osType: "linux",
    ping: "busybox",
    users: ["root", "nobody"],
  },
  windows: {
    imageId: "win2025_24H2_x64_dtc_en-us_40G_alibase_20260610.vhd",
    osName: "Windows Server 2025 Datacenter 64位",
    osType: "windows",
    ping: "windows",
    users: ["System", "Administrator"],
  },
} as const satisfies Record<string, Image>;
