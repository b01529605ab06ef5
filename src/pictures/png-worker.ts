/**
 * Runs in a thread for each picture: gets its SVG, and answers with its PNG.
 */
import { renderAsync } from "@resvg/resvg-js";
import { parentPort, workerData } from "node:worker_threads";
import { FONTS } from "./fonts.ts";

// Each character that another font has would be a warning on the terminal.
const image = await renderAsync(workerData, { font: FONTS, logLevel: "off" });
parentPort?.postMessage(image.asPng());
