import {expect, test} from "vitest"
import {snapshotOf} from "../../profiles/snapshot/snapshot.ts"
import {webhook} from "../../profiles/testing/builders.ts"
import {runPure} from "./run.ts"

/** Self-signed, without its key, valid from 22 November 2026 to 22 November 2027. */
const authority =
	"LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSUJiekNDQVJXZ0F3SUJBZ0lVZStWOFR5UHViOHB0SzA1M3hyN0xEb0lTOEdRd0NnWUlLb1pJemowRUF3SXcKRFRFTE1Ba0dBMVVFQXd3Q1kyRXdIaGNOTWpZeE1USXlNakV6T0RRM1doY05NamN4TVRJeU1qRXpPRFEzV2pBTgpNUXN3Q1FZRFZRUUREQUpqWVRCWk1CTUdCeXFHU000OUFnRUdDQ3FHU000OUF3RUhBMElBQlBhcDQ1bUhhd0tOClp6Q0FyTXN4cTBCbExXU3RmQlkwL1ZFZHQ5dnp6aVA5dHFqekw5aENEdnF5U0NpUjROTTNoRkRIb0ZUT0lSNjYKL2U4bTlSbHUwaCtqVXpCUk1CMEdBMVVkRGdRV0JCUjUxZ1FIZnBla3pVYXhTbGpHcHJ2cVJyWk9UREFmQmdOVgpIU01FR0RBV2dCUjUxZ1FIZnBla3pVYXhTbGpHcHJ2cVJyWk9UREFQQmdOVkhSTUJBZjhFQlRBREFRSC9NQW9HCkNDcUdTTTQ5QkFNQ0EwZ0FNRVVDSVFEend6dUZ3bWc0NnZaV2NFT0NOTnNHK0dSWTI3R0IyUWF2ZVBWWTVUbGUKL0FJZ2Q1U0VhLzR1WFpndmJFd1pwdy91RjdBMkk4eXYzRFZpT1FyVzloRWw2aE09Ci0tLS0tRU5EIENFUlRJRklDQVRFLS0tLS0K"

const stateOf = (id: string, caBundle: string, now: string) =>
	runPure({
		snapshot: snapshotOf([webhook("istio-sidecar-injector", {caBundle})]),
		profiles: [],
		fromCluster: false,
		now: new Date(now),
	}).find((one) => one.id === id)

test.each<[string, string, string, readonly string[]]>([
	["valid for long", authority, "2026-12-01", []],
	["valid for 21 days more", authority, "2027-11-01", ["webhook-certificate-expiry"]],
	["expired", authority, "2027-12-01", ["webhook-certificate"]],
	["no certificate at all", "Y2E=", "2026-12-01", ["webhook-certificate"]],
	["empty, as before istiod has written it", "", "2026-12-01", ["webhook-certificate"]],
])("an injector's authority: %s", (_name, bundle, now, failed) => {
	for (const id of ["webhook-certificate", "webhook-certificate-expiry"])
		expect(stateOf(id, bundle, now)?.state).toBe(failed.includes(id) ? "failed" : "passed")
})

test("the message names the day", () => {
	const found = stateOf("webhook-certificate-expiry", authority, "2027-11-01")
	expect(found?.findings[0]?.message).toContain("2027-11-22")
})
