/* Decoding beside the page, so that its keys answer while a difficult picture is read. */

import { Decoder } from "./decoder.js";

const decoder = import(decodeURIComponent(location.hash.slice(1))).then(({ decodeQR }) => new Decoder(decodeQR));
/* Without a network it may not come: whoever asks is told so, and until somebody does it is nobody's error. */
decoder.catch(() => null);

addEventListener("message", async ({ data }) => {
  try {
    const mine = await decoder;
    if (data.picture) {
      const { width, height } = data.picture;
      postMessage({ text: await mine.read(data.picture, width, height) });
      data.picture.close();
    } else {
      postMessage({ thorough: await mine.arrive(data.glue, data.wasm) });
    }
  } catch (error) {
    postMessage({ failed: String(error) });
  }
});
