import {z} from "zod"
import {isSupported} from "../compatibility.ts"
import type {Recipe} from "../recipe.ts"
import {chartDir, fromFolder, version} from "./fields.ts"

const args = z.strictObject({
	version: version("1.6.1"),
	channel: z.enum(["standard", "experimental"]).default("standard"),
	chartDir,
})

export const gatewayApi: Recipe<z.infer<typeof args>> = {
	token: "heddle:index:GatewayApi",
	args,
	problems: ({version}) => isSupported("gateway-api", version),
	parts: ({version, channel, chartDir}) => [{from: "gateway-api", version, channel, ...fromFolder(chartDir)}],
}
