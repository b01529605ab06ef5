/**
 * Fonts of our own, so that a picture has the same bytes on every machine.
 */
import { fileURLToPath } from "node:url";

/** Where a package keeps what it is there for. */
function within(packageEntry: string, path: string): string {
  return fileURLToPath(new URL(path, packageEntry));
}

/**
 * Inter for Latin, Greek and Cyrillic; Noto Sans for Chinese and Japanese. Both under the SIL Open Font License.
 *
 * By path: the renderer maps the 8 MB of Noto Sans, and reads them only for a picture with such a name in it.
 */
export const FONTS = {
  fontFiles: [
    within(import.meta.resolve("@expo-google-fonts/inter"), "400Regular/Inter_400Regular.ttf"),
    within(import.meta.resolve("@expo-google-fonts/inter"), "600SemiBold/Inter_600SemiBold.ttf"),
    within(import.meta.resolve("@embedpdf/fonts-sc"), "../fonts/NotoSansHans-Medium.otf"),
  ],
  loadSystemFonts: false,
  defaultFontFamily: "Inter",
};
