import {request} from "node:http"

/** Whether a program of the sandbox answers a health check with 200. */
export function answersOk(port: number, path: string): Promise<boolean> {
	return new Promise((resolve) => {
		const sent = request({host: "127.0.0.1", port, path, timeout: 1000}, (answer) => {
			answer.resume()
			resolve(answer.statusCode === 200)
		})
		sent.once("error", () => resolve(false))
		sent.once("timeout", () => sent.destroy())
		sent.end()
	})
}
