// Plain JavaScript, because an older Node cannot read the TypeScript that follows: it says so in one sentence and stops.
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(
    `peer-vpcs needs Node 22.18 or newer and found ${process.versions.node}. On Linux x64 and arm64 \`npm ci\` brings its own, which \`npm start\`, \`npm run demo\` and \`npm run sandbox\` use; elsewhere install Node 24 from https://nodejs.org and try again.`,
  );
  process.exit(1);
}
