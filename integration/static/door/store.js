/* What the phone keeps: its doors, its scans, a sealed roster, and which camera was used. Digests and numbers only. */

const NAME = "delaktig-door";
const STORES = {
  doors: { keyPath: "id" },
  scans: { keyPath: "n", autoIncrement: true },
  rosters: { keyPath: "door" },
  kept: {},
};

let opening = null;

function open() {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      for (const [name, options] of Object.entries(STORES)) {
        request.result.createObjectStore(name, options);
      }
    };
    request.onsuccess = () => {
      request.result.onversionchange = () => request.result.close();
      resolve(request.result);
    };
    request.onerror = () => reject(request.error);
  });
  return opening;
}

/* One transaction on one store; the promise is kept when it is on the disk. */
async function change(store, act, mode = "readwrite") {
  const transaction = (await open()).transaction(store, mode);
  const request = act(transaction.objectStore(store));
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(request?.result);
    transaction.onabort = transaction.onerror = () => reject(transaction.error);
  });
}

export const put = (store, value, key) => change(store, (rows) => rows.put(value, key));
export const get = (store, key) => change(store, (rows) => rows.get(key), "readonly");
export const all = (store) => change(store, (rows) => rows.getAll(), "readonly");
export const remove = (store, key) => change(store, (rows) => rows.delete(key));

/* Write many rows in one transaction. */
export const putAll = (store, values) =>
  change(store, (rows) => {
    values.forEach((value) => rows.put(value));
    return null;
  });

/* Remember that this phone is a door, and make it the one in use. */
export async function keepDoor(door) {
  await put("doors", door);
  await put("kept", door.id, "door");
  navigator.storage?.persist?.().catch(() => false);
}

/* The door in use, if this phone is one. */
export async function currentDoor() {
  const id = await get("kept", "door");
  return id ? get("doors", id) : undefined;
}
