/* The camera in the page: the rear one by default, the screen kept awake, and every code that comes into view told once. */

const EVERY = 90;
const GONE_AFTER = 1500;
const WANTED = { facingMode: { ideal: "environment" }, width: { ideal: 1280 }, height: { ideal: 720 } };

export class Camera {
  constructor(video, onCode) {
    this.video = video;
    this.onCode = onCode;
    this.current = null;
    this.seenAt = 0;
  }

  /* Ask for the camera and begin to look; false when there is none or nobody may use it. */
  async start(readerPromise) {
    try {
      this.video.srcObject = await navigator.mediaDevices.getUserMedia({ audio: false, video: WANTED });
      await this.video.play();
    } catch {
      return false;
    }
    keepAwake();
    document.addEventListener("visibilitychange", keepAwake);
    this.look(await readerPromise);
    return true;
  }

  async look(read) {
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, EVERY));
      if (document.hidden || !this.video.videoWidth) {
        continue;
      }
      try {
        this.see(await read(this.video), performance.now());
      } catch {
        /* One picture that cannot be read never stops the door. */
      }
    }
  }

  /* A code that stays in view is told once; it may come again when it has been away for a moment. */
  see(text, now) {
    if (text && (text !== this.current || now - this.seenAt > GONE_AFTER)) {
      this.current = text;
      this.seenAt = now;
      this.onCode(text);
    } else if (text) {
      this.seenAt = now;
    }
  }
}

async function keepAwake() {
  if (!document.hidden) {
    await navigator.wakeLock?.request("screen").catch(() => null);
  }
}
