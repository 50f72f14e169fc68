/**
 * Puts something around the `fetch` of any bot, and passes everything else of it through.
 *
 * `around({ request, env, ctx, next })` makes the answer; `next(request?, env?)` asks the bot itself, with
 * another request or other bindings where they are given.
 */

/** `main` is the bot's default export: an object with handlers, an app with methods, or an entrypoint class. */
export function wrapFetch(main, around) {
  if (typeof main === "function" && main.prototype) return wrappedClass(main, around);
  if (typeof main?.fetch === "function") return wrappedObject(main, around);
  throw new TypeError("the bot's main module has no default export with a fetch handler");
}

function wrappedObject(main, around) {
  const fetch = (request, env, ctx) =>
    around({ request, env, ctx, next: (other = request, bindings = env) => main.fetch(other, bindings, ctx) });
  return { ...passedThrough(main), fetch };
}

function wrappedClass(Main, around) {
  return class extends Main {
    async fetch(request) {
      const { env, ctx } = this;
      const own = (other) => super.fetch(other);
      const next = (other = request, bindings = env) =>
        bindings === env ? own(other) : new Main(ctx, bindings).fetch(other);
      return around({ request, env, ctx, next });
    }
  };
}

/** Handlers can sit on the object or on its class, and may need their own `this`. */
function passedThrough(main) {
  const members = {};
  for (let owner = main; owner && owner !== Object.prototype; owner = Object.getPrototypeOf(owner)) {
    for (const name of Object.getOwnPropertyNames(owner)) {
      if (name === "constructor" || Object.hasOwn(members, name)) continue;
      members[name] = typeof main[name] === "function" ? main[name].bind(main) : main[name];
    }
  }
  return members;
}
