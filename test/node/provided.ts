declare module "vitest" {
	interface ProvidedContext {
		/** The name of the sandbox of size node that the tests of this run share. */
		node: string
	}
}

export {}
