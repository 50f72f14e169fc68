export const COMMANDS = [
  { name: "hello", description: "Says hello" },
  { name: "announce", description: "Tells everybody", options: [] },
];
