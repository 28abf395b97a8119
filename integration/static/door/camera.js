/* The camera in the page: the rear one at first, afterwards the one used last; every code that comes into view is told once. */

import { get, put } from "./store.js";

const EVERY = 60;
const GONE_AFTER = 1500;
const SIZE = { width: { ideal: 1280 }, height: { ideal: 720 } };

export class Camera {
  constructor(video, onCode, onLight) {
    this.video = video;
    this.onCode = onCode;
    this.onLight = onLight;
    this.current = null;
    this.seenAt = 0;
    this.lit = false;
    this.firstLook = new Promise((resolve) => (this.looked = resolve));
    document.addEventListener("visibilitychange", () => this.wake());
  }

  /* Ask for the camera and begin to look; false when there is none or nobody may use it. */
  async start(reader) {
    if (!(await this.open(await get("kept", "camera").catch(() => null)))) {
      return false;
    }
    this.look(await reader);
    return true;
  }

  async open(deviceId) {
    const wishes = deviceId ? [{ deviceId: { exact: deviceId } }, { facingMode: { ideal: "environment" } }] : [{ facingMode: { ideal: "environment" } }];
    for (const wish of wishes) {
      try {
        const stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: { ...SIZE, ...wish } });
        this.stop();
        this.video.srcObject = stream;
        [this.track] = stream.getVideoTracks();
        await this.video.play();
        return true;
      } catch {
        /* The camera of last time may be gone; any other will do. */
      }
    }
    return false;
  }

  stop() {
    this.track?.stop();
    this.tellLight(false);
  }

  /* Take the next of several cameras, and remember it. */
  async next() {
    const cameras = await this.cameras();
    const used = cameras.findIndex((each) => each.deviceId === this.track?.getSettings().deviceId);
    const { deviceId } = cameras[(used + 1) % cameras.length];
    if (await this.open(deviceId)) {
      await put("kept", deviceId, "camera");
    }
  }

  async cameras() {
    const devices = (await navigator.mediaDevices?.enumerateDevices?.()) ?? [];
    return devices.filter((each) => each.kind === "videoinput");
  }

  get hasTorch() {
    return Boolean(this.track?.getCapabilities?.().torch);
  }

  async light(lit) {
    await this.track.applyConstraints({ advanced: [{ torch: lit }] });
    this.tellLight(lit);
  }

  tellLight(lit) {
    this.lit = lit;
    this.onLight(lit);
  }

  /* Back from the pocket: some phones end the camera, or put out its light, while the page is hidden. */
  async wake() {
    if (document.hidden || !this.track) {
      return;
    }
    const { lit } = this;
    if (this.track.readyState === "ended") {
      await this.open(await get("kept", "camera").catch(() => null));
    }
    if (lit) {
      await this.light(true).catch(() => this.tellLight(false));
    }
  }

  async look(reader) {
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, EVERY));
      if (document.hidden || !this.video.videoWidth) {
        continue;
      }
      try {
        this.see(await reader.read(this.video), performance.now());
      } catch {
        /* One picture that cannot be read never stops the door. */
      }
      this.looked();
    }
  }

  /* A code that stays in view is told once; it may come again when it has been away for a moment. */
  see(text, now) {
    if (text && (text !== this.current || now - this.seenAt > GONE_AFTER)) {
      this.current = text;
      this.seenAt = now;
      performance.mark("code read");
      this.onCode(text);
    } else if (text) {
      this.seenAt = now;
    }
  }
}
