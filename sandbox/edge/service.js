// Stands before another worker: requests go through, and methods, which are not served, are refused by name.
const inert = (property) =>
  typeof property === "symbol" || property === "then" || property === "toJSON" || property in Object.prototype;

export default function service({ NAME, WORKER }) {
  return new Proxy(WORKER, {
    get(worker, property) {
      if (property === "fetch") return worker.fetch.bind(worker);
      if (inert(property)) return Reflect.get(Object.prototype, property);
      throw new Error(`${NAME}.${property}: the sandbox serves fetch of a service binding and no other method`);
    },
  });
}
