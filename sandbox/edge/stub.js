// Stands in for a binding that the sandbox does not serve: it may be passed round, and throws when used.
const inert = (property) =>
  typeof property === "symbol" || property === "then" || property === "toJSON" || property in Object.prototype;

export default function stub({ SAYS }) {
  const used = () => {
    console.warn(SAYS);
    throw new Error(SAYS);
  };
  return new Proxy(
    {},
    {
      get: (target, property) => (inert(property) ? Reflect.get(target, property) : used()),
      set: used,
      deleteProperty: used,
      defineProperty: used,
    },
  );
}
