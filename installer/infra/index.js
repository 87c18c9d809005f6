// What Pulumi loads when another language uses these components. Plain JavaScript, since Pulumi hands every .ts file
// that it requires to ts-node, which knows no ES modules; Node itself strips the types of what is imported from here.
export * from "./index.ts"
